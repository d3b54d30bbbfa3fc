package io.sessionizer.verify;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sessionizer.formats.InputFormat;
import io.sessionizer.process.TemporaryFolders;
import io.sessionizer.records.EndReason;
import io.sessionizer.records.Reason;
import io.sessionizer.records.RecordHeaders;
import io.sessionizer.records.SessionId;
import io.sessionizer.records.SessionJson;
import io.sessionizer.records.Timing;
import io.sessionizer.records.TopicRecord;
import io.sessionizer.verify.Difference.Kind;
import io.sessionizer.verify.Places.Dead;
import io.sessionizer.verify.Places.Late;
import io.sessionizer.verify.Places.Place;
import io.sessionizer.visits.LeftOut;
import io.sessionizer.visits.ParsedRecord;
import io.sessionizer.visits.RecordHead;
import io.sessionizer.visits.Rejection;
import io.sessionizer.visits.Visit;
import io.sessionizer.visits.VisitJson;
import io.sessionizer.visits.VisitParser;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The verification of a job's output: every record of the input has to be in one place, which is a
 * session, the late visits or the dead letters, and every session has to equal that of its visits.
 *
 * <p>Memory is bounded. The late visits and dead letters are sorted by the position of their
 * sources, and read beside the input, which is in that order. The other visits are in sessions.
 * They are sorted by visit id and time, and cut into sessions, which are compared with the newest
 * records of the sessions, sorted in the same way.
 */
