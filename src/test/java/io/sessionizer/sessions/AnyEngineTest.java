package io.sessionizer.sessions;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sessionizer.records.EndReason;
import io.sessionizer.records.ProjectedFields;
import io.sessionizer.records.Provenance;
import io.sessionizer.records.Session;
import io.sessionizer.records.SessionId;
import io.sessionizer.records.SessionRecord;
import io.sessionizer.records.SessionRecord.Tombstone;
import io.sessionizer.records.SessionRecord.Upsert;
import io.sessionizer.records.SessionStart;
import io.sessionizer.records.SourcePosition;
import io.sessionizer.records.Timing;
import io.sessionizer.records.VisitedPage;
import io.sessionizer.sessions.SessionRules.FieldValue;
import io.sessionizer.testing.Collected;
import io.sessionizer.visits.EventTimeRange;
import io.sessionizer.visits.LateVisit;
import io.sessionizer.visits.LocatedVisit;
import io.sessionizer.visits.Visit;
import io.sessionizer.visits.VisitPacket;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.metrics.MetricsFilter;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TimestampedValue;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Instant;
import org.junit.jupiter.api.Test;

/** When are two visits one session, and when is it emitted: the same with either engine. */
abstract class AnyEngineTest {
  static final SessionPolicy POLICY =
      SessionPolicy.of(Duration.ofMinutes(16), Duration.ofMinutes(15));

  /** 2024-01-01T00:00:00Z. */
  static final long MIDNIGHT = 1_704_067_200_000L;

  static final long MINUTE = 60_000;

  /** How many random orders of random visits are tested. */
  static final int ORDERS = Integer.getInteger("sessionizer.orders", 4);

  private TestStream.Builder<VisitPacket> stream = TestStream.create(VisitPacket.CODER);

  private EarlierJob earlier = EarlierJob.NONE;

  private long consumed;

  /** The engine under test. */
  abstract Engine engine();

  /** The flags of the runner to run on. */
  String[] runner() {
    return new String[] {"--targetParallelism=1"};
  }

  /**
   * The outcome of a script of visits and watermarks.
   *
   * @param changes in the order of emission
   * @param late visits that came too late, if the engine hands them out
   * @param dropped how many visits came too late
   * @param accepted how many visits did not
   * @param retained of how many visit ids, and of how many windows beyond a cap, something is
   *     retained in the end, by the job's metrics
   */
  record EngineOutput(
      List<SessionRecord> changes,
      List<LateVisit> late,
      long dropped,
      long accepted,
      long retained) {}

  @Test
  void visitsJustWithinGapAreOneSession() {
    consume(visit(0, "a"), visit(16 * MINUTE - 1, "b"));
    expect(onTime(page(0, "a"), page(16 * MINUTE - 1, "b")));
  }

  @Test
  void visitsExactlyGapApartAreTwoSessions() {
    consume(visit(0, "a"), visit(16 * MINUTE, "b"));
    expect(onTime(page(0, "a")), onTime(page(16 * MINUTE, "b")));
  }

  @Test
  void chainOfGapStepsIsManySessions() {
    consume(visit(0, "a"), visit(16 * MINUTE, "b"), visit(32 * MINUTE, "c"));
    expect(onTime(page(0, "a")), onTime(page(16 * MINUTE, "b")), onTime(page(32 * MINUTE, "c")));
  }

  @Test
  void visitInBetweenMergesTwoOpenSessions() {
    consume(visit(0, "a"), visit(20 * MINUTE, "c"), visit(10 * MINUTE, "b"));
    expect(onTime(page(0, "a"), page(10 * MINUTE, "b"), page(20 * MINUTE, "c")));
  }

  @Test
  void simultaneousPagesAreKeptAndSorted() {
    consume(visit(0, "b"), visit(0, "a"));
    expect(onTime(page(0, "a"), page(0, "b")));
  }

  @Test
  void keepsExactDuplicate() {
    consume(visit(0, "a"), visit(0, "a"));
    expect(onTime(page(0, "a"), page(0, "a")));
  }

  @Test
  void deduplicationKeepsOne() {
    consume(visit(0, "a"), visit(0, "a"), visit(0, "b"));
    expect(
        new SessionPolicy(POLICY.gap(), POLICY.allowedLateness(), Duration.ofHours(24), 10, true),
        onTime(page(0, "a"), page(0, "b")));
  }

