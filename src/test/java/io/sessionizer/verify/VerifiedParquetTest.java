package io.sessionizer.verify;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sessionizer.parquet.ParquetRows;
import io.sessionizer.records.EndReason;
import io.sessionizer.records.Session;
import io.sessionizer.records.SessionJson;
import io.sessionizer.records.SessionRecord.Upsert;
import io.sessionizer.records.SessionRow;
import io.sessionizer.records.Timing;
import io.sessionizer.records.VisitedPage;
import io.sessionizer.testing.ModelSessionizer;
import io.sessionizer.visits.Visit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.io.LocalOutputFile;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Sessions in Parquet files are verified as those in files of lines. */
class VerifiedParquetTest {
  private static final long START = Instant.parse("2024-01-01T00:00:00Z").toEpochMilli();
  private static final SessionJson JSON = ScriptedJob.JSON;

  @TempDir private Path folder;
  private final List<Visit> visits = new ArrayList<>();
  private final List<SessionRow> rows = new ArrayList<>();
  private final List<Difference> differences = new ArrayList<>();
  private Path input;

  /** Changes the rows of a file; the first row has several visits, and a user. */
  private interface RowEdit {
    void in(List<SessionRow> rows);
  }

  /** A fault of a file. */
  enum ParquetFault {
    ROW_IS_DROPPED(rows -> rows.remove(0)),
    ROW_IS_DOUBLED(rows -> rows.add(rows.get(0))),
    ROW_IS_INVENTED(
        rows -> rows.add(edited(rows.get(0), "invented@" + START, "invented", "u", START, 0, "p"))),
    SESSION_ID_HAS_ANOTHER_START(
        rows -> {
          SessionRow row = rows.get(0);
          String id = row.visitId() + "@" + (row.startMillis() + 1);
          rows.set(0, edited(row, id, row.visitId(), row.userId(), row.startMillis(), 0, null));
        }),
    SESSION_ID_HAS_AN_ORDINAL(
        rows -> {
          SessionRow row = rows.get(0);
          String id = row.sessionId() + "+1";
          rows.set(0, edited(row, id, row.visitId(), row.userId(), row.startMillis(), 0, null));
        }),
    VISIT_ID_IS_EDITED(
        rows -> {
          SessionRow row = rows.get(0);
          rows.set(
              0, edited(row, row.sessionId(), "other", row.userId(), row.startMillis(), 0, null));
        }),
    USER_ID_IS_REMOVED(
        rows -> {
          SessionRow row = rows.get(0);
          rows.set(
              0, edited(row, row.sessionId(), row.visitId(), null, row.startMillis(), 0, null));
        }),
    START_TIME_IS_EDITED(
        rows -> {
          SessionRow row = rows.get(0);
          rows.set(
              0,
              edited(
                  row,
                  row.sessionId(),
                  row.visitId(),
                  row.userId(),
                  row.startMillis() + 1,
                  0,
                  null));
        }),
    DURATION_IS_EDITED(
        rows -> {
          SessionRow row = rows.get(0);
          rows.set(
              0,
              edited(
                  row, row.sessionId(), row.visitId(), row.userId(), row.startMillis(), 1, null));
        }),
    PAGE_IS_EDITED(
        rows -> {
          SessionRow row = rows.get(0);
          rows.set(
              0,
              edited(row, row.sessionId(), row.visitId(), row.userId(), row.startMillis(), 0, "p"));
        }),
    VISIT_IS_DROPPED(
        rows -> {
          SessionRow row = rows.get(0);
          rows.set(0, with(row, row.pages().subList(0, 1), row.endReason()));
        }),
    END_REASON_IS_EDITED(
        rows -> {
          SessionRow row = rows.get(0);
          rows.set(0, with(row, row.pages(), EndReason.MAX_PAGES.headerValue()));
        }),
    ATTRIBUTES_ARE_ADDED(rows -> rows.replaceAll(row -> withAttributes(row, "{}")));

    @SuppressWarnings("ImmutableEnumChecker") // a function without state
    private final RowEdit edit;

    ParquetFault(RowEdit edit) {
      this.edit = edit;
    }

    private static SessionRow edited(
        SessionRow row,
        String sessionId,
        String visitId,
        @Nullable String userId,
        long start,
        long addedDuration,
        @Nullable String page) {
      List<VisitedPage> pages = new ArrayList<>(row.pages());
      if (page != null) {
        pages.set(1, new VisitedPage(pages.get(1).eventTimeMillis(), page, null));
      }
      return new SessionRow(
          sessionId,
          visitId,
          userId,
          start,
          row.endMillis(),
          row.durationMillis() + addedDuration,
          row.endReason(),
          pages,
          null);
    }

    private static SessionRow with(SessionRow row, List<VisitedPage> pages, String endReason) {
      return with(row, pages, endReason, null);
    }

    private static SessionRow withAttributes(SessionRow row, String attributes) {
      return with(row, row.pages(), row.endReason(), attributes);
    }

