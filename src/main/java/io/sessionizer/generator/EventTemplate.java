package io.sessionizer.generator;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sessionizer.formats.KnownFormats;
import io.sessionizer.generator.VisitorPool.PageView;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Records of another system, as a text with names in braces where the values of a visit are. No
 * value has a character that JSON or a log would escape.
 *
 * <p>For example, {@code {"anonymousId":"{id}"}} is {@code {"anonymousId":"140_7"}} for a visit of
 * the id {@code 140_7}.
 */
final class EventTemplate implements EventEncoder {
  private static final Pattern NAME = Pattern.compile("\\{(\\w+)}");

  private static final DateTimeFormatter ISO = utc("uuuu-MM-dd'T'HH:mm:ss.SSSX");
  private static final DateTimeFormatter DATE = utc("uuuu-MM-dd");
  private static final DateTimeFormatter TIME = utc("HH:mm:ss");
  private static final DateTimeFormatter LOG = utc("dd/MMM/uuuu:HH:mm:ss Z");

  private static final String OF_ADDRESS = "{address}:{agent}";
  private static final String AGENT =
      "Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/140.0";

  /** By the name of the format; Snowplow's columns are in their own order. */
  private static final Map<String, String> TEMPLATES =
      Map.of(
          "segment",
          """
          {"type":"page","messageId":"{event}","anonymousId":"{id}","userId":"{user}",
          "timestamp":"{iso}","context":{"page":{"path":"/{page}","url":"{url}"}}}
          """,
          "snowplow-json",
          """
          {"app_id":"website","platform":"web","event":"page_view","event_id":"{event}",
          "collector_tstamp":"{iso}","derived_tstamp":"{iso}","domain_userid":"{id}",
          "user_id":"{user}","page_url":"{url}","page_urlpath":"/{page}"}
          """,
          "ga4",
          """
          {"event_timestamp":"{micros}","event_name":"page_view","event_params":[
          {"key":"page_location","value":{"string_value":"{url}"}}],
          "user_id":"{user}","user_pseudo_id":"{id}"}
          """,
          "posthog",
          """
          {"uuid":"{event}","event":"$pageview","distinct_id":"{id}","person_id":"{user}",
          "timestamp":"{iso}","properties":{"$device_id":"{id}","$pathname":"/{page}"}}
          """,
          "matomo",
          """
          {"type":"action","url":"{url}","pageId":"{event}","timestamp":{seconds},
          "visitorId":"{id}","userId":"{user}"}
          """,
          "cloudfront",
          """
          {"date":"{date}","time":"{time}","c-ip":"{address}","cs-method":"GET",
          "cs-uri-stem":"/{page}","sc-status":"200","cs(User-Agent)":"{agent}",
          "x-edge-request-id":"{event}"}
          """,
          "combined",
          """
          {address} - {user} [{log}] "GET /{page} HTTP/1.1" 200 1024 "-" "{agent}"
          """,
          "nginx-json",
          """
          {"msec":"{seconds}.000","remote_addr":"{address}","remote_user":"{user}",
          "request_method":"GET","request_uri":"/{page}","status":"200",
          "http_user_agent":"{agent}","request_id":"{event}"}
          """);

  private static final Map<String, String> SNOWPLOW =
      Map.of(
          "app_id", "website",
          "platform", "web",
          "event", "page_view",
          "event_id", "{event}",
          "collector_tstamp", "{date} {time}",
          "derived_tstamp", "{date} {time}",
          "domain_userid", "{id}",
          "user_id", "{user}",
          "page_url", "{url}",
          "page_urlpath", "/{page}");

  private final List<String> value;
  private final List<String> key;

  private EventTemplate(String value, String key) {
    this.value = parts(value);
    this.key = parts(key);
  }

  /** Returns the template of a format. */
  static EventTemplate of(String format) {
    if (format.equals("snowplow-tsv")) {
      String columns =
          KnownFormats.format(format).columns().stream()
              .map(column -> SNOWPLOW.getOrDefault(column, ""))
              .collect(Collectors.joining("\t"));
      return new EventTemplate(columns, "{id}");
    }
    String template = TEMPLATES.get(format);
    if (template == null) {
      throw new IllegalArgumentException("no such format: " + format);
    }
    String line = template.strip().replaceAll(",\n", ",").replaceAll("\\[\n", "[");
    return new EventTemplate(line, line.contains("{address}") ? OF_ADDRESS : "{id}");
  }

  /** Returns text and names in turn. */
  private static List<String> parts(String template) {
    List<String> parts = new ArrayList<>();
    Matcher name = NAME.matcher(template);
    int from = 0;
    while (name.find()) {
      parts.add(template.substring(from, name.start()));
      parts.add(name.group(1));
      from = name.end();
    }
    parts.add(template.substring(from));
    return parts;
  }

  @Override
  public byte[] encode(PageView view) {
    return filled(value, view);
  }

  @Override
  public byte[] key(PageView view) {
    return filled(key, view);
  }

  @Override
  public byte[] corrupted(byte[] wellFormed, long number) {
    return Arrays.copyOf(wellFormed, wellFormed.length / 2);
  }

  private static byte[] filled(List<String> parts, PageView view) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < parts.size(); i++) {
      text.append(i % 2 == 0 ? parts.get(i) : value(parts.get(i), view));
    }
    return text.toString().getBytes(UTF_8);
  }

  private static String value(String name, PageView view) {
    long millis = view.eventTimeMillis();
    return switch (name) {
      case "id" -> view.visitor().visitId();
      case "user" -> view.visitor().userId();
      case "page" -> view.page();
      case "url" -> "https://www.example.com/" + view.page();
      case "event" -> view.visitor().visitId() + "-" + millis;
      case "address" -> address(view.visitor());
      case "agent" -> AGENT;
      case "seconds" -> String.valueOf(millis / 1000);
      case "micros" -> String.valueOf(millis * 1000);
      case "iso" -> time(ISO, millis);
      case "date" -> time(DATE, millis);
      case "time" -> time(TIME, millis);
      case "log" -> time(LOG, millis);
      default -> throw new IllegalArgumentException(name);
    };
  }

  private static String time(DateTimeFormatter format, long millis) {
    return format.format(Instant.ofEpochMilli(millis));
  }

  private static DateTimeFormatter utc(String pattern) {
    return DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH).withZone(ZoneOffset.UTC);
  }

  /** Returns an address of the visitor's own, by the number behind the visit id. */
  private static String address(Visitor visitor) {
    String id = visitor.visitId();
    long number = Long.parseLong(id.substring(id.indexOf('_') + 1));
    return "10.%s.%s.%s".formatted(number >> 16 & 255, number >> 8 & 255, number & 255);
  }
}
