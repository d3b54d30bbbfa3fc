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
 * Three partitions of a replay, each read by one of three JVMs, which receive reports about each
 * other. The model is one JVM that reads all of them.
 */
class AnyPartitionsTest {
  private static final long REPLAYED = 1_704_067_200_000L;
  private static final long NOW = 1_793_491_200_000L;
  private static final long NEVER = BoundedWindow.TIMESTAMP_MIN_VALUE.getMillis();
  private static final WatermarkRules RULES =
      new WatermarkRules(
          Duration.ofMinutes(1), Duration.ofSeconds(30), Duration.ofMinutes(31), false);

  /** Something that happens to a partition, some time after the step before. */
  private sealed interface Step {
    int partition();

    Duration after();
  }

  private record Read(int partition, Duration after, Duration eventTime) implements Step {}

  private record FilteredRead(int partition, Duration after) implements Step {}

  private record Check(int partition, Duration after, long backlog) implements Step {}

  /** All JVMs receive a report about the partition. */
  private record ProgressReport(int partition, Duration after) implements Step {}

  @Property
  void immediateReportsEqualOneJvm(
      @ForAll("jvms") List<Integer> jvms, @ForAll("steps") List<Step> steps) {
    Jvms several = new Jvms(jvms);
    Jvms one = new Jvms(List.of(0, 0, 0));
    for (Step step : steps) {
      assertEquals(one.apply(step), several.apply(step), step::toString);
      several.reportAll();
    }
  }

  @Property
  void neverGoBackNorPassHorizon(
      @ForAll("jvms") List<Integer> jvms, @ForAll("steps") List<Step> steps) {
    Jvms several = new Jvms(jvms);
    long[] last = {NEVER, NEVER, NEVER};
    for (Step step : steps) {
      long watermark = several.apply(step);
      assertTrue(watermark >= last[step.partition()], () -> step + " goes back");
      assertTrue(watermark <= several.horizon(), () -> step + " passes the horizon");
      last[step.partition()] = watermark;
    }
  }

  @Property
  void silentPartitionsReachHorizon(
      @ForAll("jvms") List<Integer> jvms, @ForAll("steps") List<Step> steps) {
    Jvms several = new Jvms(jvms);
    steps.forEach(several::apply);
    Duration longAfter = Duration.ofDays(1);
    for (int i = 0; i < 40; i++) {
      several.apply(new Check(i % 3, Duration.ofSeconds(1), 0));
    }
    for (int round = 0; round < 2; round++) {
      IntStream.range(0, 3).forEach(p -> several.apply(new Check(p, longAfter, 0)));
      several.reportAll();
    }
    for (int partition = 0; partition < 3; partition++) {
      assertEquals(several.horizon(), several.apply(new Check(partition, Duration.ZERO, 0)));
    }
  }

  @Property
  void unwrittenPartitionsFollowReports(
      @ForAll("jvms") List<Integer> jvms, @ForAll("eventTimes") List<Duration> eventTimes) {
    Jvms several = new Jvms(jvms);
    several.apply(new Check(1, Duration.ofMinutes(1), 0));
    several.apply(new Check(2, Duration.ZERO, 0));
    for (Duration eventTime : eventTimes) {
      several.apply(new Read(0, Duration.ofSeconds(1), eventTime));
      long read = several.apply(new Check(0, Duration.ZERO, 5));
      several.apply(new ProgressReport(0, Duration.ZERO));
      assertEquals(read, several.apply(new Check(1, Duration.ZERO, 0)));
      assertEquals(read, several.apply(new Check(2, Duration.ZERO, 0)));
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
    Arbitrary<Step> filtered = Combinators.combine(partition, after).as(FilteredRead::new);
    Arbitrary<Step> check =
        Combinators.combine(partition, after, Arbitraries.of(0L, 1L, 5L)).as(Check::new);
    Arbitrary<Step> report = Combinators.combine(partition, after).as(ProgressReport::new);
    return Arbitraries.oneOf(read, filtered, check, check, report).list().ofMaxSize(40);
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

    /** {@code of} is the JVM that reads each partition. */
    Jvms(List<Integer> of) {
      this.of = of.stream().map(all::get).toList();
      for (int partition = 0; partition < 3; partition++) {
        this.of.get(partition).open(name(partition), OptionalLong.empty(), now);
      }
    }

    /** Returns the partition's watermark after the step. */
    long apply(Step step) {
      now += step.after().toMillis();
      TopicPartition name = name(step.partition());
      PartitionWatermarks jvm = of.get(step.partition());
      if (step instanceof Read read) {
        long eventTime = REPLAYED + read.eventTime().toMillis();
        newest = Math.max(newest, eventTime);
        jvm.visitRead(name, eventTime, now, now);
      } else if (step instanceof FilteredRead) {
        jvm.filteredRead(name, now, now);
      } else if (step instanceof Check check) {
        jvm.watermark(name, check.backlog(), now);
      } else {
        report(step.partition());
      }
      return jvm.lastWatermark(name);
    }

    void reportAll() {
      IntStream.range(0, 3).forEach(this::report);
    }

    private void report(int partition) {
      PartitionProgress progress = of.get(partition).progress(name(partition)).orElseThrow();
      all.forEach(jvm -> jvm.received(name(partition), progress));
    }

    long horizon() {
      return newest == NEVER ? NEVER : newest + RULES.horizon().toMillis();
    }
  }
}