  @Test
  void maxPagesEndsSession() {
    consume(visit(0, "a"), visit(MINUTE, "b"), visit(2 * MINUTE, "c"));
    expect(
        new SessionPolicy(POLICY.gap(), POLICY.allowedLateness(), Duration.ofHours(24), 2, false),
        upsert(1, Timing.ON_TIME, EndReason.MAX_PAGES, page(0, "a"), page(MINUTE, "b")),
        onTime(page(2 * MINUTE, "c")));
  }

  @Test
  void maxDurationEndsSession() {
    consume(visit(0, "a"), visit(10 * MINUTE, "b"), visit(10 * MINUTE + 1, "c"));
    expect(
        new SessionPolicy(
            POLICY.gap(), POLICY.allowedLateness(), Duration.ofMinutes(10), 10, false),
        upsert(1, Timing.ON_TIME, EndReason.MAX_DURATION, page(0, "a"), page(10 * MINUTE, "b")),
        onTime(page(10 * MINUTE + 1, "c")));
  }

  @Test
  void maxBytesEndsSession() {
    consume(visit(0, "a"), visit(MINUTE, "b"), visit(2 * MINUTE, "c"));
    expect(
        withRoomFor(2),
        upsert(1, Timing.ON_TIME, EndReason.MAX_BYTES, page(0, "a"), page(MINUTE, "b")),
        onTime(page(2 * MINUTE, "c")));
  }

  @Test
  void changedValueBeginsSession() {
    consume(visitOf("kim", 0), visitOf(null, MINUTE), visitOf("jo", 2 * MINUTE));
    expect(
        withRules(List.of(VisitField.USER_ID), List.of(), null),
        upsert(1, Timing.ON_TIME, EndReason.changed("user_id"), of("kim", 0), of(null, MINUTE)),
        onTime(of("jo", 2 * MINUTE)));
  }

  @Test
  void changedProjectedFieldBeginsSession() {
    consume(visitOf("/ad", "a", 0), visitOf("/ad", null, MINUTE), visitOf("/ad", "b", 2 * MINUTE));
    expect(
        withRules(List.of(VisitField.named("/ad")), List.of(), null),
        upsert(
            1,
            Timing.ON_TIME,
            EndReason.changed("/ad"),
            visitOf("/ad", "a", 0).visitedPage(),
            visitOf("/ad", null, MINUTE).visitedPage()),
        onTime(visitOf("/ad", "b", 2 * MINUTE).visitedPage()));
  }

  @Test
  void simultaneousVisitsAreSortedByFields() {
    consume(visitOf("/ad", "b", 0), visitOf("/ad", null, 0), visitOf("/ad", "a", 0));
    expect(
        onTime(
            visitOf("/ad", null, 0).visitedPage(),
            visitOf("/ad", "a", 0).visitedPage(),
            visitOf("/ad", "b", 0).visitedPage()));
  }

  @Test
  void sequenceOrdersBeforePage() {
    Visit second = visitOf("a", 2, null);
    Visit first = visitOf("b", 1.5, null);
    consume(second, first);
    expect(onTime(first.visitedPage(), second.visitedPage()));
  }

  @Test
  void deduplicationByEventIdKeepsOne() {
    Visit first = visitOf("a", 1, "x");
    Visit other = visitOf("a", 3, "y");
    consume(visitOf("b", 2, "x"), other, first);
    expect(
        new SessionPolicy(POLICY.gap(), POLICY.allowedLateness(), Duration.ofHours(24), 10, true),
        onTime(first.visitedPage(), other.visitedPage()));
  }

  private static Visit visitOf(String page, double sequence, @Nullable String eventId) {
    ProjectedFields.FieldsWriter fields = new ProjectedFields.FieldsWriter();
    fields.add(ProjectedFields.SEQUENCE, BigDecimal.valueOf(sequence));
    if (eventId != null) {
      fields.add(ProjectedFields.EVENT_ID, eventId);
    }
    return new Visit("visit", MIDNIGHT, "user", page, fields.toFields());
  }

  private static Visit visitOf(String field, @Nullable String value, long afterMidnight) {
    ProjectedFields.FieldsWriter fields = new ProjectedFields.FieldsWriter();
    if (value != null) {
      fields.add(ProjectedFields.id(field), value);
    }
    return new Visit("visit", MIDNIGHT + afterMidnight, "user", "p", fields.toFields());
  }

