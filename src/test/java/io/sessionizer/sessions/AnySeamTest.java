package io.sessionizer.sessions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sessionizer.parquet.ParquetRows;
import io.sessionizer.records.Provenance;
import io.sessionizer.records.SessionJson;
import io.sessionizer.records.SessionRecord;
import io.sessionizer.records.SessionRecord.Upsert;
import io.sessionizer.records.SessionRow;
import io.sessionizer.records.SourcePosition;
import io.sessionizer.records.VisitedPage;
import io.sessionizer.verify.Difference;
import io.sessionizer.verify.JsonLineFiles;
import io.sessionizer.verify.ParquetFiles;
import io.sessionizer.verify.Verification;
import io.sessionizer.verify.VerifyRules;
import io.sessionizer.verify.VerifyRulesBuilder;
import io.sessionizer.visits.LocatedVisit;
import io.sessionizer.visits.Visit;
import io.sessionizer.visits.VisitCursor;
import io.sessionizer.visits.VisitJson;
import io.sessionizer.visits.VisitPacket;
import io.sessionizer.visits.VisitParser;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.io.LocalOutputFile;

/**
 * An archive up to a seam and a stream from there on give the sessions that all visits give which
 * are cut once. Times are small numbers, so that visits meet at every limit.
 */
class AnySeamTest {
  private static final VisitParser OPEN_VISITS =
      new VisitParser(
          VisitJson.format(AnyFields.PROJECTED), 1 << 20, Duration.ofDays(1), Clock.systemUTC());
  private static final SessionJson JSON = new SessionJson(ZoneOffset.UTC);
  private static final long UNKNOWN = Long.MIN_VALUE / 2;
  private static final long LONGEST = 120;
  private static final long BEFORE_MIDNIGHT = 40;

  @Property(tries = 5_000)
  void archiveAndStreamAreOne(@ForAll long seed) throws Exception {
    Random random = new Random(seed);
    SessionPolicy policy = policy(random);
    List<Visit> visits = visits(random);
    long seam = random.nextInt((int) LONGEST) - BEFORE_MIDNIGHT;
    Map<String, String> table = new TreeMap<>();

    List<Visit> open = new ArrayList<>();
    ArchiveShard archive = new ArchiveShard(policy, seam);
    packets(visits.stream().filter(visit -> visit.eventTimeMillis() < seam).toList(), random)
        .forEach(packet -> forEach(packet, archive::add));
    archive.publish(session -> put(session, table), visit -> open.add(writtenAndRead(visit)));

    Map<String, String> ofStream = new TreeMap<>();
    stream(
        open,
        visits.stream().filter(visit -> visit.eventTimeMillis() >= seam).toList(),
        policy,
        random,
        ofStream);
    ofStream.forEach((key, session) -> assertNull(table.put(key, session), key));
    assertEquals(
        cutOnce(visits, policy), table.values().stream().sorted().toList(), policy::toString);
  }

