package io.sessionizer.inspect;

import static io.sessionizer.inspect.FieldStatistics.ValueType.NUMBER;
import static io.sessionizer.inspect.FieldStatistics.ValueType.TEXT;

import io.sessionizer.formats.FieldExpression;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which fields may be the visit id, the event time, the user and the page, the most likely one
 * first. A score is a product of parts from 0 to 1:
 *
 * <ul>
 *   <li>Every score: which part of the records have the field (of a user: half of that counts), and
 *       what its name says: 1 for a name of just that, such as {@code anonymousId}, less for one
 *       that has such a word in it, least for any other.
 *   <li>Visit id: it is a text or a number, and no time, path or sentence. Each value is on several
 *       records: a value of its own on each record is an event's id, a value on a great part of the
 *       records is an attribute, such as a country.
 *   <li>Event time: the values are times, of one format. They are near to the records' Kafka
 *       timestamps, or, without these, increase. A value on many records is a time of something
 *       else.
 *   <li>User: only by its name; it need not be on all records.
 *   <li>Page: the values are paths or URLs, and are repeated.
 * </ul>
 *
 * <p>For example, {@code anonymousId} on all of 10,000 records with 1,200 values has 1 as a visit
 * id, {@code messageId} with 10,000 values 0.01.
 */
final class Candidates {
  /** Below this score a field is none. */
  private static final double LEAST = 0.02;

  /** On this part of the records in a row a value is an attribute, not an id. */
  private static final double FEW_VALUES = 200;

  private static final int LONG_ID = 200;
  private static final int FEW = 5;
  private static final Pattern DIGITS = Pattern.compile("-?[\\d.]+");

  private static final Set<String> VISIT_IDS =
      words(
          "visitid visitorid visitor sessionid session clientid cid anonymousid anonid "
              + "deviceid distinctid userpseudoid cookieid cookie domainuserid fingerprint "
              + "browserid installid fpc gaid");

  private static final Pattern VISIT_WORDS =
      Pattern.compile("visit|session|client|anon|device|cookie|distinct|pseudo|fingerprint");
  private static final Pattern EVENT_IDS =
      Pattern.compile(
          "(event|message|request|insert|trace|span|record|hit|batch|page|view|transaction|order)"
              + "(uu)?(id|key)$|^uuid$|^guid$|^id$");
  private static final Pattern NO_IDS =
      Pattern.compile(
          "agent|browser$|os$|kind|event$|country|lang|locale|status|version|type|name|title|ref|url|path|host"
              + "|width|height|count|index|number|seq|schema|byte|size|length|duration|latency|price"
              + "|amount|method|page|categor");
  private static final Pattern ADDRESSES = Pattern.compile("address|addr$|ip$");

  private static final Set<String> USERS =
      words(
          "userid user uid username customerid customer memberid member accountid "
              + "account email personid profileid remoteuser loyaltyid subscriberid");
  private static final Pattern USER_WORDS =
      Pattern.compile(
          "(user|customer|member|account|person)(id|key|name|ref|mail|email|no|number)$");

  private static final Set<String> PAGES =
      words(
          "page pagepath path pathname urlpath pageurlpath pageurl url uri requesturi "
              + "requestpath target csuristem pagelocation href location route");
  private static final Pattern PAGE_WORDS = Pattern.compile("page|path|url|uri|screen|route");
  private static final Pattern NO_PAGES =
      Pattern.compile("ref|agent|host|domain|image|img|avatar|icon|logo|callback|library|src");

  private static final Set<String> TIMES =
      words(
          "eventtime eventtimestamp timestamp ts time datetime derivedtstamp "
              + "occurredat clienttimestamp clienttime msec timelocal happenedat at t");
  private static final Pattern TIME_WORDS = Pattern.compile("time|date|stamp|ts$|at$");
  private static final Pattern OTHER_TIMES =
      Pattern.compile("sent|receiv|server|ingest|collect|load|etl|creat|updat|process|insert");
  private static final Pattern NO_TIMES =
      Pattern.compile("birth|first|last|prev|expir|start|since|signup|regist|install");

  private static Set<String> words(String names) {
    return Set.of(names.split(" ", -1));
  }

  private final FieldTable table;

  Candidates(FieldTable table) {
    this.table = table;
  }

  /** A score of a field as one thing. */
  private interface Scoring {
    double score(FieldStatistics field, String name);
  }

  /** Returns the fields that may be the visit id. */
  List<Candidate> visitIds() {
    return ranked(this::visitId, this::idReason);
  }

  private double visitId(FieldStatistics field, String name) {
    double repeated = (double) field.present() / Math.max(1, field.distinct());
    double repetition =
        repeated < 1.02
            ? 0.1
            : repeated < 2
                ? 0.6 + 0.4 * (repeated - 1)
                : Math.max(0.05, Math.min(1, FEW_VALUES / repeated));
    double look = field.paths() + field.urls() > 0.5 ? 0.1 : field.withSpace() > 0.5 ? 0.2 : 1;
    String example = String.valueOf(field.example());
    boolean isNumber = DIGITS.matcher(example).matches();
    if (field.times() > 0.5 || (field.fraction(NUMBER) > 0.5 && example.indexOf('.') >= 0)) {
      return 0;
    }
    return field.fraction(TEXT, NUMBER)
        * table.presence(field.field())
        * repetition
        * look
        * (field.distinct() < FEW && field.present() > 100 * FEW ? 0.2 : 1)
        * (field.longest() > LONG_ID ? 0.2 : 1)
        * visitName(name, isNumber);
  }