public final class Verification implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Verification.class);

  /** A sort may have this part of the heap; four have entries in memory at a time. */
  private static final int HEAP_FRACTION = 16;

  /** Of how many first visits of a truncated partition the newest shows what was deleted. */
  private static final int FIRST_VISITS = 10;

  /** The sessions have about as many bytes in files as the visits. */
  private static final double FILE_BYTES_OF_VISIT = 2;

  private static final byte[] DURATION =
      ("\"" + SessionJson.DURATION_MILLIS + "\":").getBytes(UTF_8);

  /** Dead letters are not judged again by time. */
  private static final Clock NEVER =
      Clock.fixed(Instant.ofEpochMilli(Long.MAX_VALUE), ZoneOffset.UTC);

  private final VerifyRules rules;
  private final Sources sources;
  private final RecordSource input;
  private final long startedAtMillis;
  private final Consumer<Difference> differences;
  private final Verdict verdict = new Verdict();
  private VisitParser parser;

  /** The file whose first line has named the columns, if those of visits do. */
  private @Nullable String columnsFile;

  /** Of late visits that are not the records as they were read. */
  private final VisitParser lateParser;

  /** As are the visits of open sessions, with the fields that a job projects. */
  private final VisitParser openParser;

  private final SortEntry.EntryWriter writer = new SortEntry.EntryWriter();
  private final Map<Integer, VisitTimes> times = new HashMap<>();
  private final Path folder;
  private final long sortBytes;
  private final DiskSort visits;
  private long sessionsWatermark = Long.MIN_VALUE;
  private LongConsumer progress = done -> {};
  private long done;
  private boolean isOnDisk;
  private volatile boolean isStopped;

  /**
   * The records that are verified.
   *
   * @param visits the input
   * @param sessions the output
   * @param lateVisits null if there are none
   * @param deadLetters null if there are none
   * @param openVisits the visits that another job has carried over to this one; null if there are
   *     none
   * @param carriedOver the visits that this job has carried over to another one; null if there are
   *     none
   */
  public record Sources(
      RecordSource visits,
      RecordSource sessions,
      @Nullable RecordSource lateVisits,
      @Nullable RecordSource deadLetters,
      @Nullable RecordSource openVisits,
      @Nullable RecordSource carriedOver) {

    /** Without a seam. */
    public Sources(
        RecordSource visits,
        RecordSource sessions,
        @Nullable RecordSource lateVisits,
        @Nullable RecordSource deadLetters) {
      this(visits, sessions, lateVisits, deadLetters, null, null);
    }

    /** Returns all visits that the sessions are of. */
    RecordSource input() {
      return openVisits == null ? visits : new JoinedSource(openVisits, visits);
    }
  }

  /** The event times of the visits of a part of the input. */
  private static final class VisitTimes {
    private long count;
    private long newestOfFirst = Long.MIN_VALUE;
    private long newest = Long.MIN_VALUE;
    private long newestNotRecent = Long.MIN_VALUE;

    void add(long time, boolean isRecent) {
      newest = Math.max(newest, time);
      if (count++ < FIRST_VISITS) {
        newestOfFirst = newest;
      }
      if (!isRecent) {
        newestNotRecent = Math.max(newestNotRecent, time);
      }
    }
  }

  /**
   * Prepares a verification.
   *
   * @param startedAtMillis when the ends of the sources were found, epoch milliseconds
   * @param differences receives each difference as it is found
   * @throws IOException if there can be no temporary folder
   */
  public Verification(
      VerifyRules rules, Sources sources, long startedAtMillis, Consumer<Difference> differences)
      throws IOException {
    this(
        rules,
        sources,
        startedAtMillis,
        differences,
        Runtime.getRuntime().maxMemory() / HEAP_FRACTION);
  }

  /** With the memory of each sort, bytes. */
  Verification(
      VerifyRules rules,
      Sources sources,
      long startedAtMillis,
      Consumer<Difference> differences,
      long sortBytes)
      throws IOException {
    this.rules = rules;
    this.sources = sources;
    this.input = sources.input();
    this.startedAtMillis = startedAtMillis;
    this.differences = differences;
    this.sortBytes = sortBytes;
    this.parser = parser(rules.inputFormat());
    this.lateParser = new VisitParser(rules.maxRecordBytes(), Duration.ZERO, NEVER);
    this.openParser =
        new VisitParser(
            VisitJson.format(rules.inputFormat().projected()),
            Integer.MAX_VALUE,
            Duration.ZERO,
            NEVER);
    this.folder = TemporaryFolders.create("verify-");
    this.visits = sort("visits");
  }

  private DiskSort sort(String name) {
    return new DiskSort(folder, name, sortBytes, this::written);
  }

  /** Says how much of the disk is needed, as soon as some of it is. */
  private void written(long bytes) throws IOException {
    if (isOnDisk || verdict.records == 0) {
      return;
    }
    isOnDisk = true;
    long size = Math.max(verdict.records, input.size());
    long megabytes = Math.round(FILE_BYTES_OF_VISIT * bytes / verdict.records * size / 1e6);
    if (megabytes > 0) {
      LOG.info(
          "what exceeds the memory is sorted in {}: about {} MB, of {} MB that are free there",
          folder,
          megabytes,
          Files.getFileStore(folder).getUsableSpace() / 1_000_000);
    }
  }

  /** Returns about how much there is to do. */
  public long size() {
    return 2 * input.size()
        + sources.sessions().size()
        + size(sources.lateVisits())
        + size(sources.deadLetters())
        + size(sources.carriedOver());
  }

  private static long size(@Nullable RecordSource source) {
    return source == null ? 0 : source.size();
  }

  /** Stops the verification, from another thread. */
  public void stop() {
    isStopped = true;
  }

  /**
   * Verifies.
   *
   * @param progress receives how much of {@link #size} is done
   * @throws InterruptedIOException if it was stopped
   */
  public Verdict run(LongConsumer progress) throws IOException {
    this.progress = progress;
    Places places = new Places(input, sort("places"), verdict, this::add);
    RecordSource late = sources.lateVisits();
    if (late != null) {
      read(late, record -> places.addLate(late, record));
    }
    RecordSource dead = sources.deadLetters();
    if (dead != null) {
      read(dead, record -> places.addDead(dead, record));
    }
    try (Places.SortedPlaces sorted = places.sorted()) {
      read(input, record -> visit(record, sorted));
      noSourcesBefore(Integer.MAX_VALUE, Long.MAX_VALUE, sorted);
    }
    FinalTable table =
        new FinalTable(rules, sources.sessions(), sort("records"), verdict, this::add);
    read(
        sources.sessions(),
        record -> {
          table.add(record);
          observeWatermark(record);
        });
    DiskSort sessions = sort("sessions");
    table.finish(sessions);
    DiskSort carried = sort("carried");
    RecordSource carriedOver = sources.carriedOver();
    if (carriedOver != null) {
      read(carriedOver, record -> addCarried(carriedOver, record, carried));
    }
    compare(sessions, carried);
    return verdict;
  }

  private void add(Difference difference) {
    verdict.differences++;
    differences.accept(difference);
  }

  private void read(RecordSource source, RecordSource.EachRecord each) throws IOException {
    source.read(
        record -> {
          step();
          each.accept(record);
        });
  }

  private void step() throws InterruptedIOException {
    if (isStopped) {
      throw new InterruptedIOException("stopped before everything was verified");
    }
    if ((++done & 0xFFF) == 0) {
      progress.accept(done);
    }
  }

  /** Adds a visit that was carried over; a job has written all of them. */
  private void addCarried(RecordSource source, SourceRecord record, DiskSort carried)
      throws IOException {
    if (openParser.parse(record.contents().value()) instanceof Visit visit) {
      carried.add(visit(visit, source.part(record.position()), record).entry(writer));
    } else {
      add(
          new Difference(
              Kind.EXTRA_OPEN_VISIT,
              source.describe(record.position()),
              null,
              "not a visit that a job writes"));
    }
  }

  private static AcceptedVisit visit(Visit visit, int part, SourceRecord record) {
    return new AcceptedVisit(
        visit.visitId().getBytes(UTF_8),
        visit.visitedPage(),
        part,
        record.position().offset(),
        false,
        false,
        false);
  }

  private VisitParser parser(InputFormat format) {
    return new VisitParser(format, rules.maxRecordBytes(), Duration.ZERO, NEVER);
  }

  /** Whether a record is a visit that another job has carried over. */
  private boolean isCarriedIn(SourceRecord record) {
    return sources.openVisits() != null && record.position().isInFile();
  }

  /** Whether a record is the first line of its file, which names the columns. */
  private boolean isColumns(SourceRecord record) throws IOException {
    if (isCarriedIn(record)) {
      return false;
    }
    String file = record.position().topic();
    byte[] line = record.contents().value();
    if (!rules.inputFormat().hasColumnsInFiles() || file.equals(columnsFile) || line == null) {
      return false;
    }
    columnsFile = file;
    List<String> problems = new ArrayList<>();
    parser = parser(rules.inputFormat().withColumnsOf(new String(line, UTF_8), problems));
    if (!problems.isEmpty()) {
      throw new IOException(
          "the first line of %s names the columns, or give --columns; %s"
              .formatted(file, String.join("; ", problems)));
    }
    return true;
  }

  private void visit(SourceRecord record, Places.SortedPlaces places) throws IOException {
    if (isColumns(record)) {
      return;
    }
    int part = input.part(record.position());
    long offset = record.position().offset();
    noSourcesBefore(part, offset, places);
    Late late = null;
    Dead dead = null;
    for (Place place = places.peek();
        place != null && place.part() == part && place.offset() == offset;
        place = places.peek()) {
      if (place instanceof Late found && late == null) {
        late = found;
      } else if (place instanceof Dead found && dead == null) {
        dead = found;
      }
      places.advance();
    }
    verdict.records++;
    RecordHead head = RecordHead.of(record.contents(), record.timestampMillis());
    ParsedRecord parsed =
        isCarriedIn(record)
            ? openParser.parse(record.contents().value(), head)
            : parser.parse(record.contents().value(), head);
    if (late != null && dead != null) {
      String text = "it is in the late visits, at %s, and in the dead letters, at %s";
      add(
          difference(
              Kind.TWO_PLACES, record, parsed, text.formatted(late.position(), dead.position())));
    }
    if (dead != null) {
      verdict.deadLetters++;
      check(dead, record, parsed);
    } else if (late != null) {
      verdict.lateVisits++;
      check(late, record, parsed);
    } else if (parsed instanceof Visit visit) {
      accept(visit, part, record);
    } else if (parsed == LeftOut.FILTERED) {
      verdict.filtered++;
    } else if (parsed == LeftOut.EXCLUDED) {
      verdict.excluded++;
    } else if (record.isRecent()) {
      verdict.recentRecords++;
    } else {
      Rejection rejection = (Rejection) parsed;
      String text = "the record is not in the dead letters, and is %s: %s";
      add(
          difference(
              Kind.LOST_RECORD,
              record,
              parsed,
              text.formatted(rejection.reason(), rejection.message())));
    }
  }

  private Difference difference(Kind kind, SourceRecord record, ParsedRecord parsed, String text) {
    return new Difference(
        kind,
        input.describe(record.position()),
        parsed instanceof Visit visit ? visit.visitId() : null,
        text);
  }

  /** The places of records that there are not. */
  private void noSourcesBefore(int part, long offset, Places.SortedPlaces places)
      throws IOException {
    for (Place place = places.peek();
        place != null && (place.part() < part || (place.part() == part && place.offset() < offset));
        place = places.peek()) {
      String source = input.describe(input.position(place.part(), place.offset()));
      add(
          new Difference(
              Kind.NO_SOURCE,
              place.position(),
              null,
              "it names %s as its source, where there is no record".formatted(source)));
      places.advance();
    }
  }

  private void check(Dead dead, SourceRecord record, ParsedRecord parsed) {
    Reason reason =
        parsed instanceof Rejection rejection ? rejection.reason() : Reason.FUTURE_EVENT_TIME;
    String problem =
        dead.reason() != reason || parsed instanceof LeftOut
            ? parsed instanceof Visit
                ? "the reason is %s, and the record is a visit".formatted(dead.reason())
                : parsed instanceof LeftOut leftOut
                    ? "the reason is %s, and the record is %s"
                        .formatted(dead.reason(), leftOut.name().toLowerCase(Locale.ROOT))
                    : "the reason is %s, and has to be %s".formatted(dead.reason(), reason)
            : !hasValue(dead, record)
                ? "its value is not that of the record"
                : !dead.hasKey(record.contents().key()) ? "its key is not that of the record" : "";
    if (!problem.isEmpty()) {
      add(
          difference(
              Kind.WRONG_DEAD_LETTER,
              record,
              parsed,
              "the dead letter at %s: %s".formatted(dead.position(), problem)));
    }
  }

  private boolean hasValue(Dead dead, SourceRecord record) {
    byte[] value = record.contents().value();
    if (value == null || !record.position().isInFile()) {
      return dead.hasValue(value);
    }
    byte[] kept = Arrays.copyOf(value, Math.min(value.length, rules.maxRecordBytes()));
    TopicRecord written = JsonLineFiles.asWritten(new TopicRecord(null, kept, List.of()));
    return dead.keeps(written.value());
  }

  private void check(Late late, SourceRecord record, ParsedRecord parsed) {
    String problem =
        !(parsed instanceof Visit visit)
            ? "the record is not a visit"
            : late.timestampMillis() == null ? problem(late, visit) : problem(late, record);
    if (!problem.isEmpty()) {
      add(
          difference(
              Kind.WRONG_LATE_VISIT,
              record,
              parsed,
              "the late visit at %s: %s".formatted(late.position(), problem)));
    }
  }

  private String problem(Late late, Visit visit) {
    if (!lateParser.parse(late.visit()).equals(visit.withoutFields())) {
      return "it is not the visit of the record";
    }
    String key = late.key() == null ? "" : new String(late.key(), UTF_8);
    return key.equals(visit.visitId())
        ? ""
        : "its key is %s, and has to be %s".formatted(key, visit.visitId());
  }

  private static String problem(Late late, SourceRecord record) {
    return !Arrays.equals(late.visit(), record.contents().value())
        ? "its value is not that of the record"
        : !Arrays.equals(late.key(), record.contents().key())
            ? "its key is not that of the record"
            : !Objects.equals(late.timestampMillis(), record.timestampMillis())
                ? "its timestamp is not that of the record"
                : "";
  }

  private void accept(Visit visit, int part, SourceRecord record) throws IOException {
    long time = visit.eventTimeMillis();
    boolean isOverlap = rules.isOverlap(record.position().isInFile(), time);
    VisitTimes before = times.computeIfAbsent(part, p -> new VisitTimes());
    long watermark =
        before.newest == Long.MIN_VALUE
            ? Long.MIN_VALUE
            : before.newest - rules.maxOutOfOrderness();
    before.add(time, record.isRecent());
    if (isOverlap) {
      verdict.overlap++;
      return;
    }
    verdict.accepted++;
    if (rules.reads(time)) {
      AcceptedVisit accepted =
          new AcceptedVisit(
              visit.visitId().getBytes(UTF_8),
              visit.visitedPage(),
              part,
              record.position().offset(),
              rules.isLate(time, watermark),
              rules.isTooLate(time, watermark),
              record.isRecent());
      visits.add(accepted.entry(writer));
    }
  }

  /** A session that is emitted on time shows what the watermark has passed. */
  private void observeWatermark(SourceRecord record) {
    TopicRecord contents = record.contents();
    byte[] key = contents.key();
    byte[] value = contents.value();
    boolean isOfArchive = record.position().isInFile();
    if (record.isRecent() || isOfArchive || key == null || value == null || !isOnTime(contents)) {
      return;
    }
    long duration = duration(value);
    try {
      long start = SessionId.parse(new String(key, UTF_8)).start().millis();
      if (duration >= 0 && duration <= rules.maxDuration()) {
        sessionsWatermark = Math.max(sessionsWatermark, start + duration + rules.gap());
      }
    } catch (IllegalArgumentException e) {
      return; // it is a difference
    }
  }

  private static boolean isOnTime(TopicRecord record) {
    return record.headers().stream()
        .noneMatch(
            header ->
                is(header, RecordHeaders.TIMING, Timing.LATE.headerValue())
                    || (header.name().equals(RecordHeaders.END_REASON)
                        && !is(
                            header, RecordHeaders.END_REASON, EndReason.INACTIVITY.headerValue())));
  }

  private static boolean is(TopicRecord.Header header, String name, String value) {
    byte[] bytes = header.value();
    return header.name().equals(name) && bytes != null && value.equals(new String(bytes, UTF_8));
  }

  /** Returns the last field of a session's JSON before attributes; -1 if it is something else. */
  private static long duration(byte[] json) {
    int at = SessionJson.attributesFrom(json) - 1;
    long duration = 0;
    long factor = 1;
    while (at > 0 && json[at] >= '0' && json[at] <= '9' && factor < Long.MAX_VALUE / 10) {
      duration += factor * (json[at--] - '0');
      factor *= 10;
    }
    int from = at + 1 - DURATION.length;
    return factor > 1 && from > 0 && Arrays.equals(json, from, at + 1, DURATION, 0, DURATION.length)
        ? duration
        : -1;
  }

  private SessionComparison.Bounds bounds() {
    long newest = Long.MIN_VALUE;
    long slowest = Long.MAX_VALUE;
    long first = rules.sinceMillis() == null ? Long.MIN_VALUE : rules.readsFrom() + rules.gap();
    for (Map.Entry<Integer, VisitTimes> part : times.entrySet()) {
      VisitTimes visitTimes = part.getValue();
      newest = Math.max(newest, visitTimes.newest);
      long firstRead = visitTimes.newestOfFirst + rules.maxOutOfOrderness();
      if (input.isTruncated(part.getKey()) && !rules.isOverlap(false, firstRead)) {
        first = Math.max(first, firstRead + rules.gap());
      }
      if (!input.isComplete(part.getKey())) {
        slowest =
            Math.min(
                slowest,
                visitTimes.newestNotRecent == Long.MIN_VALUE
                    ? Long.MIN_VALUE
                    : visitTimes.newestNotRecent - rules.maxOutOfOrderness());
      }
    }
    if (newest == Long.MIN_VALUE) {
      return new SessionComparison.Bounds(Long.MAX_VALUE, first, startedAtMillis);
    }
    long written = Math.min(sessionsWatermark, newest + rules.gap());
    boolean isAnyTopicRead = slowest < Long.MAX_VALUE;
    return new SessionComparison.Bounds(
        input.isComplete() || sources.sessions().isComplete()
            ? Long.MAX_VALUE
            : isAnyTopicRead ? Math.max(written, slowest) : written,
        first,
        startedAtMillis);
  }

  private void compare(DiskSort sessions, DiskSort carriedOver) throws IOException {
    SessionComparison comparison =
        new SessionComparison(rules, bounds(), input, sources.sessions(), verdict, this::add);
    try (VisitsInOrder expected = new VisitsInOrder(visits.sorted());
        ActualInOrder found = new ActualInOrder(sessions.sorted());
        CarriedOver carried =
            new CarriedOver(
                rules, input, sources.carriedOver(), carriedOver.sorted(), verdict, this::add)) {
      for (byte[] visitId = first(expected, found, carried);
          visitId != null;
          visitId = first(expected, found, carried)) {
        byte[] current = visitId;
        SessionCutter cutter = new SessionCutter(rules, current);
        comparison.compare(
            () -> closed(expected, current, cutter, carried), () -> found.next(current));
        carried.compare(current);
        verdict.duplicates += cutter.duplicates();
      }
    }
  }

  /** Returns the next session that is not open at the seam. */
  private @Nullable ExpectedSession closed(
      VisitsInOrder expected, byte[] visitId, SessionCutter cutter, CarriedOver carried)
      throws IOException {
    ExpectedSession session = expected.next(visitId, cutter, this::step);
    while (session != null && session.isOpen()) {
      carried.add(session);
      session = expected.next(visitId, cutter, this::step);
    }
    return session;
  }

  /** Returns the first visit id that is not compared; null if all are. */
  private static byte @Nullable [] first(
      VisitsInOrder expected, ActualInOrder found, CarriedOver carried) {
    byte[] ofVisits = expected.head == null ? null : expected.head.visitId();
    byte[] ofSessions = found.head == null ? null : found.head.visitId();
    return first(first(ofVisits, ofSessions), carried.visitId());
  }

  private static byte @Nullable [] first(byte @Nullable [] one, byte @Nullable [] other) {
    return one == null || (other != null && Arrays.compareUnsigned(other, one) < 0) ? other : one;
  }

  /** Counts a visit. */
  private interface SortStep {
    void visit() throws IOException;
  }

  /** The visits, by visit id and time, and the next of them. */
  private static final class VisitsInOrder implements AutoCloseable {
    private final DiskSort.Entries entries;
    private @Nullable AcceptedVisit head;

    VisitsInOrder(DiskSort.Entries entries) throws IOException {
      this.entries = entries;
      advance();
    }

    private void advance() throws IOException {
      byte[] entry = entries.next();
      head = entry == null ? null : AcceptedVisit.read(entry, head);
    }

    @Nullable ExpectedSession next(byte[] visitId, SessionCutter cutter, SortStep step)
        throws IOException {
      ExpectedSession session = cutter.poll();
      while (session == null && head != null && Arrays.equals(head.visitId(), visitId)) {
        cutter.add(head);
        step.visit();
        advance();
        session = cutter.poll();
      }
      if (session == null) {
        cutter.finish();
        session = cutter.poll();
      }
      return session;
    }

    @Override
    public void close() throws IOException {
      entries.close();
    }
  }

  /** The sessions of the final table, by visit id and start, and the next of them. */
  private static final class ActualInOrder implements AutoCloseable {
    private final DiskSort.Entries entries;
    private @Nullable ActualSession head;

    ActualInOrder(DiskSort.Entries entries) throws IOException {
      this.entries = entries;
      advance();
    }

    private void advance() throws IOException {
      byte[] entry = entries.next();
      head = entry == null ? null : ActualSession.read(entry);
    }

    @Nullable ActualSession next(byte[] visitId) throws IOException {
      ActualSession session = head;
      if (session == null || !Arrays.equals(session.visitId(), visitId)) {
        return null;
      }
      advance();
      return session;
    }

    @Override
    public void close() throws IOException {
      entries.close();
    }
  }

  @Override
  public void close() throws IOException {
    TemporaryFolders.delete(folder);
  }
}
