package io.sessionizer.watch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sessionizer.config.NotReadyException;
import io.sessionizer.config.Settings;
import io.sessionizer.explain.Investigation;
import io.sessionizer.explain.Line;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.KafkaException;

/**
 * The explanation of a visit id as events: how many records were read, again and again, and then
 * either the lines or a problem. One visit id is explained at a time, since all topics are read for
 * it; when the browser disconnects, reading stops.
 */
final class ExplainEvents implements WebServer.EventSource {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** As long as the longest visit id that a job accepts. */
  private static final int LONGEST_VISIT_ID = 4096;

  private static final int MOST_LINES = 2000;
  private static final Duration BETWEEN_EVENTS = Duration.ofMillis(200);

  /** How long to wait for another explanation to finish, or to notice that it is not wanted. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final Settings settings;
  private final Semaphore running = new Semaphore(1);

  /** How many of how many records were read. */
  private record Progress(long read, long size) {}

  /**
   * The explanation.
   *
   * @param more how many lines there are beyond these
   */
  private record Explained(List<Line> lines, int more) {}

  private record Problem(String problem) {}

  ExplainEvents(Settings settings) {
    this.settings = settings;
  }

  @Override
  public void send(Map<String, String> parameters, WebServer.EventReceiver receiver)
      throws IOException {
    String visitId = parameters.getOrDefault("visitId", "");
    if (visitId.isBlank() || visitId.length() > LONGEST_VISIT_ID) {
      receiver.send(json(new Problem("visitId: from 1 to " + LONGEST_VISIT_ID + " characters")));
      return;
    }
    if (!acquire()) {
      receiver.send(
          json(new Problem("another visit id is being explained: try again in a moment")));
      return;
    }
    byte[] result;
    try {
      receiver.send(json(new Progress(0, 0)));
      result = json(explain(visitId, receiver));
    } finally {
      running.release();
    }
    receiver.send(result); // A browser may take its time to read it.
  }

  private boolean acquire() throws IOException {
    try {
      return running.tryAcquire(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  /** Returns an {@link Explained} or a {@link Problem}. */
  private Object explain(String visitId, WebServer.EventReceiver receiver) throws IOException {
    try (Investigation investigation = Investigation.of(visitId, settings)) {
      long size = investigation.size();
      long[] sentAt = {System.nanoTime()};
      investigation.read(
          read -> {
            if (System.nanoTime() - sentAt[0] >= BETWEEN_EVENTS.toNanos()) {
              sentAt[0] = System.nanoTime();
              send(new Progress(read, size), receiver);
            }
          });
      if (investigation.isEmpty()) {
        return new Problem(investigation.nothingFound());
      }
      List<Line> lines = investigation.explanation();
      int shown = Math.min(lines.size(), MOST_LINES);
      return new Explained(lines.subList(0, shown), lines.size() - shown);
    } catch (UncheckedIOException e) {
      throw e.getCause(); // The browser has disconnected.
    } catch (NotReadyException | IOException e) {
      return new Problem(String.valueOf(e.getMessage()));
    } catch (KafkaException e) {
      return new Problem("Kafka at " + settings.bootstrapServers() + ": " + e.getMessage());
    }
  }

  private static void send(Progress progress, WebServer.EventReceiver receiver) {
    try {
      receiver.send(json(progress));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] json(Object event) {
    try {
      return JSON.writeValueAsString(event).getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an event is always JSON", e);
    }
  }
}
