package io.sessionizer.inspect;

import io.sessionizer.inspect.MadeUpVisits.MadeUpVisit;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** A visit as other systems write it, with the names of their documentation. */
final class Shapes {
  /** By the name of the format. */
  static final Map<String, Function<MadeUpVisit, String>> KNOWN = new TreeMap<>();

  static {
    KNOWN.put("reference", Shapes::reference);
    KNOWN.put("segment", Shapes::segment);
    KNOWN.put("snowplow-json", Shapes::snowplowJson);
    KNOWN.put("snowplow-tsv", Shapes::snowplowTsv);
    KNOWN.put("ga4", Shapes::ga4);
    KNOWN.put("posthog", Shapes::postHog);
    KNOWN.put("matomo", Shapes::matomo);
    KNOWN.put("cloudfront", Shapes::cloudFront);
    KNOWN.put("combined", Shapes::combined);
    KNOWN.put("nginx-json", Shapes::nginxJson);
  }

  private Shapes() {}

  private static String json(String text) {
    return text.replace('\'', '"').replace("\n", "");
  }

  static String reference(MadeUpVisit v) {
    return json(
        "{'visit_id':'%s','event_time':'%s','user_id':%s,'page':'%s'}"
            .formatted(v.id(), v.iso(), v.userJson(), v.page()));
  }

  static String segment(MadeUpVisit v) {
    return json(
        """
        {'anonymousId':'%s','context':{'page':{'path':'%s','url':'https://shop.example%s'},
        'library':{'name':'analytics.js'}},'messageId':'m-%s','originalTimestamp':'%s',
        'receivedAt':'%s','sentAt':'%s','timestamp':'%s','type':'%s','userId':%s}
        """
            .formatted(
                v.id(),
                v.page(),
                v.page(),
                v.number(),
                v.iso(),
                v.iso(),
                v.iso(),
                v.iso(),
                v.number() % 5 == 4 ? "track" : "page",
                v.userJson()));
  }

  static String snowplowJson(MadeUpVisit v) {
    return json(
        """
        {'app_id':'shop','platform':'web','collector_tstamp':'%s','derived_tstamp':'%s',
        'event':'%s','event_id':'e-%s','domain_userid':'%s',
        'network_userid':'00000000-0000-0000-0000-000000000000','user_id':%s,
        'page_urlpath':'%s'}
        """
            .formatted(
                v.iso(),
                v.iso(),
                v.number() % 5 == 4 ? "page_ping" : "page_view",
                v.number(),
                v.id(),
                v.userJson(),
                v.page()));
  }

  static String snowplowTsv(MadeUpVisit v) {
    String[] cells = new String[131];
    Arrays.fill(cells, "");
    cells[0] = "shop";
    cells[1] = "web";
    cells[3] = v.text("uuuu-MM-dd HH:mm:ss.SSS");
    cells[5] = v.number() % 5 == 4 ? "page_ping" : "page_view";
    cells[6] = "e-" + v.number();
    cells[12] = v.user() == null ? "" : v.user();
    cells[15] = v.id();
    cells[35] = v.page();
    cells[124] = v.text("uuuu-MM-dd HH:mm:ss.SSS");
    return String.join("\t", cells);
  }

  static String ga4(MadeUpVisit v) {
    return json(
        """
        {'event_date':'20260301','event_timestamp':'%s000','event_name':'%s','event_params':[
        {'key':'ga_session_id','value':{'int_value':'1'}},
        {'key':'page_location','value':{'string_value':'https://shop.example%s?a=1'}}],
        'user_id':%s,'user_pseudo_id':'%s'}
        """
            .formatted(
                v.millis(),
                v.number() % 5 == 4 ? "scroll" : "page_view",
                v.page(),
                v.userJson(),
                v.id()));
  }

  static String postHog(MadeUpVisit v) {
    return json(
        """
        {'uuid':'u-%s','event':'%s','properties':'{\\'$device_id\\':\\'%s\\',
        \\'$pathname\\':\\'%s\\'}','timestamp':'%s','distinct_id':'%s','person_id':%s}
        """
            .formatted(
                v.number(),
                v.number() % 5 == 4 ? "$pageleave" : "$pageview",
                v.id(),
                v.page(),
                v.text("uuuu-MM-dd HH:mm:ss.SSS"),
                v.id(),
                v.userJson()));
  }

  static String matomo(MadeUpVisit v) {
    return json(
        """
        {'visitorId':'%s','userId':%s,'type':'%s','url':'https://shop.example%s',
        'pageTitle':'A page','pageIdAction':'7','timestamp':%s,'timeSpent':'12'}
        """
            .formatted(
                v.id(),
                v.userJson(),
                v.number() % 5 == 4 ? "event" : "action",
                v.page(),
                v.millis() / 1000));
  }

  static String cloudFront(MadeUpVisit v) {
    return json(
        """
        {'date':'%s','time':'%s','c-ip':'192.0.2.%s','cs-method':'GET','cs-uri-stem':'%s',
        'sc-status':'200','cs(User-Agent)':'Mozilla/5.0%%20(%s)','x-edge-request-id':'r-%s'}
        """
            .formatted(
                v.text("uuuu-MM-dd"),
                v.text("HH:mm:ss"),
                v.visitor() % 200,
                v.number() % 5 == 4 ? "/style.css" : v.page(),
                v.visitor(),
                v.number()));
  }

  static String combined(MadeUpVisit v) {
    return "192.0.2.%s - %s [%s] \"GET %s HTTP/1.1\" 200 512 \"-\" \"Mozilla/5.0 (%s)\""
        .formatted(
            v.visitor() % 200,
            v.user() == null ? "-" : v.user(),
            v.text("dd/MMM/uuuu:HH:mm:ss Z"),
            v.number() % 5 == 4 ? "/style.css" : v.page(),
            v.visitor());
  }

  static String nginxJson(MadeUpVisit v) {
    return json(
        """
        {'remote_addr':'192.0.2.%s','remote_user':'%s','msec':'%s.%s','request_method':'GET',
        'request_uri':'%s?x=1','status':'200','http_user_agent':'Mozilla/5.0 (%s)'}
        """
            .formatted(
                v.visitor() % 200,
                v.user() == null ? "" : v.user(),
                v.millis() / 1000,
                "%03d".formatted(v.millis() % 1000),
                v.number() % 5 == 4 ? "/style.css" : v.page(),
                v.visitor()));
  }

  /** A shape of nobody's. */
  static String nested(MadeUpVisit v) {
    return json(
        """
        {'evt':{'id':'e-%s','kind':'%s','at':%s},'who':{'client':{'cookie':'%s'},'customer':%s},
        'where':{'url':'https://shop.example%s?q=1','country':'%s'},'tags':['a','b'],'v':2}
        """
            .formatted(
                v.number(),
                v.number() % 5 == 4 ? "click" : "pageview",
                v.millis(),
                v.id(),
                v.userJson(),
                v.page(),
                v.visitor() % 2 == 0 ? "DE" : "FR"));
  }
}
