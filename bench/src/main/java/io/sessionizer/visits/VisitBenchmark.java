package io.sessionizer.visits;

import io.sessionizer.generator.Traffic;
import io.sessionizer.generator.TrafficMix;
import io.sessionizer.generator.VisitGenerator;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
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
  private final byte[][] values = new byte[VISITS][];
  private final Visit[] visits = new Visit[VISITS];
  private int next;

  /** Makes up visits. */
  @Setup
  public void generate() throws RejectedVisitException {
    VisitGenerator generator =
        new VisitGenerator(
            new Traffic(
                VISITS, 100, Instant.parse("2024-01-01T00:00:00Z"), 1, TrafficMix.ALL_ON_TIME));
    for (int i = 0; i < VISITS; i++) {
      values[i] = generator.next().value();
      visits[i] = VisitJson.parse(values[i]);
    }
  }

  /** Reads JSON as the consumer of a job does. */
  @Benchmark
  public byte[] pack() {
    byte[] value = values[index()];
    return packer.pack(value, 0, value.length);
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