  /** Sessions are right, as lines and as rows, and so are the visits that are carried over. */
  @Property(tries = 300)
  void verificationConfirmsArchive(@ForAll long seed) throws Exception {
    Random random = new Random(seed);
    SessionPolicy policy = policy(random);
    List<Visit> visits = visits(random);
    long seam = random.nextInt((int) LONGEST) - BEFORE_MIDNIGHT;
    List<SessionRow> rows = new ArrayList<>();
    List<Visit> open = new ArrayList<>();
    ArchiveShard archive = new ArchiveShard(policy, seam);
    packets(visits.stream().filter(visit -> visit.eventTimeMillis() < seam).toList(), random)
        .forEach(packet -> forEach(packet, archive::add));
    archive.publish(session -> rows.add(SessionRow.of(session, JSON)), open::add);
    Path folder = Files.createTempDirectory("seam");
    try {
      assertEquals(
          List.of(), differences(folder, visits, rows, open, policy, seam), policy::toString);
      if (!open.isEmpty()) {
        Visit lost = open.remove(random.nextInt(open.size()));
        List<Difference> found = differences(folder, visits, rows, open, policy, seam);
        assertEquals(
            List.of(Difference.Kind.MISSING_OPEN_VISIT),
            found.stream().map(Difference::kind).toList());
        assertEquals(lost.visitId(), found.get(0).visitId());
      }
    } finally {
      try (Stream<Path> files = Files.list(folder)) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }
      Files.delete(folder);
    }
  }

  private static List<Difference> differences(
      Path folder,
      List<Visit> visits,
      List<SessionRow> rows,
      List<Visit> open,
      SessionPolicy policy,
      long seam)
      throws Exception {
    Path sessions = folder.resolve("sessions");
    // Lines do not say how sessions are numbered whose visits a sequence orders.
    boolean isParquet = seam % 2 == 0 || policy.maxBytes() < 900_000;
    Files.deleteIfExists(sessions);
    if (isParquet) {
      try (ParquetWriter<SessionRow> writer =
          ParquetRows.writer(new LocalOutputFile(sessions), false)) {
        for (SessionRow row : rows) {
          writer.write(row);
        }
      }
    } else {
      Files.write(
          sessions,
          rows.stream().map(row -> new String(JSON.write(row), StandardCharsets.UTF_8)).toList());
    }
    Verification.Sources sources =
        new Verification.Sources(
            JsonLineFiles.ofVisits(List.of(lines(folder.resolve("visits"), visits)), 1 << 20),
            isParquet
                ? new ParquetFiles(List.of(sessions), ZoneOffset.UTC)
                : JsonLineFiles.ofSessions(List.of(sessions)),
            null,
            null,
            null,
            JsonLineFiles.ofOpenVisits(List.of(lines(folder.resolve("open"), open))));
    List<Difference> differences = new ArrayList<>();
    try (Verification verification =
        new Verification(rules(policy, seam), sources, 1, differences::add)) {
      verification.run(done -> {});
    }
    return differences;
  }

  private static Path lines(Path file, List<Visit> visits) throws Exception {
    return Files.write(
        file,
        visits.stream()
            .map(
                visit ->
                    new String(VisitJson.write(visit, AnyFields.PROJECTED), StandardCharsets.UTF_8))
            .toList());
  }

  private static VerifyRules rules(SessionPolicy policy, long seam) {
    return VerifyRulesBuilder.of(policy)
        .inputFormat(VisitJson.format(AnyFields.PROJECTED))
        .archiveUntil(seam)
        .build();
  }

  /** Nothing is carried over that no visit from the seam on can change. */
  @Property(tries = 1_000)
  void onlySessionsWithinGapOfSeamAreOpen(@ForAll long seed) {
    Random random = new Random(seed);
    Duration gap = Duration.ofMillis(1 + random.nextInt(8));
    SessionPolicy policy = SessionPolicy.of(gap, Duration.ZERO);
    ArchiveShard archive = new ArchiveShard(policy, LONGEST);
    List<Visit> visits = visits(random);
    packets(visits, random).forEach(packet -> forEach(packet, archive::add));
    List<Visit> open = new ArrayList<>();
    archive.publish(
        session -> assertTrue(policy.closesAt(end(session)) <= LONGEST, session::toString),
        open::add);
    Map<String, Long> last = new TreeMap<>();
    open.forEach(visit -> last.merge(visit.visitId(), visit.eventTimeMillis(), Math::max));
    last.values().forEach(end -> assertTrue(policy.closesAt(end) > LONGEST));
  }

  /** Before the open visits are read no watermark is known; visits of the stream may come first. */
  private static void stream(
      List<Visit> open,
      List<Visit> visits,
      SessionPolicy policy,
      Random random,
      Map<String, String> table)
      throws Exception {
    SessionShard shard = new SessionShard(policy);
    List<SessionRecord> changes = new ArrayList<>();
    List<Visit> ordered = new ArrayList<>(visits);
    ordered.sort(Comparator.comparingLong(Visit::eventTimeMillis));
    int early = random.nextInt(ordered.size() + 1);
    List<Visit> first = new ArrayList<>(open);
    first.addAll(ordered.subList(0, early));
    Collections.shuffle(first, random);
    for (VisitPacket packet : packets(first, random)) {
      accept(shard, packet, UNKNOWN, changes);
    }
    for (Visit visit : ordered.subList(early, ordered.size())) {
      shard.advance(visit.eventTimeMillis(), changes);
      shard.commit();
      for (VisitPacket packet : packets(List.of(visit), random)) {
        accept(shard, packet, visit.eventTimeMillis(), changes);
      }
    }
    shard.advance(1_000_000, changes);
    changes.forEach(change -> put(change, table));
  }

  private static void accept(
      SessionShard shard, VisitPacket packet, long now, List<SessionRecord> changes) {
    for (VisitCursor visit = packet.cursor(); visit.next(); ) {
      assertTrue(shard.accept(visit, now, now, changes));
    }
    shard.amend(now, changes);
    shard.commit();
  }

  private static List<String> cutOnce(List<Visit> visits, SessionPolicy policy) {
    Map<String, List<VisitedPage>> byVisitId = new TreeMap<>();
    for (Visit visit : visits) {
      byVisitId
          .computeIfAbsent(visit.visitId(), none -> new ArrayList<>())
          .add(visit.visitedPage());
    }
    List<String> sessions = new ArrayList<>();
    byVisitId.forEach(
        (visitId, pages) -> sessions.addAll(NaiveSessions.of(visitId, pages, policy)));
    return sessions.stream().sorted().toList();
  }

  private static void put(SessionRecord change, Map<String, String> table) {
    Upsert upsert = (Upsert) change.unpacked();
    table.put(upsert.session().id().toString(), upsert.session() + " " + upsert.endReason());
  }

  private static long end(SessionRecord change) {
    return ((Upsert) change.unpacked()).session().endMillis();
  }

  private static Visit writtenAndRead(Visit visit) {
    byte[] line = VisitJson.write(visit, AnyFields.PROJECTED);
    return (Visit) OPEN_VISITS.parse(line, null);
  }

  private static SessionPolicy policy(Random random) {
    return new SessionPolicy(
            Duration.ofMillis(1 + random.nextInt(8)),
            Duration.ofMillis(random.nextBoolean() ? 0 : random.nextInt(24)),
            Duration.ofMillis(random.nextBoolean() ? 1_000 : 1 + random.nextInt(20)),
            random.nextBoolean() ? 1_000 : 1 + random.nextInt(4),
            random.nextBoolean() ? 900_000 : SessionBytes.FRAME + 3 + random.nextInt(250),
            random.nextInt(4) == 0)
        .with(AnyRules.of(random, List.of("", "p", "pp"), List.of("u0", "u1")));
  }

  private static List<Visit> visits(Random random) {
    List<Visit> visits = new ArrayList<>();
    int longest = 1 + random.nextInt((int) LONGEST);
    for (int i = random.nextInt(60); i >= 0; i--) {
      visits.add(
          new Visit(
              "v" + random.nextInt(3),
              random.nextInt(longest) - BEFORE_MIDNIGHT,
              random.nextBoolean() ? null : "u" + random.nextInt(2),
              random.nextInt(9) == 0 ? null : "p".repeat(random.nextInt(3)),
              AnyFields.of(random)));
    }
    return visits;
  }

  private static void forEach(VisitPacket packet, Consumer<VisitCursor> action) {
    for (VisitCursor visit = packet.cursor(); visit.next(); ) {
      action.accept(visit);
    }
  }

  /** All in one shard here: a shard finds visit ids by their text. */
  private static List<VisitPacket> packets(List<Visit> visits, Random random) {
    List<Visit> shuffled = new ArrayList<>(visits);
    Collections.shuffle(shuffled, random);
    Provenance provenance = new Provenance(new SourcePosition("visits", 0, 0), 0);
    List<VisitPacket> packets = new ArrayList<>();
    for (int from = 0; from < shuffled.size(); ) {
      int to = Math.min(shuffled.size(), from + 1 + random.nextInt(9));
      packets.addAll(
          VisitPacket.of(
              shuffled.subList(from, to).stream()
                  .map(visit -> new LocatedVisit(visit, provenance))
                  .toList()));
      from = to;
    }
    return packets;
  }
}
