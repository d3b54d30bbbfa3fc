package io.sessionizer.inspect;

import io.sessionizer.formats.FieldExpression;
import io.sessionizer.formats.FormatFile;
import io.sessionizer.formats.InputFormat;
import io.sessionizer.formats.KnownFormats;
import io.sessionizer.records.VisitFormat;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A format that {@code --visitFormat} names, and which fields distinguish it.
 *
 * @param name the value of {@code --visitFormat}
 * @param required fields that most records have
 * @param anyOf fields of which most records have one; empty if that is no condition
 */
record KnownFormat(String name, List<String> required, List<String> anyOf) {

  /** The name of the format that needs no flag. */
  static final String DEFAULT = "reference";

  /** The name of the format of an access log. */
  static final String COMBINED = "combined";

  /** The name of a format whose records are tab-separated columns. */
  static final String SNOWPLOW_TSV = "snowplow-tsv";

  private static final double MOST = 0.5;

  private static final List<KnownFormat> OF_OBJECTS =
      List.of(
          new KnownFormat(
              DEFAULT, List.of(VisitFormat.VISIT_ID, VisitFormat.EVENT_TIME), List.of()),
          new KnownFormat(
              "segment",
              List.of("type", "timestamp"),
              List.of("anonymousId", "messageId", "originalTimestamp")),
          new KnownFormat(
              "snowplow-json",
              List.of("event_id", "collector_tstamp", "event"),
              List.of("domain_userid", "network_userid")),
          new KnownFormat(
              "ga4", List.of("event_name", "event_timestamp"), List.of("user_pseudo_id")),
          new KnownFormat(
              "posthog", List.of("event", "distinct_id", "timestamp", "uuid"), List.of()),
          new KnownFormat(
              "matomo",
              List.of("visitorId", "timestamp", "type"),
              List.of("url", "pageIdAction", "pageTitle")),
          new KnownFormat("cloudfront", List.of("date", "time", "c-ip", "cs-uri-stem"), List.of()),
          new KnownFormat(
              "nginx-json",
              List.of("remote_addr", "msec", "request_uri"),
              List.of("http_user_agent")));

  /** Returns the format of records with these fields; null if none is known. */
  static @Nullable KnownFormat of(FieldTable table, @Nullable TextShape text) {
    if (text == null) {
      return OF_OBJECTS.stream().filter(format -> format.fits(table)).findFirst().orElse(null);
    }
    return switch (text.division()) {
      case ACCESS_LOG ->
          table.presence("http_user_agent") > 0
              ? new KnownFormat(COMBINED, List.of(), List.of())
              : null;
      case TSV -> {
        KnownFormat snowplow =
            new KnownFormat(SNOWPLOW_TSV, List.of("event_id", "collector_tstamp"), List.of());
        boolean hasItsColumns = text.columns().equals(TextShape.SNOWPLOW_COLUMNS);
        yield hasItsColumns && snowplow.fits(table) ? snowplow : null;
      }
      case CSV, OTHER -> null;
    };
  }

  private boolean fits(FieldTable table) {
    return required.stream().allMatch(field -> table.presence(field) > MOST)
        && (anyOf.isEmpty() || anyOf.stream().mapToDouble(table::presence).sum() > MOST)
        && hasTimes(table);
  }

  /** Whether the event time, if it is a single field, has the format of the times. */
  private boolean hasTimes(FieldTable table) {
    InputFormat format = KnownFormats.format(name);
    FieldExpression time = format.eventTime();
    FieldStatistics times = table.get(time.text());
    return time.leaves().size() > 1
        || (times != null
            && times.timeFormat() != null
            && times.timeFormat().flag().equals(format.eventTimeFormat().toString()));
  }

  /** Returns whose format it is. */
  String title() {
    return KnownFormats.summary(name).split(": |, a line", 2)[0];
  }

  /**
   * Returns the format as a job reads it.
   *
   * @param more flags that override some of it
   */
  InputFormat inputFormat(Map<String, String> more) {
    List<String> problems = new ArrayList<>();
    FormatFile file = FormatFile.read(name, problems);
    Map<String, String> flags = new LinkedHashMap<>(file.values());
    flags.putAll(more);
    return InputFormat.read(flags, file.missing(), problems);
  }
}
