package io.sessionizer.testing;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.sessionizer.visits.Visit;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Events in the shape of a known source, and the visits that they are. A third of the events are
 * others, which a format's condition has to filter. Some lie within the gap between two sessions,
 * and would join them. All names and values are made up.
 *
 * @param lines the events, by time
 * @param visits the visits among them
 */
public record SampleEvents(List<String> lines, List<Visit> visits) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long START = Instant.parse("2025-03-01T10:00:00Z").toEpochMilli();
  private static final int GAP_SECONDS = 16 * 60;
  private static final int VISITORS = 40;
  private static final String NIL = "00000000-0000-0000-0000-000000000000";

  private static final List<String> PATHS =
      List.of(
          "/", "/products/42", "/\u00fcber-uns", "/node.js/intro", "/a b", "/caf\u00e9/menu.html");

  private static final List<String> ASSETS =
      List.of(
          "/assets/app.css", "/assets/app.MIN.js", "/logo.png", "/fonts/a.woff2", "/favicon.ico");

  private static final List<String> BROWSERS =
      List.of(
          "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
          "Mozilla/5.0 (Macintosh; Intel Mac OS X 15_5) AppleWebKit/605.1.15 Version/18.5 Safari",
          "ExampleApp/2.1");

  /**
   * What one event is about.
   *
   * @param visitor its number
   * @param timeMillis when it happened
   * @param path the page's path, not encoded
   */
  private record Moment(int visitor, long timeMillis, String path) {
    String time(String pattern) {
      return DateTimeFormatter.ofPattern(pattern, Locale.ROOT)
          .withZone(ZoneOffset.UTC)
          .format(Instant.ofEpochMilli(timeMillis));
    }

    String isoTime() {
      return time("uuuu-MM-dd'T'HH:mm:ss.SSSX");
    }

    long seconds() {
      return timeMillis / 1000;
    }

    String encodedPath() {
      return Arrays.stream(path.split("/", -1))
          .map(step -> URLEncoder.encode(step, StandardCharsets.UTF_8).replace("+", "%20"))
          .reduce((a, b) -> a + "/" + b)
          .orElseThrow();
    }

    String url() {
      return "https://www.example.com" + encodedPath() + "?utm_source=mail#top";
    }

    String id(String kind) {
      return "%s-%s-4a5b-8c6d-%s"
          .formatted(kind, Integer.toHexString(visitor + 0xa000), "0".repeat(9) + (visitor + 100));
    }

    /** Returns the user: half of the visitors have none. */
    @Nullable String user() {
      return visitor % 2 == 0 ? "user-" + visitor : null;
    }

    String address() {
      return visitor % 3 == 0 ? "2001:db8::" + visitor : "192.0.2." + visitor;
    }

    String browser() {
      return BROWSERS.get(visitor % BROWSERS.size());
    }

    Visit visit(String visitId, @Nullable String user, @Nullable String page) {
      return new Visit(visitId, timeMillis, user, page);
    }
  }

  /** One source of events. */
  private interface Source {
    String event(Moment moment, Random random);

    String otherEvent(Moment moment, Random random);

    Visit visit(Moment moment);

    /** Whether its times have milliseconds. */
    default boolean hasMillis() {
      return true;
    }

    /** Whether it has events that are not visits. */
    default boolean hasOthers() {
      return true;
    }
  }

  /** Returns {@code events} events of the source that a format is named after. */
  public static SampleEvents of(String format, long seed, int events) {
    Source source = source(format);
    Random random = new Random(seed);
    List<Moment> moments = moments(random, source, events);
    List<Visit> visits = new ArrayList<>();
    List<String> lines = new ArrayList<>();
    for (Moment moment : moments) {
      if (source.hasOthers() && random.nextInt(3) == 0) {
        lines.add(source.otherEvent(moment, random));
      } else {
        lines.add(source.event(moment, random));
        visits.add(source.visit(moment));
      }
    }
    return new SampleEvents(lines, visits);
  }

  private static List<Moment> moments(Random random, Source source, int events) {
    long[] last = new long[VISITORS];
    Arrays.setAll(last, visitor -> START + random.nextInt(3_600_000));
    List<Moment> moments = new ArrayList<>();
    for (int i = 0; i < events; i++) {
      int visitor = random.nextInt(VISITORS);
      last[visitor] += pauseMillis(random);
      long time = source.hasMillis() ? last[visitor] : last[visitor] / 1000 * 1000;
      moments.add(new Moment(visitor, time, PATHS.get(random.nextInt(PATHS.size()))));
    }
    moments.sort(Comparator.comparingLong(Moment::timeMillis));
    return moments;
  }

  private static long pauseMillis(Random random) {
    return switch (random.nextInt(8)) {
      case 0 -> 1000L * GAP_SECONDS;
      case 1 -> 1000L * GAP_SECONDS - 1000;
      case 2 -> 1000L * (GAP_SECONDS + random.nextInt(3 * GAP_SECONDS));
      case 3 -> 0;
      default -> random.nextInt(600_000);
    };
  }

  private static Source source(String format) {
    return switch (format) {
      case "reference" -> new Reference();
      case "segment" -> new Segment();
      case "snowplow-json" -> new Snowplow(false);
      case "snowplow-tsv" -> new Snowplow(true);
      case "ga4" -> new Ga4();
      case "posthog" -> new PostHog();
      case "matomo" -> new Matomo();
      case "cloudfront" -> new CloudFront();
      case "combined" -> new Combined();
      case "nginx-json" -> new NginxJson();
      default -> throw new IllegalArgumentException(format);
    };
  }

  private static final class Reference implements Source {
    @Override
    public String event(Moment moment, Random random) {
      return json(
          "visit_id", moment.id("visit"),
          "event_time", moment.isoTime(),
          "user_id", moment.user(),
          "page", moment.path());
    }

    @Override
    public String otherEvent(Moment moment, Random random) {
      throw new IllegalStateException();
    }

    @Override
    public Visit visit(Moment moment) {
      return moment.visit(moment.id("visit"), moment.user(), moment.path());
    }

    @Override
    public boolean hasOthers() {
      return false;
    }
  }

  private static final class Segment implements Source {
    @Override
    public String event(Moment moment, Random random) {
      return isScreen(moment)
          ? event(moment, "screen", null, "name", screen(moment), "properties", map("a", 1))
          : event(moment, "page", moment.path(), "name", "Example", "properties", map("a", "b"));
    }

    @Override
    public String otherEvent(Moment moment, Random random) {
      return random.nextBoolean()
          ? event(moment, "track", moment.path(), "event", "Button Clicked")
          : event(moment, "identify", moment.path(), "traits", map("plan", "free"));
    }

    private static String event(Moment moment, String type, @Nullable String path, Object... more) {
      Map<String, @Nullable Object> event = new LinkedHashMap<>();
      event.put("type", type);
      if (!isServer(moment)) {
        event.put("anonymousId", moment.id("anonymous"));
      }
      event.put("userId", isServer(moment) ? "server-" + moment.visitor() : moment.user());
      event.put("originalTimestamp", "2025-02-27T23:00:00.000Z");
      event.put("timestamp", moment.isoTime());
      event.put(
          "context",
          path == null
              ? map("device", map("type", "ios"))
              : map("page", map("path", path, "url", moment.url())));
      event.putAll(map(more));
      return json(event);
    }

    @Override
    public Visit visit(Moment moment) {
      String server = "server-" + moment.visitor();
      return moment.visit(
          isServer(moment) ? server : moment.id("anonymous"),
          isServer(moment) ? server : moment.user(),
          isScreen(moment) ? screen(moment) : moment.path());
    }

    private static boolean isServer(Moment moment) {
      return moment.visitor() % 5 == 0;
    }

    private static boolean isScreen(Moment moment) {
      return moment.visitor() % 7 == 0;
    }

    private static String screen(Moment moment) {
      return "Screen " + moment.path().length();
    }
  }

  private record Snowplow(boolean isTsv) implements Source {
    private static final int COLUMNS = 131;

    /** Columns of the enriched event, from 0. */
    private static final Map<String, Integer> COLUMN =
        Map.ofEntries(
            Map.entry("app_id", 0),
            Map.entry("platform", 1),
            Map.entry("etl_tstamp", 2),
            Map.entry("collector_tstamp", 3),
            Map.entry("dvce_created_tstamp", 4),
            Map.entry("event", 5),
            Map.entry("event_id", 6),
            Map.entry("user_id", 12),
            Map.entry("domain_userid", 15),
            Map.entry("network_userid", 17),
            Map.entry("page_url", 29),
            Map.entry("page_urlpath", 35),
            Map.entry("derived_tstamp", 124),
            Map.entry("event_name", 126));

    @Override
    public String event(Moment moment, Random random) {
      return event(moment, "page_view", random);
    }

    @Override
    public String otherEvent(Moment moment, Random random) {
      return event(moment, random.nextBoolean() ? "page_ping" : "struct", random);
    }

    private String event(Moment moment, String name, Random random) {
      boolean isDerived = random.nextInt(4) > 0;
      String time = moment.time(isTsv ? "uuuu-MM-dd HH:mm:ss.SSS" : "uuuu-MM-dd'T'HH:mm:ss.SSSX");
      Map<String, @Nullable Object> event = new LinkedHashMap<>();
      event.put("app_id", "website");
      event.put("platform", "web");
      event.put("event", name);
      event.put("event_name", name);
      event.put("event_id", moment.id("event"));
      event.put("derived_tstamp", isDerived ? time : null);
      event.put("collector_tstamp", isDerived ? "2025-03-05 00:00:00.000" : time);
      event.put("dvce_created_tstamp", "2025-02-27 23:00:00.000");
      event.put("domain_userid", isEmbedded(moment) ? null : moment.id("domain"));
      event.put("network_userid", isEmbedded(moment) ? moment.id("network") : NIL);
      event.put("user_id", moment.user());
      event.put("page_url", moment.url());
      event.put("page_urlpath", moment.encodedPath());
      event.values().removeIf(value -> value == null); // as the SDKs do
      return isTsv ? tsv(event) : json(event);
    }

    private static String tsv(Map<String, @Nullable Object> event) {
      String[] values = new String[COLUMNS];
      Arrays.fill(values, "");
      event.forEach((name, value) -> values[COLUMN.get(name)] = String.valueOf(value));
      return String.join("\t", values);
    }

    @Override
    public Visit visit(Moment moment) {
      return moment.visit(
          isEmbedded(moment) ? moment.id("network") : moment.id("domain"),
          moment.user(),
          moment.encodedPath());
    }

    private static boolean isEmbedded(Moment moment) {
      return moment.visitor() % 4 == 0;
    }
  }

  private static final class Ga4 implements Source {
    @Override
    public String event(Moment moment, Random random) {
      return event(moment, "page_view", random);
    }

    @Override
    public String otherEvent(Moment moment, Random random) {
      return event(moment, random.nextBoolean() ? "scroll" : "user_engagement", random);
    }

    private static String event(Moment moment, String name, Random random) {
      List<Object> params = new ArrayList<>();
      params.add(param("ga_session_id", "int_value", "1740823200"));
      params.add(param("page_title", "string_value", "Example"));
      params.add(
          random.nextInt(params.size() + 1), param("page_location", "string_value", moment.url()));
      return json(
          "event_date",
          moment.time("uuuuMMdd"),
          "event_timestamp",
          moment.timeMillis() + "" + (100 + random.nextInt(900)),
          "event_name",
          name,
          "event_params",
          params,
          "user_id",
          moment.user(),
          "user_pseudo_id",
          pseudoId(moment));
    }

    private static Map<String, @Nullable Object> param(String key, String type, String value) {
      return map("key", key, "value", map(type, value));
    }

    private static String pseudoId(Moment moment) {
      return (1_001_001_000L + moment.visitor()) + ".1740820000";
    }

    @Override
    public Visit visit(Moment moment) {
      return moment.visit(pseudoId(moment), moment.user(), moment.path());
    }
  }

  private static final class PostHog implements Source {
    @Override
    public String event(Moment moment, Random random) {
      return event(moment, isApp(moment) ? "$screen" : "$pageview", random);
    }

    @Override
    public String otherEvent(Moment moment, Random random) {
      return event(moment, random.nextBoolean() ? "$pageleave" : "$autocapture", random);
    }

    /** A visitor's distinct_id changes with every event, as if it signed in and out. */
    private static String event(Moment moment, String name, Random random) {
      Map<String, @Nullable Object> properties =
          isApp(moment)
              ? map("$screen_name", "Screen", "$os", "iOS")
              : map(
                  "$device_id", moment.id("device"),
                  "$current_url", moment.url(),
                  "$pathname", moment.encodedPath());
      return json(
          "uuid",
          moment.id("event"),
          "event",
          name,
          "properties",
          properties,
          "distinct_id",
          isApp(moment) ? moment.id("app") : "distinct-" + random.nextInt(1000),
          "person_id",
          moment.id("person"),
          "timestamp",
          moment.time("uuuu-MM-dd'T'HH:mm:ss.SSS'000+00:00'"));
    }

    @Override
    public Visit visit(Moment moment) {
      return moment.visit(
          isApp(moment) ? moment.id("app") : moment.id("device"),
          moment.id("person"),
          isApp(moment) ? "Screen" : moment.encodedPath());
    }

    private static boolean isApp(Moment moment) {
      return moment.visitor() % 4 == 0;
    }
  }

  private static final class Matomo implements Source {
    @Override
    public String event(Moment moment, Random random) {
      return event(moment, "action");
    }

    @Override
    public String otherEvent(Moment moment, Random random) {
      return event(moment, random.nextBoolean() ? "event" : "outlink");
    }

    private static String event(Moment moment, String type) {
      return json(
          "type", type,
          "url", moment.url(),
          "pageId", String.valueOf(moment.seconds()),
          "timestamp", moment.seconds(),
          "visitorId", visitorId(moment),
          "userId", moment.user());
    }

    private static String visitorId(Moment moment) {
      return "e280af5191b64" + (100 + moment.visitor());
    }

    @Override
    public Visit visit(Moment moment) {
      return moment.visit(visitorId(moment), moment.user(), moment.path());
    }

    @Override
    public boolean hasMillis() {
      return false;
    }
  }

  private static final class CloudFront implements Source {
    @Override
    public String event(Moment moment, Random random) {
      return event(moment, moment.encodedPath(), "GET", random.nextBoolean() ? "200" : "304");
    }

    @Override
    public String otherEvent(Moment moment, Random random) {
      return switch (random.nextInt(3)) {
        case 0 -> event(moment, any(ASSETS, random), "GET", "200");
        case 1 -> event(moment, moment.encodedPath(), "POST", "200");
        default -> event(moment, moment.encodedPath(), "GET", "404");
      };
    }

    private static String event(Moment moment, String stem, String method, String status) {
      return json(
          "date",
          moment.time("uuuu-MM-dd"),
          "time",
          moment.time("HH:mm:ss"),
          "c-ip",
          moment.address(),
          "cs-method",
          method,
          "cs(Host)",
          "d111111abcdef8.cloudfront.net",
          "cs-uri-stem",
          stem,
          "sc-status",
          status,
          "cs(Referer)",
          "-",
          "cs(User-Agent)",
          browser(moment),
          "x-edge-request-id",
          moment.id("request"));
    }

    private static String browser(Moment moment) {
      return moment.browser().replace(" ", "%20");
    }

    @Override
    public Visit visit(Moment moment) {
      return moment.visit(joined(moment.address(), browser(moment)), null, moment.encodedPath());
    }

    @Override
    public boolean hasMillis() {
      return false;
    }
  }

  private static final class Combined implements Source {
    @Override
    public String event(Moment moment, Random random) {
      String query = random.nextBoolean() ? "" : "?page=/a.css";
      String target = moment.encodedPath() + query;
      return line(moment, "GET " + target + " HTTP/1.1", random.nextBoolean() ? 200 : 304);
    }

    @Override
    public String otherEvent(Moment moment, Random random) {
      return switch (random.nextInt(4)) {
        case 0 -> line(moment, "GET " + any(ASSETS, random) + "?v=3 HTTP/2.0", 200);
        case 1 -> line(moment, "POST " + moment.encodedPath() + " HTTP/1.1", 200);
        case 2 -> line(moment, "\\x16\\x03\\x01", 400);
        default -> line(moment, "GET " + moment.encodedPath() + " HTTP/1.1", 404);
      };
    }

    private static String line(Moment moment, String request, int status) {
      String user = moment.user();
      return "%s - %s [%s] \"%s\" %s 5123 \"-\" \"%s\""
          .formatted(
              moment.address(),
              user == null ? "-" : user,
              moment.time("dd/MMM/uuuu:HH:mm:ss xx"),
              request,
              status,
              moment.browser());
    }

    @Override
    public Visit visit(Moment moment) {
      return moment.visit(joined(moment.address(), moment.browser()), moment.user(), moment.path());
    }

    @Override
    public boolean hasMillis() {
      return false;
    }
  }

  private static final class NginxJson implements Source {
    @Override
    public String event(Moment moment, Random random) {
      return event(moment, "GET", moment.encodedPath() + "?page=/a.css", "200");
    }

    @Override
    public String otherEvent(Moment moment, Random random) {
      return switch (random.nextInt(3)) {
        case 0 -> event(moment, "GET", any(ASSETS, random) + "?v=3", "200");
        case 1 -> event(moment, "HEAD", moment.encodedPath(), "200");
        default -> event(moment, "GET", moment.encodedPath(), "500");
      };
    }

    private static String event(Moment moment, String method, String uri, String status) {
      String user = moment.user();
      return json(
          "msec",
          moment.seconds() + "." + moment.time("SSS"),
          "remote_addr",
          moment.address(),
          "remote_user",
          user == null ? "" : user,
          "request_method",
          method,
          "request_uri",
          uri,
          "status",
          status,
          "http_user_agent",
          moment.browser(),
          "request_id",
          moment.id("request"));
    }

    @Override
    public Visit visit(Moment moment) {
      return moment.visit(joined(moment.address(), moment.browser()), moment.user(), moment.path());
    }
  }

  private static String any(List<String> texts, Random random) {
    return texts.get(random.nextInt(texts.size()));
  }

  /** Returns the id that two parts are together. */
  private static String joined(String first, String second) {
    return first.replace(":", "\\:") + ":" + second.replace(":", "\\:");
  }

  private static Map<String, @Nullable Object> map(@Nullable Object... namesAndValues) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      map.put(String.valueOf(namesAndValues[i]), namesAndValues[i + 1]);
    }
    return map;
  }

  private static String json(@Nullable Object... namesAndValues) {
    return json(map(namesAndValues));
  }

  private static String json(Map<String, @Nullable Object> event) {
    return JSON.valueToTree(event).toString();
  }
}