  @Test
  void valueEndsSession() {
    consume(visit(0, "a"), visit(0, "b"), visit(0, "thanks"), visit(MINUTE, "thanks"));
    expect(
        withRules(List.of(), List.of(new FieldValue(VisitField.PAGE, "thanks")), null),
        upsert(
            1,
            Timing.ON_TIME,
            EndReason.ended("page", "thanks"),
            page(0, "a"),
            page(0, "b"),
            page(0, "thanks")),
        upsert(1, Timing.ON_TIME, EndReason.ended("page", "thanks"), page(MINUTE, "thanks")));
  }

  @Test
  void midnightBeginsSession() {
    consume(visit(-61 * MINUTE, "a"), visit(-60 * MINUTE - 1, "b"), visit(-60 * MINUTE, "c"));
    expect(
        withRules(List.of(), List.of(), ZoneId.of("Europe/Paris")),
        upsert(
            1,
            Timing.ON_TIME,
            EndReason.MIDNIGHT,
            page(-61 * MINUTE, "a"),
            page(-60 * MINUTE - 1, "b")),
        onTime(page(-60 * MINUTE, "c")));
  }

  @Test
  void anyOrderGivesSessionsOfModel() throws Exception {
    for (int order = 0; order < ORDERS; order++) {
      AnyHistories histories = new AnyHistories(order);
      clearScript();
      histories.batches(100).forEach(this::consume);
      assertEquals(
          histories.sessionsOfModel(),
          histories.newest(run(histories.policy()).changes()),
          "order " + order);
    }
  }

  /** Starts another script. */
  final void clearScript() {
    stream = TestStream.create(VisitPacket.CODER);
    consumed = 0;
  }

  private static SessionPolicy withRules(
      List<VisitField> splitOn, List<FieldValue> endOn, @Nullable ZoneId midnightIn) {
    return POLICY.with(new SessionRules(splitOn, endOn, midnightIn));
  }

  static Visit visitOf(@Nullable String user, long afterMidnight) {
    return new Visit("visit", MIDNIGHT + afterMidnight, user, "p");
  }

  static VisitedPage of(@Nullable String user, long afterMidnight) {
    return new VisitedPage(MIDNIGHT + afterMidnight, "p", user);
  }

  @Test
  void simultaneousVisitsStayTogetherIfTheyFit() {
    consume(visit(0, "a"), visit(MINUTE, "b"), visit(MINUTE, "c"));
    expect(
        withRoomFor(2),
        upsert(1, Timing.ON_TIME, EndReason.MAX_BYTES, page(0, "a")),
        onTime(page(MINUTE, "b"), page(MINUTE, "c")));
  }

  @Test
  void splitInstantIsNumbered() {
    consume(visit(0, "e"), visit(0, "d"), visit(0, "c"), visit(0, "b"), visit(0, "a"));
    consume(visit(MINUTE, "f"));
    expect(
        withRoomFor(2),
        numbered(0, 1, Timing.ON_TIME, EndReason.MAX_BYTES, page(0, "a"), page(0, "b")),
        numbered(1, 1, Timing.ON_TIME, EndReason.MAX_BYTES, page(0, "c"), page(0, "d")),
        numbered(2, 1, Timing.ON_TIME, EndReason.INACTIVITY, page(0, "e"), page(MINUTE, "f")));
  }

  @Test
  void oversizedVisitIsItsOwnSession() {
    consume(visit(0, "a"), visit(MINUTE, "b"));
    expect(
        withRoomFor(0),
        upsert(1, Timing.ON_TIME, EndReason.MAX_BYTES, page(0, "a")),
        onTime(page(MINUTE, "b")));
  }

  @Test
  void visitIdsDoNotMix() {
    consume(visit(0, "a"), new Visit("other", MIDNIGHT + MINUTE, null, "b"));
    Session other = new Session("other", List.of(new VisitedPage(MIDNIGHT + MINUTE, "b", null)));
    expect(new Upsert(other, 1, Timing.ON_TIME, EndReason.INACTIVITY), onTime(page(0, "a")));
  }

  @Test
  void sessionIsOpenJustBeforeItsClose() {
    consume(visit(MINUTE, "a"));
    watermark(17 * MINUTE - 1);
    consume(visit(MINUTE, "b"));
    expect(onTime(page(MINUTE, "a"), page(MINUTE, "b")));
  }

