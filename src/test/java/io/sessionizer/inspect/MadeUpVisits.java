package io.sessionizer.inspect;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.Function;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Visits of made-up visitors, in the order of their times, written in any shape. */
final class MadeUpVisits {
  static final long START = Instant.parse("2026-03-01T10:00:00Z").toEpochMilli();

  private static final List<String> PAGES =
      List.of("/", "/products", "/products/1", "/cart", "/checkout", "/help");

  private final List<MadeUpVisit> visits = new ArrayList<>();

  /**
   * A visit.
   *
   * @param number of the visit, from 0
   */
  record MadeUpVisit(int number, int visitor, long millis, String page) {
    String id() {
      return "%08x".formatted((visitor + 1) * 0x9e3779b1);
    }

    /** The user, whom every third visitor is. */
    @Nullable String user() {
      return visitor % 3 == 0 ? "user-" + visitor : null;
    }

    /** The user as a member of a JSON object. */
    String userJson() {
      return user() == null ? "null" : "\"" + user() + "\"";
    }

    String iso() {
      return text("uuuu-MM-dd'T'HH:mm:ss.SSSX");
    }

    String text(String pattern) {
      return DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH)
          .format(Instant.ofEpochMilli(millis).atOffset(ZoneOffset.UTC));
    }
  }

  /**
   * Makes visitors with one to three sessions each, minutes between visits, hours between sessions.
   */
  static MadeUpVisits of(int visitors) {
    return of(visitors, 3_600_000L);
  }

  static MadeUpVisits of(int visitors, long hourMillis) {
    MadeUpVisits made = new MadeUpVisits();
    Random random = new Random(7);
    for (int visitor = 0; visitor < visitors; visitor++) {
      long millis = START + random.nextInt(86_400_000);
      int sessions = 1 + random.nextInt(3);
      for (int session = 0; session < sessions; session++) {
        int pages = 1 + random.nextInt(8);
        for (int page = 0; page < pages; page++) {
          made.visits.add(
              new MadeUpVisit(0, visitor, millis, PAGES.get(random.nextInt(PAGES.size()))));
          millis += 5_000 + random.nextInt(300_000);
        }
        millis += 2 * hourMillis + random.nextInt((int) (6 * hourMillis));
      }
    }
    made.visits.sort(
        Comparator.comparingLong(MadeUpVisit::millis).thenComparing(MadeUpVisit::visitor));
    for (int i = 0; i < made.visits.size(); i++) {
      MadeUpVisit visit = made.visits.get(i);
      made.visits.set(i, new MadeUpVisit(i, visit.visitor(), visit.millis(), visit.page()));
    }
    return made;
  }

  List<String> lines(Function<MadeUpVisit, String> shape) {
    return visits.stream().map(shape).toList();
  }

  /** Returns the lines of a file. */
  static RecordSample file(List<String> lines) {
    RecordSample sample = new RecordSample(RecordSample.Source.FILES, "visits.jsonl", 1_000_000);
    lines.forEach(
        line ->
            sample.addFirst(
                new SampledRecord(null, line.getBytes(UTF_8), SampledRecord.NO_TIMESTAMP, 0)));
    return sample;
  }

  /** Returns the records of a topic that were written half a second after each visit. */
  RecordSample topic(Function<MadeUpVisit, String> shape) {
    RecordSample sample = new RecordSample(RecordSample.Source.TOPIC, "events", 1_000_000);
    for (MadeUpVisit visit : visits) {
      sample.addNewest(
          new SampledRecord(
              visit.id().getBytes(UTF_8),
              shape.apply(visit).getBytes(UTF_8),
              visit.millis() + 500,
              visit.visitor() % 2));
    }
    sample.setAvailable(4_000_000);
    sample.setPart();
    return sample;
  }
}
