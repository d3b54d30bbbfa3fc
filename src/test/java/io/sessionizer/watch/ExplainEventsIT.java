package io.sessionizer.watch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sessionizer.launch.Flags;
import io.sessionizer.testing.TestKafka;
import io.sessionizer.visits.Visit;
import io.sessionizer.visits.VisitJson;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Explanations of the page, from topics of a real broker. */
class ExplainEventsIT {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final List<JsonNode> events = new ArrayList<>();
  private ExplainEvents explain;

  @BeforeEach
  void writeVisits() throws Exception {
    TestKafka kafka = new TestKafka().createTopics();
    kafka.writeVisits(0, VisitJson.write(new Visit("alpha", 0, "kim", "home")));
    explain = new ExplainEvents(Flags.parse(kafka.flags("--engine=stateful")).settings());
  }

  @Test
  void sendsProgressThenLines() throws Exception {
    explain.send(Map.of("visitId", "alpha"), this::add);
    assertEquals(JSON.readTree("{\"read\":0,\"size\":0}"), events.get(0));
    JsonNode last = events.get(events.size() - 1);
    assertEquals(
        JSON.readTree(
            "{\"style\":\"RESULT\",\"text\":\"alpha: 0 sessions; 1 visit in no session yet\"}"),
        last.path("lines").path(0));
    assertEquals(0, last.path("more").intValue());
  }

  @Test
  void suggestsSimilarVisitId() throws Exception {
    explain.send(Map.of("visitId", "alph"), this::add);
    String problem = events.get(events.size() - 1).path("problem").textValue();
    assertTrue(problem.endsWith("did you mean alpha?"), problem);
  }

  @Test
  void rejectsBlankVisitId() throws Exception {
    explain.send(Map.of("visitId", " "), this::add);
    assertEquals(
        List.of(JSON.readTree("{\"problem\":\"visitId: from 1 to 4096 characters\"}")), events);
  }

  @Test
  void disconnectedBrowserMakesRoomForNext() throws Exception {
    WebServer.EventReceiver gone =
        json -> {
          throw new IOException("disconnected");
        };
    assertThrows(IOException.class, () -> explain.send(Map.of("visitId", "alpha"), gone));
    sendsProgressThenLines();
  }

  @Test
  void explainsOneVisitIdAtATime() throws Exception {
    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch other = new CountDownLatch(1);
    WebServer.EventReceiver slow =
        json -> {
          started.countDown();
          try {
            other.await();
          } catch (InterruptedException e) {
            throw new IOException(e);
          }
        };
    FutureTask<Void> first =
        new FutureTask<>(
            () -> {
              explain.send(Map.of("visitId", "alpha"), slow);
              return null;
            });
    new Thread(first, "first").start();
    started.await();
    explain.send(Map.of("visitId", "alpha"), this::add);
    other.countDown();
    first.get();
    assertEquals(
        List.of(
            JSON.readTree(
                "{\"problem\":\"another visit id is being explained: try again in a moment\"}")),
        events);
  }

  private void add(byte[] json) throws IOException {
    events.add(JSON.readTree(new String(json, UTF_8)));
  }
}