  @Test
  void watermarkAtGapEmitsSession() {
    consume(visit(MINUTE, "a"));
    watermark(17 * MINUTE);
    consume(visit(MINUTE, "b"));
    expect(onTime(page(MINUTE, "a")), late(2, page(MINUTE, "a"), page(MINUTE, "b")));
  }

  @Test
  void endOfStreamEmitsOpenSessions() {
    consume(visit(0, "a"), visit(MINUTE, "b"));
    expect(onTime(page(0, "a"), page(MINUTE, "b")));
  }

  /** Accepted iff t + G - 1 + L >= W; here t = 0, so the limit is W = 30:59.999. */
  @Test
  void acceptsVisitAtLatenessLimit() {
    watermark(31 * MINUTE - 1);
    consume(visit(0, "a"));
    assertEquals(0, expect(late(1, page(0, "a"))).dropped());
  }

  @Test
  void visitJustBeyondLimitIsTooLate() {
    watermark(31 * MINUTE);
    consume(visit(0, "a"));
    assertEquals(1, expect().dropped());
  }

  @Test
  void lateVisitEmitsWholeSessionAgain() {
    consume(visit(0, "a"), visit(10 * MINUTE, "c"));
    watermark(27 * MINUTE);
    consume(visit(5 * MINUTE, "b"));
    EngineOutput outcome =
        expect(
            onTime(page(0, "a"), page(10 * MINUTE, "c")),
            late(2, page(0, "a"), page(5 * MINUTE, "b"), page(10 * MINUTE, "c")));
    assertEquals(0, outcome.dropped());
  }

  @Test
  void everyLateVisitIncrementsRevision() {
    consume(visit(0, "a"), visit(10 * MINUTE, "d"));
    watermark(27 * MINUTE);
    consume(visit(5 * MINUTE, "b"));
    consume(visit(6 * MINUTE, "c"));
    expect(
        onTime(page(0, "a"), page(10 * MINUTE, "d")),
        late(2, page(0, "a"), page(5 * MINUTE, "b"), page(10 * MINUTE, "d")),
        late(
            3, page(0, "a"), page(5 * MINUTE, "b"), page(6 * MINUTE, "c"), page(10 * MINUTE, "d")));
  }

  /** Continues another job. */
  final void continues(EarlierJob job) {
    earlier = job;
  }

  @Test
  void visitBehindEarlierJobIsTooLate() {
    continues(upToOffset(1));
    consume(at(0), visit(0, "a"));
    consume(at(1), visit(5 * MINUTE, "b"), visit(40 * MINUTE, "c"));
    EngineOutput outcome = expect(onTime(page(0, "a")), onTime(page(40 * MINUTE, "c")));
    assertEquals(1, outcome.dropped());
  }

  /** An earlier job that has processed the visits before an offset, up to watermark 0:50. */
  static EarlierJob upToOffset(long offset) {
    EarlierJob job = new EarlierJob(MIDNIGHT + 50 * MINUTE, MIDNIGHT + 30 * MINUTE);
    job.addPartition("visits", 0, 0, offset);
    return job;
  }

  static Provenance at(long offset) {
    return new Provenance(new SourcePosition("visits", 0, offset), 0);
  }

  /** Visits that are read together. */
  final void consume(Visit... visits) {
    consume(new Provenance(new SourcePosition("visits", 0, 0), 0), visits);
  }

  final void consume(Provenance provenance, Visit... visits) {
    consumed += visits.length;
    Instant oldest =
        Instant.ofEpochMilli(
            Stream.of(visits).mapToLong(Visit::eventTimeMillis).min().orElseThrow());
    List<TimestampedValue<VisitPacket>> packets =
        VisitPacket.of(Stream.of(visits).map(visit -> new LocatedVisit(visit, provenance)).toList())
            .stream()
            .map(packet -> TimestampedValue.of(packet, oldest))
            .toList();
    stream = stream.addElements(packets.get(0), rest(packets));
  }

  final void consume(VisitPacket packet) {
    consumed += packet.count();
    long oldest =
        packet.visits().stream().mapToLong(v -> v.visit().eventTimeMillis()).min().orElseThrow();
    stream = stream.addElements(TimestampedValue.of(packet, Instant.ofEpochMilli(oldest)));
  }

  @SuppressWarnings({"unchecked", "rawtypes"}) // an array for varargs
  private static TimestampedValue<VisitPacket>[] rest(List<TimestampedValue<VisitPacket>> all) {
    return all.subList(1, all.size()).toArray(new TimestampedValue[0]);
  }

