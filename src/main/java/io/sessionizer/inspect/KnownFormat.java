package io.sessionizer.inspect;

import io.sessionizer.records.VisitFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A format that {@code --visitFormat} names: which fields distinguish it, and which of them make
 * visits.
 *
 * @param name the value of {@code --visitFormat}
 * @param title whose format it is
 * @param required fields that most records have
 * @param anyOf fields of which most records have one; empty if that is no condition
 * @param visitId the field with the visit id, as a flag has it, and so on
 * @param where null if all records are visits
 * @param whereText what {@code where} is, for people; empty without it
 */
record KnownFormat(
    String name,
    String title,
    List<String> required,
    List<String> anyOf,
    String visitId,
    String time,
    TimeFormat timeFormat,
    @Nullable String user,
    String page,
    @Nullable Predicate<FlatRecord> where,
    String whereText) {

  /** The name of the format that needs no flag. */
  static final String DEFAULT = "reference";

  private static final double MOST = 0.5;

  private static final Set<String> ASSETS =
      Set.of(
          ("css js mjs map json xml txt png jpg jpeg gif svg webp avif ico bmp woff woff2 ttf otf eot"
                  + " mp3 mp4 webm")
              .split(" ", -1));

  private static final String PAGES_OF_LOG = "GET, status below 400, no assets";

  private static final List<KnownFormat> ALL =
      List.of(
          new KnownFormat(
              DEFAULT,
              "the sessionizer's own",
              List.of(VisitFormat.VISIT_ID, VisitFormat.EVENT_TIME),
              List.of(),
              VisitFormat.VISIT_ID,
              VisitFormat.EVENT_TIME,
              TimeFormat.ISO,
              VisitFormat.USER_ID,
              VisitFormat.PAGE,
              null,
              ""),
          of(
              "segment",
              "Segment, RudderStack, Jitsu",
              List.of("type", "timestamp"),
              List.of("anonymousId", "messageId", "originalTimestamp"),
              "anonymousId,userId",
              "timestamp",
              TimeFormat.ISO,
              "userId",
              "/context/page/path,/properties/path,name,/properties/name",
              new Where("type", List.of("page", "screen"))),
          of(
              "snowplow-json",
              "Snowplow, enriched events as JSON",
              List.of("event_id", "collector_tstamp", "event"),
              List.of("domain_userid", "network_userid"),
              "domain_userid,network_userid",
              "derived_tstamp,collector_tstamp",
              TimeFormat.ISO,
              "user_id",
              "page_urlpath",
              new Where("event", List.of("page_view"))),
          of(
              "ga4",
              "Google Analytics 4, export to BigQuery",
              List.of("event_name", "event_timestamp"),
              List.of("user_pseudo_id"),
              "user_pseudo_id",
              "event_timestamp",
              TimeFormat.MICROS,
              "user_id",
              "path(/event_params[key=page_location]/value/string_value)",
              new Where("event_name", List.of("page_view"))),
          of(
              "posthog",
              "PostHog",
              List.of("event", "distinct_id", "timestamp", "uuid"),
              List.of(),
              "/properties/$device_id,distinct_id",
              "timestamp",
              TimeFormat.ISO,
              "person_id,distinct_id",
              "/properties/$pathname,/properties/$screen_name",
              new Where("event", List.of("$pageview", "$screen"))),
          of(
              "matomo",
              "Matomo, actions of the Live API",
              List.of("visitorId", "timestamp", "type"),
              List.of("url", "pageIdAction", "pageTitle"),
              "visitorId",
              "timestamp",
              TimeFormat.SECONDS,
              "userId",
              "path(url)",
              new Where("type", List.of("action"))),
          new KnownFormat(
              "cloudfront",
              "Amazon CloudFront, standard log",
              List.of("date", "time", "c-ip", "cs-uri-stem"),
              List.of(),
              "c-ip+cs\\(User-Agent\\)",
              "date+time",
              TimeFormat.ISO,
              null,
              "cs-uri-stem",
              record ->
                  "GET".equals(record.text("cs-method"))
                      && Set.of("200", "304").contains(String.valueOf(record.text("sc-status")))
                      && isPage(record.text("cs-uri-stem")),
              "GET, status 200 or 304, no assets"),
          new KnownFormat(
              "nginx-json",
              "nginx, access log as JSON",
              List.of("remote_addr", "msec", "request_uri"),
              List.of("http_user_agent"),
              "remote_addr+http_user_agent",
              "msec",
              TimeFormat.SECONDS,
              "remote_user",
              "path(request_uri)",
              record ->
                  isGood(record.text("request_method"), record.text("status"))
                      && isPage(record.text("request_uri")),
              PAGES_OF_LOG));

  private static final KnownFormat SNOWPLOW_TSV =
      of(
          "snowplow-tsv",
          "Snowplow, enriched events",
          List.of(),
          List.of(),
          "domain_userid,network_userid",
          "derived_tstamp,collector_tstamp",
          TimeFormat.ISO,
          "user_id",
          "page_urlpath",
          new Where("event", List.of("page_view")));

  private static final KnownFormat COMBINED =
      new KnownFormat(
          "combined",
          "access log of nginx or Apache",
          List.of(),
          List.of(),
          "remote_addr+http_user_agent",
          "time_local",
          TimeFormat.ACCESS_LOG,
          "remote_user",
          "path(target)",
          record ->
              isGood(record.text("method"), record.text("status")) && isPage(record.text("target")),
          PAGES_OF_LOG);

  private static KnownFormat of(
      String name,
      String title,
      List<String> required,
      List<String> anyOf,
      String visitId,
      String time,
      TimeFormat timeFormat,
      String user,
      String page,
      Where where) {
    return new KnownFormat(
        name,
        title,
        required,
        anyOf,
        visitId,
        time,
        timeFormat,
        user,
        page,
        where::matches,
        where.toString());
  }

  /** Returns the format of records with these fields; null if none is known. */
  static @Nullable KnownFormat of(FieldTable table, @Nullable TextShape text) {
    if (text != null && text.division() == TextShape.Division.ACCESS_LOG) {
      return table.presence("http_user_agent") > 0 ? COMBINED : null;
    }
    if (text != null
        && text.division() == TextShape.Division.TSV
        && text.columns().size() == TextShape.SNOWPLOW_COLUMNS
        && table.presence("event_id") > MOST
        && table.presence("collector_tstamp") > MOST) {
      return SNOWPLOW_TSV;
    }
    return text != null
        ? null
        : ALL.stream().filter(format -> format.fits(table)).findFirst().orElse(null);
  }

  private boolean fits(FieldTable table) {
    FieldStatistics times = table.get(time.split("[,+]", 2)[0]);
    boolean hasTimes =
        time.contains("+")
            || time.contains(",")
            || (times != null && times.timeFormat() == timeFormat);
    return hasTimes
        && required.stream().allMatch(field -> table.presence(field) > MOST)
        && (anyOf.isEmpty() || anyOf.stream().mapToDouble(table::presence).sum() > MOST);
  }

  private static boolean isGood(@Nullable String method, @Nullable String status) {
    return "GET".equals(method) && status != null && status.matches("[23]\\d\\d");
  }

  private static boolean isPage(@Nullable String url) {
    if (url == null) {
      return false;
    }
    String path = url.split("[?#]", 2)[0];
    int dot = path.lastIndexOf('.');
    return dot < path.lastIndexOf('/')
        || !ASSETS.contains(path.substring(dot + 1).toLowerCase(Locale.ROOT));
  }
}