  private static double visitName(String name, boolean isNumber) {
    if (VISIT_IDS.contains(name)) {
      return 1;
    }
    if (EVENT_IDS.matcher(name).find()) {
      return 0.1;
    }
    if (NO_IDS.matcher(name).find()) {
      return 0.1;
    }
    if (VISIT_WORDS.matcher(name).find()) {
      return 0.8;
    }
    if (USERS.contains(name)) {
      return 0.5;
    }
    if (ADDRESSES.matcher(name).find()) {
      return 0.4;
    }
    return name.endsWith("id") || name.endsWith("key") ? 0.6 : isNumber ? 0.15 : 0.25;
  }

  /** Returns the fields that may be the event time. */
  List<Candidate> times() {
    return ranked(this::time, this::timeReason);
  }

  private double time(FieldStatistics field, String name) {
    double repeated = (double) field.present() / Math.max(1, field.distinct());
    boolean hasKafka = table.fields().stream().anyMatch(other -> other.near() > 0.5);
    return table.presence(field.field())
        * field.times()
        * (hasKafka ? 0.3 + 0.7 * field.near() : 0.3 + 0.7 * field.increasing())
        * (repeated > 50 && field.distinct() > 1 ? 0.5 : 1)
        * timeName(name);
  }

  private static double timeName(String name) {
    if (TIMES.contains(name)) {
      return 1;
    }
    if (NO_TIMES.matcher(name).find()) {
      return 0.2;
    }
    return OTHER_TIMES.matcher(name).find() ? 0.6 : TIME_WORDS.matcher(name).find() ? 0.8 : 0.4;
  }

  /** Returns the fields that may be the user. */
  List<Candidate> users() {
    return ranked(
        (field, name) ->
            field.fraction(TEXT, NUMBER)
                * (0.5 + 0.5 * table.presence(field.field()))
                * (field.present() == 0 ? 0 : 1)
                * (USERS.contains(name) ? 1 : USER_WORDS.matcher(name).find() ? 0.7 : 0),
        this::idReason);
  }

  /** Returns the fields that may be the page. */
  List<Candidate> pages() {
    List<Candidate> pages = new ArrayList<>();
    for (Candidate page : ranked(this::page, this::idReason)) {
      add(pathOf(page.field().text()), page.score(), page.why(), pages);
    }
    return pages;
  }

  private double page(FieldStatistics field, String name) {
    double look = Math.max(field.paths(), 0.95 * field.urls());
    double named =
        NO_PAGES.matcher(name).find()
            ? 0.05
            : PAGES.contains(name) ? 1 : PAGE_WORDS.matcher(name).find() ? 0.8 : 0.3;
    boolean isOwn = field.distinct() > 20 && field.distinct() >= field.present();
    return table.presence(field.field())
        * field.fraction(TEXT)
        * (look > 0.5 ? look : named >= 0.8 ? 0.3 : 0)
        * (isOwn ? 0.8 : 1)
        * named;
  }

  /** Returns the path of a field with URLs; of others the field. */
  private String pathOf(String name) {
    FieldStatistics field = table.get(name);
    boolean hasQueries = field != null && String.valueOf(field.example()).indexOf('?') >= 0;
    return field != null && (field.urls() > 0.5 || hasQueries) ? "path(" + name + ")" : name;
  }

  private List<Candidate> ranked(Scoring scoring, Why reason) {
    List<Candidate> all = new ArrayList<>();
    for (FieldStatistics field : table.fields()) {
      double score = scoring.score(field, Names.plain(field.field()));
      if (score >= LEAST) {
        add(field.field(), score, reason.of(field), all);
      }
    }
    all.sort(Comparator.comparingDouble(Candidate::score).reversed());
    return all;
  }

  private static void add(String name, double score, String why, List<Candidate> to) {
    FieldExpression field = Mapping.expression(name);
    if (field != null) {
      to.add(new Candidate(field, score, why));
    }
  }

  /** Why a field may be one thing. */
  private interface Why {
    String of(FieldStatistics field);
  }

  private String idReason(FieldStatistics field) {
    return on(field.present())
        + ", "
        + field.distinctText()
        + (field.distinct() == 1 ? " value, " : " values, ")
        + NumberText.ratio(field.present(), field.distinct())
        + " records each";
  }

  private String timeReason(FieldStatistics field) {
    TimeFormat format = field.timeFormat();
    return format == null
        ? ""
        : format.flag()
            + ", "
            + on(field.present())
            + (field.hasZone() ? "" : ", without a zone")
            + (field.times() == 1 ? "" : ", some are no times");
  }

  private String on(long present) {
    return present == table.records()
        ? "on every record"
        : "on " + NumberText.percent(present, table.records()) + " of the records";
  }
}
