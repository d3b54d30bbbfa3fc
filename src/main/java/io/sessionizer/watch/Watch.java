package io.sessionizer.watch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sessionizer.config.NotReadyException;
import io.sessionizer.config.Settings;
import io.sessionizer.records.SourcePosition;
import io.sessionizer.watch.WebServer.BadRequestException;
import io.sessionizer.watch.WebServer.Response;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.common.KafkaException;
import org.checkerframework.checker.nullness.qual.Nullable;

/** A live web page of visits and sessions, from the topics of a job. */
public final class Watch implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> SCRIPTS =
      List.of(
          "echarts.min.js",
          "charts.js",
          "labels.js",
          "address.js",
          "status.js",
          "dialogs.js",
          "watch.js");
  private static final Duration PULSE = Duration.ofMillis(500);
  private static final int MOST_LANES = 200;
  private static final int OVERVIEW_BUCKETS = 240;
  private static final int LONGEST_SEARCH = 200;

  private final Settings settings;
  private final List<String> topics;
  private final int mostVisits;
  private final Timeline timeline;
  private final JobStatus status;
  private final TopicReader reader;
  private final JobMonitor monitor;
  private final RecordLookup records;
  private final WebServer server;
  private final Clock clock = Clock.systemUTC();
  private final String host;

  /**
   * The page's address, and how much it shows.
   *
   * @param host the address to listen on
   * @param port to listen on; 0 for any free port
   * @param mostVisits how many visits it retains at most
   */
  public record Listening(String host, int port, int mostVisits) {
    /** The address that only this machine reaches. */
    public static final String LOOPBACK = "127.0.0.1";

    /** The default of {@link #mostVisits}: some 100 MB of memory. */
    public static final int USUAL_VISITS = 200_000;
  }

  private Watch(Settings settings, List<String> topics, Listening listening)
      throws NotReadyException, IOException {
    this.settings = settings;
    this.topics = topics;
    this.host = listening.host();
    this.mostVisits = listening.mostVisits();
    this.timeline = new Timeline(settings.policy(), mostVisits);
    this.server = new WebServer(listening.host(), listening.port());
    Map<String, Object> client = ExistingTopics.client(settings);
    this.status = new JobStatus(settings.group());
    this.reader = new TopicReader(settings, topics, client, mostVisits, timeline, status);
    this.monitor = new JobMonitor(settings.topics().visits(), client, status);
    this.records = new RecordLookup(client);
  }

  /**
   * Starts to read the topics and to listen.
   *
   * @param settings those of the job
   * @throws NotReadyException if it cannot listen there, or the topics cannot be read
   */
  public static Watch start(Settings settings, Listening listening)
      throws NotReadyException, IOException {
    try {
      Watch watch = new Watch(settings, ExistingTopics.of(settings), listening);
      watch.serve();
      return watch;
    } catch (KafkaException e) {
      throw new NotReadyException(
          "Kafka at " + settings.bootstrapServers() + ": " + e.getMessage());
    }
  }

  /** Returns the page's address. */
  public String address() {
    return "http://%s:%s/".formatted(host.contains(":") ? "[" + host + "]" : host, server.port());
  }

  private void serve() {
    file("/", "index.html", "text/html; charset=utf-8");
    for (String script : SCRIPTS) {
      file("/" + script, script, "text/javascript; charset=utf-8");
    }
    file("/style.css", "style.css", "text/css; charset=utf-8");
    server.get("/api/settings", parameters -> json(settings()));
    server.get("/api/view", this::view);
    server.get(
        "/api/distributions", parameters -> json(timeline.distributions(settings.timeZone())));
    server.get("/api/record", this::record);
    server.events("/api/explain", new ExplainEvents(settings));
    server.events("/api/live", PULSE, () -> bytes(pulse()));
    server.start();
  }

  private void file(String path, String name, String type) {
    byte[] content = resource(name);
    server.get(path, parameters -> new Response(200, type, content));
  }

  /** Returns a file of the page. */
  static byte[] resource(String name) {
    try (InputStream file = Watch.class.getResourceAsStream(name)) {
      if (file == null) {
        throw new IllegalStateException(name + " is not in the jar: build it with Maven");
      }
      return file.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Map<String, Object> settings() {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("brokers", settings.bootstrapServers());
    all.put("topics", settings.topics());
    all.put("gapMillis", settings.policy().gap().toMillis());
    all.put("latenessMillis", settings.policy().allowedLateness().toMillis());
    all.put("outOfOrdernessMillis", settings.maxOutOfOrderness().toMillis());
    all.put("timeZone", settings.timeZone().getId());
    all.put("mostVisits", mostVisits);
    return all;
  }

  /**
   * The state that is sent twice a second.
   *
   * @param backlog how many records this page has still to read
   * @param problem why it cannot read; empty if it can
   */
  private record Pulse(
      Timeline.Numbers numbers,
      @Nullable Long watermark,
      long now,
      long backlog,
      String problem,
      JobStatus.Snapshot job) {}

  private Pulse pulse() {
    long now = clock.millis();
    return new Pulse(
        timeline.numbers(now),
        watermark(),
        now,
        reader.backlog(),
        reader.problem(),
        status.snapshot(now));
  }

  private @Nullable Long watermark() {
    return reader.watermark().isPresent() ? reader.watermark().getAsLong() : null;
  }

  private record Shown(
      Timeline.View view, Timeline.Overview overview, long[] extent, @Nullable Long watermark) {}

  private Response view(Map<String, String> parameters) {
    String text = parameters.getOrDefault("q", "");
    if (text.length() > LONGEST_SEARCH) {
      throw new BadRequestException("q: " + LONGEST_SEARCH + " characters at most");
    }
    long version = version(parameters, "version");
    Timeline.Query query =
        new Timeline.Query(
            number(parameters, "from", Long.MIN_VALUE / 4, Long.MAX_VALUE / 4),
            number(parameters, "to", Long.MIN_VALUE / 4, Long.MAX_VALUE / 4),
            choice(Timeline.Filter.values(), parameters, "show"),
            text,
            choice(Timeline.Order.values(), parameters, "sort"),
            version(parameters, "sortedIn"),
            version,
            (int) number(parameters, "first", 0, Integer.MAX_VALUE),
            (int) number(parameters, "lanes", 1, MOST_LANES),
            (int) number(parameters, "pixels", 1, 10_000));
    return json(
        new Shown(
            timeline.view(query),
            timeline.overview(OVERVIEW_BUCKETS, version),
            timeline.extent(text, version),
            watermark()));
  }

  /** Without one, the newest version is meant. */
  private static long version(Map<String, String> parameters, String name) {
    return parameters.containsKey(name)
        ? number(parameters, name, 0, Long.MAX_VALUE)
        : Long.MAX_VALUE;
  }

  private Response record(Map<String, String> parameters) {
    String topic = parameters.getOrDefault("topic", "");
    if (!topics.contains(topic)) {
      throw new BadRequestException("topic: one of " + topics);
    }
    SourcePosition position =
        new SourcePosition(
            topic,
            (int) number(parameters, "partition", 0, Integer.MAX_VALUE),
            number(parameters, "offset", 0, Long.MAX_VALUE));
    try {
      return records
          .find(position)
          .map(Watch::json)
          .orElse(Response.text(404, "The topic no longer has this record."));
    } catch (KafkaException e) {
      return Response.text(503, "Kafka: " + e.getMessage());
    }
  }

  /** Returns the constant that is named in lower case; the first one if none is. */
  private static <E extends Enum<E>> E choice(
      E[] all, Map<String, String> parameters, String name) {
    String wanted = parameters.getOrDefault(name, lowerCase(all[0]));
    for (E one : all) {
      if (lowerCase(one).equals(wanted)) {
        return one;
      }
    }
    throw new BadRequestException(
        "%s: one of %s, not '%s'"
            .formatted(name, Arrays.stream(all).map(Watch::lowerCase).toList(), wanted));
  }

  private static String lowerCase(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  private static long number(Map<String, String> parameters, String name, long least, long most) {
    String text = parameters.getOrDefault(name, "");
    try {
      long number = Long.parseLong(text);
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // reported below
    }
    throw new BadRequestException(
        "%s: a whole number from %s to %s, not '%s'".formatted(name, least, most, text));
  }

  private static Response json(Object value) {
    return Response.json(bytes(value));
  }

  private static byte[] bytes(Object value) {
    try {
      // Not as bytes at once: Jackson rejects half of a surrogate pair, which a topic may contain.
      return JSON.writeValueAsString(value).getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the state is always JSON", e);
    }
  }

  @Override
  public void close() {
    server.close();
    monitor.close();
    reader.close();
    records.close();
  }
}
