package io.sessionizer.inspect;

import io.sessionizer.formats.InputFormat;
import io.sessionizer.kafka.ParserSettings;
import io.sessionizer.records.Reason;
import io.sessionizer.records.TopicRecord;
import io.sessionizer.visits.LeftOut;
import io.sessionizer.visits.ParsedRecord;
import io.sessionizer.visits.RecordHead;
import io.sessionizer.visits.Rejection;
import io.sessionizer.visits.Visit;
import io.sessionizer.visits.VisitParser;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.checkerframework.checker.nullness.qual.Nullable;

/** The visits that a job would read from records, and how many would be none. */
final class SampledVisits {
  private final @Nullable VisitParser parser;
  private final List<SampledVisit> visits = new ArrayList<>();
  private final Map<Role, RoleValues> values = new EnumMap<>(Role.class);
  private long filtered;
  private long candidates;
  private final Map<Reason, Long> rejected = new EnumMap<>(Reason.class);

  /** What a field is for a visit. */
  enum Role {
    VISIT_ID("visit id", "visitIdField"),
    TIME("event time", "eventTimeField"),
    USER("user", "userIdField"),
    PAGE("page", "pageField");

    private final String title;
    private final String flag;

    Role(String title, String flag) {
      this.title = title;
      this.flag = flag;
    }

    String title() {
      return title;
    }

    /** Returns the flag that names the field, without dashes. */
    String flag() {
      return flag;
    }
  }

  /** The values of a field that was chosen. */
  private static final class RoleValues {
    private final DistinctValues distinct = new DistinctValues();
    private long present;
  }

  /**
   * Creates visits of no record.
   *
   * @param format how a job reads the records; null if it cannot
   */
  SampledVisits(@Nullable InputFormat format) {
    ParserSettings usual = ParserSettings.DEFAULT;
    this.parser =
        format == null
            ? null
            : new ParserSettings(format, usual.maxRecordBytes(), usual.maxFutureSkew(), null)
                .parser();
    for (Role role : Role.values()) {
      values.put(role, new RoleValues());
    }
  }

  /** Adds a record. */
  void add(SampledRecord record) {
    ParsedRecord parsed = parser == null ? null : parse(parser, record);
    if (parsed instanceof LeftOut) {
      filtered++;
      return;
    }
    candidates++;
    if (parsed instanceof Visit visit) {
      add(Role.VISIT_ID, visit.visitId());
      add(Role.TIME, Long.toString(visit.eventTimeMillis()));
      add(Role.USER, visit.userId());
      add(Role.PAGE, visit.page());
      visits.add(
          new SampledVisit(
              visit.visitId(),
              visit.eventTimeMillis(),
              visit.userId(),
              visit.page(),
              record.timestampMillis(),
              record.part()));
    } else if (parsed instanceof Rejection rejection) {
      rejected.merge(rejection.reason(), 1L, Long::sum);
    }
  }

  private static ParsedRecord parse(VisitParser parser, SampledRecord record) {
    if (record.isTooLarge()) {
      return new Rejection(Reason.TOO_LARGE, "", record.value());
    }
    TopicRecord head = new TopicRecord(record.key(), null, List.of());
    return parser.parse(record.value(), RecordHead.of(head, record.timestampMillis()));
  }

  private void add(Role role, @Nullable String text) {
    if (text != null) {
      RoleValues all = Objects.requireNonNull(values.get(role), "every role has them");
      all.present++;
      all.distinct.add(text);
    }
  }

  List<SampledVisit> visits() {
    return visits;
  }

  /** Returns how many records the condition leaves out. */
  long filtered() {
    return filtered;
  }

  /** Returns how many records the condition lets pass. */
  long candidates() {
    return candidates;
  }

  /** Returns how many of {@link #candidates} are rejected, by reason. */
  Map<Reason, Long> rejected() {
    return rejected;
  }

  /** Returns how many visits have a field. */
  long present(Role role) {
    return Objects.requireNonNull(values.get(role), "every role has them").present;
  }

  /** Returns the values of a field. */
  DistinctValues distinct(Role role) {
    return Objects.requireNonNull(values.get(role), "every role has them").distinct;
  }
}
