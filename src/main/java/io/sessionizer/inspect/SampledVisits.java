package io.sessionizer.inspect;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.checkerframework.checker.nullness.qual.Nullable;

/** The visits that records would be, and how many would be none. */
final class SampledVisits {
  private final Mapping mapping;
  private final List<SampledVisit> visits = new ArrayList<>();
  private final Map<Role, RoleValues> values = new EnumMap<>(Role.class);
  private long filtered;
  private long candidates;
  private long withoutId;
  private long withoutTime;

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

  SampledVisits(Mapping mapping) {
    this.mapping = mapping;
    for (Role role : Role.values()) {
      values.put(role, new RoleValues());
    }
  }

  /** Adds a record. */
  void add(FlatRecord record, SampledRecord source) {
    Predicate<FlatRecord> where = mapping.visits();
    if (where != null && !where.test(record)) {
      filtered++;
      return;
    }
    candidates++;
    if (source.timestampMillis() != SampledRecord.NO_TIMESTAMP) {
      record.add(Mapping.KAFKA_TIMESTAMP, Long.toString(source.timestampMillis()));
    }
    String visitId = text(Role.VISIT_ID, mapping.visitId(), record);
    FieldText time = mapping.time();
    long millis =
        time == null
            ? TimeFormat.NONE
            : time.millis(record, mapping.timeFormat(), mapping.missing());
    if (millis != TimeFormat.NONE) {
      add(Role.TIME, Long.toString(millis));
    }
    String userId = text(Role.USER, mapping.user(), record);
    String page = text(Role.PAGE, mapping.page(), record);
    if (visitId == null || visitId.isBlank()) {
      withoutId++;
    } else if (millis == TimeFormat.NONE) {
      withoutTime++;
    } else {
      visits.add(
          new SampledVisit(visitId, millis, userId, page, source.timestampMillis(), source.part()));
    }
  }

  private @Nullable String text(Role role, @Nullable FieldText field, FlatRecord record) {
    String text = field == null ? null : field.text(record, mapping.missing());
    if (text != null) {
      add(role, text);
    }
    return text;
  }

  private void add(Role role, String text) {
    RoleValues all = Objects.requireNonNull(values.get(role), "every role has them");
    all.present++;
    all.distinct.add(text);
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

  /** Returns how many of {@link #candidates} have no visit id. */
  long withoutId() {
    return withoutId;
  }

  /** Returns how many of {@link #candidates} have a visit id and no time. */
  long withoutTime() {
    return withoutTime;
  }

  /** Returns how many of {@link #candidates} have a field. */
  long present(Role role) {
    return Objects.requireNonNull(values.get(role), "every role has them").present;
  }

  /** Returns the values of a field. */
  DistinctValues distinct(Role role) {
    return Objects.requireNonNull(values.get(role), "every role has them").distinct;
  }
}