    private static SessionRow with(
        SessionRow row, List<VisitedPage> pages, String endReason, @Nullable String attributes) {
      return new SessionRow(
          row.sessionId(),
          row.visitId(),
          row.userId(),
          row.startMillis(),
          row.endMillis(),
          row.durationMillis(),
          endReason,
          pages,
          attributes);
    }
  }

  @BeforeEach
  void sessions() throws IOException {
    Random random = new Random(4);
    for (int i = 0; i < 600; i++) {
      String visitId = random.nextInt(9) == 0 ? "\ud83d\ude00 \"v\"" : "v" + random.nextInt(20);
      visits.add(
          new Visit(
              visitId,
              START + random.nextInt(10 * 3_600_000),
              random.nextBoolean() ? null : "user " + visitId,
              random.nextInt(9) == 0 ? null : "page \n" + random.nextInt(4)));
    }
    input = folder.resolve("visits.jsonl");
    Files.write(
        input, visits.stream().map(visit -> new String(ScriptedJob.json(visit), UTF_8)).toList());
    for (Session session : ModelSessionizer.sessions(visits, ScriptedJob.GAP)) {
      Upsert upsert = new Upsert(session, 1, Timing.ON_TIME, EndReason.INACTIVITY);
      boolean isFirst = rows.isEmpty() || rows.get(0).userId() == null || isShort(rows.get(0));
      rows.add(isFirst ? 0 : rows.size(), SessionRow.of(upsert, JSON));
    }
  }

  private static boolean isShort(SessionRow row) {
    return row.pages().size() < 3 || row.durationMillis() == 0;
  }

  @Test
  void hashIsThatOfLines() throws IOException {
    Path lines = folder.resolve("sessions-0.jsonl");
    Files.write(
        lines,
        ModelSessionizer.sessions(visits, ScriptedJob.GAP).stream()
            .map(session -> new String(JSON.write(session), UTF_8))
            .toList());
    Verdict ofLines = verify(JsonLineFiles.ofSessions(List.of(lines)));
    Verdict ofRows = verify(parquet(rows.subList(0, 50), rows.subList(50, rows.size())));
    assertEquals(List.of(), differences);
    assertEquals(rows.size(), ofRows.right());
    assertEquals(ofLines.hash(), ofRows.hash());
  }

  @ParameterizedTest
  @EnumSource
  void findsInjectedFault(ParquetFault fault) throws IOException {
    String visitId = rows.get(0).visitId();
    assertFalse(isShort(rows.get(0)));
    fault.edit.in(rows);
    verify(parquet(rows));
    assertFalse(differences.isEmpty());
    for (Difference difference : differences) {
      assertTrue(
          List.of(visitId, "invented", "other").contains(difference.visitId())
              || fault == ParquetFault.ATTRIBUTES_ARE_ADDED,
          difference::toString);
    }
  }

  @Test
  void differenceIsAtRow() throws IOException {
    ParquetFault.DURATION_IS_EDITED.edit.in(rows);
    verify(parquet(rows));
    SessionRow row = rows.get(0);
    assertEquals(
        List.of(
            "WRONG_SESSION at %s row 1: %s: duration_in_milliseconds is %s and has to be %s"
                .formatted(
                    folder.resolve("sessions-0.parquet"),
                    row.sessionId(),
                    row.durationMillis(),
                    row.durationMillis() - 1)),
        differences.stream().map(Difference::toString).toList());
  }

  @Test
  void damagedFileIsNamed() throws IOException {
    parquet(rows);
    Path file = folder.resolve("sessions-0.parquet");
    byte[] whole = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(whole, whole.length - 9));
    IOException cut =
        assertThrows(IOException.class, () -> new ParquetFiles(List.of(file), ZoneOffset.UTC));
    assertTrue(String.valueOf(cut.getMessage()).startsWith("cannot read " + file + ": "));
  }

  @SafeVarargs
  private ParquetFiles parquet(List<SessionRow>... files) throws IOException {
    List<Path> paths = new ArrayList<>();
    for (List<SessionRow> ofFile : files) {
      Path path = folder.resolve("sessions-%s.parquet".formatted(paths.size()));
      boolean haveAttributes = ofFile.get(0).attributes() != null;
      try (ParquetWriter<SessionRow> writer =
          ParquetRows.writer(new LocalOutputFile(path), haveAttributes)) {
        for (SessionRow row : ofFile) {
          writer.write(row);
        }
      }
      paths.add(path);
    }
    return new ParquetFiles(paths, ZoneOffset.UTC);
  }

  private Verdict verify(RecordSource sessions) throws IOException {
    Verification.Sources sources =
        new Verification.Sources(
            JsonLineFiles.ofVisits(List.of(input), 1 << 20), sessions, null, null);
    try (Verification verification =
        new Verification(ScriptedJob.rules(false), sources, 1, differences::add)) {
      return verification.run(done -> {});
    }
  }
}
