package io.sessionizer.visits;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sessionizer.formats.AttributeDefinition;
import io.sessionizer.formats.FormatFile;
import io.sessionizer.formats.InputFormat;
import io.sessionizer.formats.SyntaxException;
import io.sessionizer.generator.Traffic;
import io.sessionizer.generator.TrafficMix;
import io.sessionizer.generator.VisitGenerator;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.apache.beam.sdk.util.CoderUtils;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What a visit costs until it is in a session: reading its JSON, and going through a coder. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class VisitBenchmark {
  private static final int VISITS = 1024;
  private static final int MAX_RECORD_BYTES = 1 << 20;

  private final VisitParser parser =
      new VisitParser(MAX_RECORD_BYTES, Duration.ofHours(1), Clock.systemUTC());
  private final PackedRecord.Writer packer = new PackedRecord.Writer(parser);
  private final PackedRecord.Writer segmentPacker = packer("segment");
  private final PackedRecord.Writer attributePacker =
      packer(
          "segment",
          "library=distinct(/context/library/name)",
          "hosts=distinct(host(/context/page/url))",
          "articles=count(/context/page/title contains \"article\")");
  private final PackedRecord.Writer logPacker = packer("combined");
  private final PackedRecord.Writer tsvPacker = packer("snowplow-tsv");
  private final byte[][] values = new byte[VISITS][];
  private final byte[][] segmentEvents = new byte[VISITS][];
  private final byte[][] logLines = new byte[VISITS][];
  private final byte[][] tsvLines = new byte[VISITS][];
  private final Visit[] visits = new Visit[VISITS];
  private int next;

  /** Makes up visits. */
  @Setup
  public void generate() throws RejectedVisitException {
    Traffic traffic =
        new Traffic(VISITS, 100, Instant.parse("2024-01-01T00:00:00Z"), 1, TrafficMix.ALL_ON_TIME);
    VisitGenerator generator = new VisitGenerator(traffic);
    VisitGenerator tsvGenerator = new VisitGenerator(traffic, "snowplow-tsv");
    for (int i = 0; i < VISITS; i++) {
      values[i] = generator.next().value();
      visits[i] = VisitJson.parse(values[i]);
      segmentEvents[i] = segmentEvent(visits[i]);
      logLines[i] = logLine(visits[i]);
      tsvLines[i] = tsvGenerator.next().value();
    }
  }

  private static PackedRecord.Writer packer(String format, String... attributes) {
    List<String> problems = new ArrayList<>();
    InputFormat read = FormatFile.read(format, problems).inputFormat(problems);
    for (String attribute : attributes) {
      try {
        read =
            read.withProjected(
                AttributeDefinition.projected(List.of(AttributeDefinition.parse(attribute))));
      } catch (SyntaxException e) {
        problems.add(e.getMessage());
      }
    }
    if (!problems.isEmpty()) {
      throw new IllegalStateException(problems.toString());
    }
    return new PackedRecord.Writer(
        new VisitParser(read, MAX_RECORD_BYTES, Duration.ofHours(1), Clock.systemUTC()));
  }

  /** A page call of the Segment Spec, about as long as a generated visit. */
  private static byte[] segmentEvent(Visit visit) {
    return """
        {"anonymousId":"%s","context":{"ip":"192.0.2.7","library":{"name":"analytics.js","version":"4.1.0"},\
        "page":{"path":"/%s","title":"A page","url":"https://shop.example/%s"},"userAgent":"Mozilla/5.0"},\
        "messageId":"ajs-next-1704067200007-%s","originalTimestamp":"%s","receivedAt":"%s","sentAt":"%s",\
        "timestamp":"%s","type":"page","userId":"%s"}"""
        .formatted(
            visit.visitId(),
            visit.page(),
            visit.page(),
            visit.visitId(),
            time(visit),
            time(visit),
            time(visit),
            time(visit),
            visit.userId())
        .getBytes(UTF_8);
  }

  /** A line of an access log. */
  private static byte[] logLine(Visit visit) {
    String time =
        DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ENGLISH)
            .format(Instant.ofEpochMilli(visit.eventTimeMillis()).atZone(ZoneOffset.UTC));
    return "192.0.2.7 - %s [%s] \"GET /%s HTTP/1.1\" 200 5120 \"https://shop.example/\" \"Mozilla/5.0 (X11) %s\""
        .formatted(visit.userId(), time, visit.page(), visit.visitId())
        .getBytes(UTF_8);
  }

  private static Instant time(Visit visit) {
    return Instant.ofEpochMilli(visit.eventTimeMillis());
  }

  /** Reads JSON as the consumer of a job does. */
  @Benchmark
  public byte[] pack() {
    byte[] value = values[index()];
    return packer.pack(value, 0, value.length);
  }

  /** Reads events of the format {@code segment} as the consumer of a job does. */
  @Benchmark
  public byte[] packSegment() {
    byte[] value = segmentEvents[index()];
    return segmentPacker.pack(value, 0, value.length);
  }

  /** Reads the same events with the fields that three attributes need. */
  @Benchmark
  public byte[] packWithAttributes() {
    byte[] value = segmentEvents[index()];
    return attributePacker.pack(value, 0, value.length);
  }

  /** Reads lines of the format {@code combined} as the consumer of a job does. */
  @Benchmark
  public byte[] packCombined() {
    byte[] value = logLines[index()];
    return logPacker.pack(value, 0, value.length);
  }

  /** Reads lines of the format {@code snowplow-tsv} as the consumer of a job does. */
  @Benchmark
  public byte[] packTsv() {
    byte[] value = tsvLines[index()];
    return tsvPacker.pack(value, 0, value.length);
  }

  /** Reads JSON into a visit. */
  @Benchmark
  public ParsedRecord parse() {
    return parser.parse(values[index()]);
  }

  /** Writes a visit by its coder, and reads it back. */
  @Benchmark
  public Visit code() throws Exception {
    VisitCoder coder = VisitCoder.of();
    return CoderUtils.decodeFromByteArray(
        coder, CoderUtils.encodeToByteArray(coder, visits[index()]));
  }

  private int index() {
    next = (next + 1) % VISITS;
    return next;
  }
}
