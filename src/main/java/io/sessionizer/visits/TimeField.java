package io.sessionizer.visits;

import io.sessionizer.formats.EventTimeFormat;
import io.sessionizer.formats.EventTimeFormat.TimeNotation;
import io.sessionizer.records.Reason;
import io.sessionizer.records.VisitFormat;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalQueries;
import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Reads the event time of a visit in one of the formats. Not thread-safe. */
final class TimeField {
  private final String name;
  private final EventTimeFormat format;
  private final ZoneId zone;
  private final boolean isIso;
  private final boolean isUtc;
  private final @Nullable DateTimeFormatter pattern;
  private final EventTimeReader isoTimes = new EventTimeReader();

  /**
   * Creates a reader.
   *
   * @param name of the field, for messages
   * @param zone of times without one
   */
  TimeField(String name, EventTimeFormat format, ZoneId zone) {
    this.name = name;
    this.format = format;
    this.zone = zone;
    this.isIso = format.kind() == TimeNotation.ISO8601;
    this.isUtc = zone.normalized().equals(ZoneOffset.UTC);
    this.pattern = format.kind() == TimeNotation.PATTERN ? format.formatter() : null;
  }

  /** Reads a text or a number as epoch milliseconds, rounded down. */
  long millis(RecordFields fields, int slot) throws RejectedVisitException {
    int type = fields.type(slot);
    if (isIso) {
      if (fields.isAnyText(slot)) {
        return isoMillis(fields, slot);
      }
      throw badType(fields, slot, "a text", type == RecordFields.NUMBER);
    }
    if (type != RecordFields.NUMBER && !fields.isAnyText(slot)) {
      throw badType(fields, slot, "a text or a number", false);
    }
    if (fields.end(slot) - fields.start(slot) > VisitFormat.MAX_TEXT_CHARACTERS) {
      throw rejected(fields, slot, " is too long for a time");
    }
    return pattern == null
        ? epochMillis(fields, slot, format.kind())
        : patternMillis(fields, slot, pattern);
  }

  private RejectedVisitException badType(
      RecordFields fields, int slot, String expected, boolean hasText) {
    String value = hasText ? " (" + Excerpt.of(fields.text(slot)) + ")" : "";
    return new RejectedVisitException(
        Reason.BAD_FIELD_TYPE,
        "%s must be %s, not %s%s".formatted(name, expected, fields.named(slot), value));
  }

  private RejectedVisitException rejected(RecordFields fields, int slot, String why) {
    return new RejectedVisitException(
        Reason.BAD_EVENT_TIME, name + " " + Excerpt.of(fields.text(slot)) + why);
  }

  private long isoMillis(RecordFields fields, int slot) throws RejectedVisitException {
    long millis = isoTimes.millis(fields.bytes(slot), fields.start(slot), fields.end(slot));
    if (millis == EventTimeReader.NONE) {
      return EventTime.parseMillis(name, fields.text(slot));
    }
    return isUtc || isoTimes.hasOffset() ? millis : millisIn(zone, millis, fields, slot);
  }

  /** Returns when clocks in a zone show a time, which is given as if it were UTC. */
  private long millisIn(ZoneId zoneOfTime, long localMillis, RecordFields fields, int slot)
      throws RejectedVisitException {
    LocalDateTime local =
        LocalDateTime.ofEpochSecond(Math.floorDiv(localMillis, 1000L), 0, ZoneOffset.UTC);
    List<ZoneOffset> offsets = zoneOfTime.getRules().getValidOffsets(local);
    if (offsets.isEmpty()) {
      throw rejected(
          fields, slot, " does not exist in " + zoneOfTime + ", where clocks were set forward");
    }
    return localMillis - 1000L * offsets.get(0).getTotalSeconds();
  }

  private long patternMillis(RecordFields fields, int slot, DateTimeFormatter formatter)
      throws RejectedVisitException {
    LocalDate date;
    LocalTime time;
    ZoneId zoneOfText;
    try {
      TemporalAccessor read = formatter.parse(fields.text(slot));
      date = read.query(TemporalQueries.localDate());
      time = read.query(TemporalQueries.localTime());
      zoneOfText = read.query(TemporalQueries.zone());
    } catch (DateTimeException e) {
      throw rejected(fields, slot, " is not a time of " + format + ": " + e.getMessage());
    }
    if (date == null) {
      throw rejected(fields, slot, " has no date by " + format);
    }
    LocalDateTime local = date.atTime(time == null ? LocalTime.MIDNIGHT : time);
    return millisIn(
        zoneOfText == null ? zone : zoneOfText,
        local.toInstant(ZoneOffset.UTC).toEpochMilli(),
        fields,
        slot);
  }

  /** Reads a number of the unit. */
  long epochMillis(RecordFields fields, int slot, TimeNotation unit) throws RejectedVisitException {
    byte[] bytes = fields.bytes(slot);
    int from = fields.start(slot);
    int to = fields.end(slot);
    long millis = EpochTime.millis(bytes, from, to, unit.digits());
    if (millis == EpochTime.NOT_PLAIN) {
      boolean isNumber = fields.type(slot) == RecordFields.NUMBER;
      millis = EpochTime.exactMillis(fields.text(slot), isNumber, unit.digits());
    }
    if (millis >= EpochTime.FIRST_MILLIS && millis <= EpochTime.LAST_MILLIS) {
      return millis;
    }
    if (millis == EpochTime.NOT_PLAIN) {
      throw rejected(fields, slot, " is not a number of " + unit.text());
    }
    throw rejected(
        fields,
        slot,
        " in %s is %s%s"
            .formatted(
                unit.text(),
                millis < EpochTime.FIRST_MILLIS ? "before 1990" : "after the year 9999",
                fitting(fields.text(slot), fields.type(slot) == RecordFields.NUMBER)));
  }

  private static String fitting(String number, boolean isNumber) {
    for (TimeNotation unit : TimeNotation.values()) {
      long millis =
          unit.isEpoch()
              ? EpochTime.exactMillis(number, isNumber, unit.digits())
              : EpochTime.NOT_PLAIN;
      if (millis >= EpochTime.FIRST_MILLIS && millis < EpochTime.PLAUSIBLE_MILLIS) {
        return "; in " + unit.text() + " it is " + Instant.ofEpochMilli(millis);
      }
    }
    return "";
  }
}