  final void watermark(long afterMidnight) {
    stream = stream.advanceWatermarkTo(Instant.ofEpochMilli(MIDNIGHT + afterMidnight));
  }

  final EngineOutput expect(SessionRecord... expected) {
    return expect(POLICY, expected);
  }

  /** The order of changes that does not matter; that of one visit id does. */
  Comparator<SessionRecord> order() {
    return Comparator.comparing(SessionRecord::visitId);
  }

  /** Runs the script to its end, and expects these changes, in this order for one visit id. */
  final EngineOutput expect(SessionPolicy policy, SessionRecord... expected) {
    EngineOutput outcome = run(policy);
    assertEquals(
        Stream.of(expected).sorted(order()).toList(),
        outcome.changes().stream().map(SessionRecord::unpacked).sorted(order()).toList());
    assertEquals(0, outcome.retained());
    assertEquals(consumed, outcome.accepted() + outcome.dropped());
    return outcome;
  }

  final EngineOutput run(SessionPolicy policy) {
    Collected<SessionRecord> changes = new Collected<>();
    Collected<LateVisit> late = new Collected<>();
    Pipeline pipeline = Pipeline.create(PipelineOptionsFactory.fromArgs(runner()).create());
    PCollectionTuple sessionized =
        pipeline
            .apply(stream.advanceWatermarkToInfinity())
            .apply(SessionizeVisits.with(policy, engine(), EventTimeRange.ALL, earlier));
    sessionized.get(SessionizeVisits.SESSIONS).apply("Changes", changes);
    if (sessionized.has(SessionizeVisits.LATE_VISITS)) {
      sessionized.get(SessionizeVisits.LATE_VISITS).apply("Late", late);
    }
    PipelineResult result = pipeline.run();
    result.waitUntilFinish();
    return new EngineOutput(
        changes.elements(),
        late.elements(),
        counter(result, "visits_late"),
        counter(result, "visits_accepted"),
        Stream.of("visit_ids_held", "shard_index_bytes", "shard_log_bytes", "windows_over_cap")
            .mapToLong(name -> counter(result, name))
            .sum());
  }

  private static long counter(PipelineResult result, String name) {
    return StreamSupport.stream(
            result
                .metrics()
                .queryMetrics(MetricsFilter.builder().build())
                .getCounters()
                .spliterator(),
            false)
        .filter(counter -> counter.getName().getName().equals(name))
        .mapToLong(counter -> counter.getAttempted())
        .sum();
  }

  static Visit visit(long afterMidnight, String page) {
    return new Visit("visit", MIDNIGHT + afterMidnight, "user", page);
  }

  static VisitedPage page(long afterMidnight, String page) {
    return new VisitedPage(MIDNIGHT + afterMidnight, page, "user");
  }

  static Upsert onTime(VisitedPage... pages) {
    return upsert(1, Timing.ON_TIME, EndReason.INACTIVITY, pages);
  }

  static Upsert late(int revision, VisitedPage... pages) {
    return upsert(revision, Timing.LATE, EndReason.INACTIVITY, pages);
  }

  static Upsert upsert(int revision, Timing timing, EndReason endReason, VisitedPage... pages) {
    return new Upsert(new Session("visit", List.of(pages)), revision, timing, endReason);
  }

  static Upsert numbered(
      int ordinal, int revision, Timing timing, EndReason endReason, VisitedPage... pages) {
    return new Upsert(new Session("visit", List.of(pages), ordinal), revision, timing, endReason);
  }

  /** A policy by which a session has bytes for so many visits. */
  static SessionPolicy withRoomFor(int visits) {
    Session none = new Session("visit", List.of(page(0, "a")));
    long ofOne = SessionBytes.of(none.pages().get(0)).visits();
    return new SessionPolicy(
        POLICY.gap(),
        POLICY.allowedLateness(),
        POLICY.maxDuration(),
        POLICY.maxPages(),
        Math.toIntExact(SessionBytes.ofRecord(none) + (visits - 1) * ofOne),
        false);
  }

  static Tombstone tombstone(int revision, long start, long heir) {
    return new Tombstone(id(start), revision, id(heir));
  }

  static SessionId id(long afterMidnight) {
    return new SessionId("visit", new SessionStart(MIDNIGHT + afterMidnight, 0));
  }
}
