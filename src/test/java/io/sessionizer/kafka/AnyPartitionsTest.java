package io.sessionizer.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.kafka.common.TopicPartition;

/**
 * Three partitions of a replay, each read by one of three JVMs, which hear of each other. The model
 * is one JVM that reads all of them.
 */
class AnyPartitionsTest {
  private static final long REPLAYED = 1_704_067_200_000L;
  private static final long NOW = 1_793_491_200_000L;
  private static final long NEVER = BoundedWindow.TIMESTAMP_MIN_VALUE.getMillis();
  private static final WatermarkRules RULES =
      new WatermarkRules(
          Duration.ofMinutes(1), Duration.ofSeconds(30), Duration.ofMinutes(31), false);

  /** Something that happens to a partition, some time after what happened before. */
  private sealed interface Step {
    int partition();

    Duration after();
  }

  private record Read(int partition, Duration after, Duration eventTime) implements Step {}

  private record Ask(int partition, Duration after, long backlog) implements Step {}

  /** All JVMs hear of the partition. */
  private record Tell(int partition, Duration after) implements Step {}

  @Property
  void thatHearOfEachOtherAtOnceStandAsInOneJvm(
      @ForAll("jvms") List<Integer> jvms, @ForAll("steps") List<Step> steps) {
    Jvms several = new Jvms(jvms);
    Jvms one = new Jvms(List.of(0, 0, 0));
    for (Step step : steps) {
      assertEquals(one.take(step), several.take(step), step::toString);
      several.tellAll();
    }
  }

  @Property
  void thatHearOfEachOtherNowAndThenNeitherGoBackNorPassTheHorizon(
      @ForAll("jvms") List<Integer> jvms, @ForAll("steps") List<Step> steps) {
    Jvms several = new Jvms(jvms);
    long[] last = {NEVER, NEVER, NEVER};
    for (Step step : steps) {
      long watermark = several.take(step);
      assertTrue(watermark >= last[step.partition()], () -> step + " goes back");
      assertTrue(watermark <= several.horizon(), () -> step + " passes the horizon");
      last[step.partition()] = watermark;
    }
  }

  @Property
  void thatAreSilentGetToTheHorizonOfTheNewestWhicheverReadIt(
      @ForAll("jvms") List<Integer> jvms, @ForAll("steps") List<Step> steps) {
    Jvms several = new Jvms(jvms);
    steps.forEach(several::take);
    Duration longAfter = Duration.ofDays(1);
    for (int look = 0; look < 40; look++) {
      several.take(new Ask(look % 3, Duration.ofSeconds(1), 0));
    }
    for (int round = 0; round < 2; round++) {
      IntStream.range(0, 3).forEach(p -> several.take(new Ask(p, longAfter, 0)));
      several.tellAll();
    }
    for (int partition = 0; partition < 3; partition++) {
      assertEquals(several.horizon(), several.take(new Ask(partition, Duration.ZERO, 0)));
    }
  }

  @Property
  void thatWereNeverWrittenReachTheOneThatIsReadOnceTheyHearOfIt(
      @ForAll("jvms") List<Integer> jvms, @ForAll("eventTimes") List<Duration> eventTimes) {
    Jvms several = new Jvms(jvms);
    several.take(new Ask(1, Duration.ofMinutes(1), 0));
    several.take(new Ask(2, Duration.ZERO, 0));
    for (Duration eventTime : eventTimes) {
      several.take(new Read(0, Duration.ofSeconds(1), eventTime));
      long read = several.take(new Ask(0, Duration.ZERO, 5));
      several.take(new Tell(0, Duration.ZERO));
      assertEquals(read, several.take(new Ask(1, Duration.ZERO, 0)));
      assertEquals(read, several.take(new Ask(2, Duration.ZERO, 0)));
    }
  }

  @Provide
  Arbitrary<List<Integer>> jvms() {
    return Arbitraries.integers().between(0, 2).list().ofSize(3);
  }

  @Provide
  Arbitrary<List<Duration>> eventTimes() {
    return eventTime().list().ofMinSize(1).ofMaxSize(10);
  }

  @Provide
  Arbitrary<List<Step>> steps() {
    Arbitrary<Integer> partition = Arbitraries.integers().between(0, 2);
    Arbitrary<Duration> after =
        Arbitraries.of(0, 1, 10, 29, 30, 60, 599, 601).map(Duration::ofSeconds);
    Arbitrary<Step> read = Combinators.combine(partition, after, eventTime()).as(Read::new);
    Arbitrary<Step> ask =
        Combinators.combine(partition, after, Arbitraries.of(0L, 1L, 5L)).as(Ask::new);
    Arbitrary<Step> tell = Combinators.combine(partition, after).as(Tell::new);
    return Arbitraries.oneOf(read, ask, ask, tell).list().ofMaxSize(40);
  }

  private static Arbitrary<Duration> eventTime() {
    return Arbitraries.integers().between(0, 36_000).map(Duration::ofSeconds);
  }

  private static TopicPartition name(int partition) {
    return new TopicPartition("visits", partition);
  }

  private static final class Jvms {
    private final List<PartitionWatermarks> all =
        Stream.generate(() -> new PartitionWatermarks(RULES)).limit(3).toList();
    private final List<PartitionWatermarks> of;
    private long now = NOW;
    private long newest = NEVER;

    /** {@code of} says which JVM reads a partition. */
    Jvms(List<Integer> of) {
      this.of = of.stream().map(all::get).toList();
      for (int partition = 0; partition < 3; partition++) {
        this.of.get(partition).open(name(partition), OptionalLong.empty(), now);
      }
    }

    /** Returns the partition's watermark after the step. */
    long take(Step step) {
      now += step.after().toMillis();
      TopicPartition name = name(step.partition());
      PartitionWatermarks jvm = of.get(step.partition());
      if (step instanceof Read read) {
        long eventTime = REPLAYED + read.eventTime().toMillis();
        newest = Math.max(newest, eventTime);
        jvm.visitRead(name, eventTime, now, now);
      } else if (step instanceof Ask ask) {
        jvm.watermark(name, ask.backlog(), now);
      } else {
        tell(step.partition());
      }
      return jvm.lastWatermark(name);
    }

    void tellAll() {
      IntStream.range(0, 3).forEach(this::tell);
    }

    private void tell(int partition) {
      PartitionProgress progress = of.get(partition).progress(name(partition)).orElseThrow();
      all.forEach(jvm -> jvm.received(name(partition), progress));
    }

    long horizon() {
      return newest == NEVER ? NEVER : newest + RULES.horizon().toMillis();
    }
  }
}
