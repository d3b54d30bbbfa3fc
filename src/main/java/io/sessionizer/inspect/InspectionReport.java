package io.sessionizer.inspect;

import io.sessionizer.config.Durations;
import io.sessionizer.explain.Line;
import io.sessionizer.explain.LineStyle;
import io.sessionizer.formats.FieldExpression;
import io.sessionizer.formats.FieldExpression.Node;
import io.sessionizer.inspect.Behaviour.SampledSession;
import io.sessionizer.inspect.SampledVisits.Role;
import io.sessionizer.records.Reason;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.checkerframework.checker.nullness.qual.Nullable;

/** What an inspection says, as lines for people. Without values of records if these are hidden. */
public final class InspectionReport {
  private static final int LEAST_COLUMNS = 80;
  private static final int MOST_COLUMNS = 120;

  /** How many fields the table has at most. */
  private static final int SHOWN_FIELDS = 60;

  private static final int LABEL = 11;
  private static final int BAR = 32;
  private static final int NUMBER = 8;
  private static final int LONGEST_TYPE = 12;

  /** What the other columns of the table have at least, the example 12. */
  private static final int BESIDE_FIELD = 48;

  /** Of a condition that is longer the start is shown. */
  private static final int LONGEST_CONDITION = 100;

  /** Below this number of records figures may be others with more. */
  private static final int FEW_RECORDS = 1000;

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final Inspection inspection;
  private final boolean hideValues;
  private final int columns;
  private final List<Line> lines = new ArrayList<>();

  private InspectionReport(Inspection inspection, boolean hideValues, int columns) {
    this.inspection = inspection;
    this.hideValues = hideValues;
    this.columns = Math.max(LEAST_COLUMNS, Math.min(MOST_COLUMNS, columns));
  }

  /**
   * Returns the lines.
   *
   * @param hideValues whether no value of a record may be in them
   * @param columns the width of the terminal
   */
  public static List<Line> lines(Inspection inspection, boolean hideValues, int columns) {
    InspectionReport report = new InspectionReport(inspection, hideValues, columns);
    report.addAll();
    return report.lines;
  }

  private void addAll() {
    addSummary();
    if (inspection.table().records() == 0) {
      return;
    }
    addFields();
    addMapping();
    if (!inspection.visits().visits().isEmpty()) {
      addGaps();
      addBehaviour();
      addSessions();
    }
  }

  private void addSummary() {
    RecordSample sample = inspection.sample();
    line(LineStyle.RESULT, sample.name() + ": " + read(sample));
    if (sample.records().isEmpty()) {
      return;
    }
    label("shape", shapes());
    KnownFormat format = inspection.mapping().format();
    if (format != null) {
      label("format", format.name() + " (" + format.title() + ")");
    } else if (inspection.table().records() > 0) {
      label("format", "none that has a name");
    }
    List<String> jsonTexts = inspection.mapping().jsonTexts();
    if (!jsonTexts.isEmpty()) {
      label("JSON text", String.join(", ", jsonTexts) + ": --jsonText reads it");
    }
    String advice = advice();
    if (!advice.isEmpty()) {
      warn(advice);
    }
    addVisits();
  }

  /** Returns how many records were read, and of how many. */
  static String read(RecordSample sample) {
    long records = sample.records().size();
    String noun = sample.source().noun();
    if (records == 0) {
      return "no " + noun + "s: it is empty";
    }
    if (sample.isWhole()) {
      return NumberText.count(records, noun) + ", all there are";
    }
    return sample.source() == RecordSample.Source.TOPIC
        ? "the newest %s of about %s"
            .formatted(NumberText.count(records, noun), NumberText.count(sample.available()))
        : "the first %s; there are more".formatted(NumberText.count(records, noun));
  }

  private String shapes() {
    TextShape text = inspection.text();
    Map<Shape, Long> shapes = inspection.shapes();
    long all = inspection.sample().records().size();
    String others =
        shapes.entrySet().stream()
            .filter(counted -> counted.getKey() != inspection.shape())
            .map(c -> NumberText.count(c.getValue()) + " " + c.getKey().title())
            .collect(Collectors.joining(", "));
    String most = inspection.shape().title();
    if (text != null) {
      most = text.division().title();
      if (text.division() == TextShape.Division.TSV || text.division() == TextShape.Division.CSV) {
        most += ", " + NumberText.count(text.columns().size(), "column");
        most += text.hasHeader() ? ", named by the first line" : ", without names";
      }
    }
    long counted = shapes.getOrDefault(inspection.shape(), 0L);
    return others.isEmpty() ? most : NumberText.percent(counted, all) + " " + most + "; " + others;
  }

  /** Returns what to do with records that have no fields; empty if they have some. */
  private String advice() {
    TextShape text = inspection.text();
    return switch (inspection.shape()) {
      case ARRAY -> "one array is one record: jq -c '.[]' splits it into its elements";
      case MALFORMED ->
          "a record must be one object on one line: jq -c . makes one of several lines";
      case SCHEMA_ID, AVRO_FILE, PARQUET_FILE, BINARY ->
          "a job reads JSON and text: convert the records first";
      case JSON_VALUE -> "the event must be an object";
      case TOO_LARGE ->
          "a record is one event; a job with a larger --maxRecordBytes reads larger ones";
      case EMPTY -> "no record has a value";
      case TEXT ->
          text != null && text.division() == TextShape.Division.OTHER
              ? "--recordFormat=regex:PATTERN reads lines with named groups"
              : "";
      case OBJECT, PREFIXED_OBJECT -> "";
    };
  }

  private void addVisits() {
    SampledVisits visits = inspection.visits();
    String where = inspection.mapping().whereText();
    if (!where.isEmpty()) {
      label(
          "visits",
          "%s of them: %s"
              .formatted(
                  NumberText.count(visits.visits().size()),
                  hideValues && inspection.mapping().where() != null
                      ? "some values of " + inspection.mapping().where().field()
                      : cut(where, LONGEST_CONDITION)));
    }
    if (visits.candidates() > 0 && visits.candidates() < FEW_RECORDS) {
      warn(
          "only %s: figures may change with more"
              .formatted(
                  NumberText.count(visits.candidates(), where.isEmpty() ? "record" : "visit")));
    }
  }

  private void addFields() {
    FieldTable table = inspection.table();
    List<FieldStatistics> shown =
        table.fields().stream().filter(field -> field.present() > 0).limit(SHOWN_FIELDS).toList();
    long withValues = table.fields().stream().filter(field -> field.present() > 0).count();
    int width =
        shown.stream()
            .mapToInt(field -> field.field().length())
            .filter(length -> length <= columns - BESIDE_FIELD)
            .max()
            .orElse(0);
    width = Math.max(width, "field".length());
    int type = shown.stream().mapToInt(field -> field.types().length()).max().orElse(0);
    type = Math.max("type".length(), Math.min(type, LONGEST_TYPE));
    int example = columns - width - 2 * NUMBER - type - 8;
    line(
        LineStyle.TITLE,
        pad("field", width)
            + "  "
            + right("on", NUMBER)
            + "  "
            + pad("type", type)
            + "  "
            + right("values", NUMBER)
            + (hideValues ? "" : "  example"));
    for (FieldStatistics field : shown) {
      String row =
          "  "
              + right(NumberText.percent(field.present(), table.records()), NUMBER)
              + "  "
              + pad(cut(field.types(), type), type)
              + "  "
              + right(field.distinctText(), NUMBER)
              + (hideValues ? "" : "  " + example(field, example));
      if (field.field().length() > width) {
        line(LineStyle.PLAIN, field.field());
        line(LineStyle.PLAIN, " ".repeat(width) + row);
      } else {
        line(LineStyle.PLAIN, pad(field.field(), width) + row);
      }
    }
    if (withValues > shown.size() || table.isCut()) {
      aside(
          table.isCut()
              ? "and more: names may be values"
              : "and " + NumberText.count(withValues - shown.size(), "more field"));
    }
    if (table.records() > 1
        && shown.stream().noneMatch(field -> field.present() == table.records())) {
      warn("no field is on every record");
    }
  }

  private static String example(FieldStatistics field, int width) {
    return cut(String.valueOf(field.example()), width);
  }

  private void addMapping() {
    Mapping mapping = inspection.mapping();
    Mapping.Ranking ranking = mapping.candidates();
    boolean isKnown = mapping.format() != null;
    line(
        LineStyle.TITLE,
        isKnown ? "The fields of this format" : "The most likely fields of a visit");
    addRole(Role.VISIT_ID, mapping.visitId(), ranking.visitIds(), "");
    addRole(Role.TIME, mapping.time(), ranking.times(), mapping.timeFormat().toString());
    addRole(Role.USER, mapping.user(), ranking.users(), "");
    addRole(Role.PAGE, mapping.page(), ranking.pages(), "");
    if (!isKnown) {
      addDoubts(mapping);
    }
    addRejected();
  }

  private void addRole(
      Role role, @Nullable FieldExpression chosen, List<Candidate> candidates, String format) {
    if (chosen == null) {
      label(role.title(), "none: " + noneBecause(role));
      return;
    }
    Set<Node> used = Set.copyOf(chosen.leaves());
    List<Candidate> next =
        candidates.stream()
            .filter(c -> c.field().leaves().stream().noneMatch(used::contains))
            .limit(2)
            .toList();
    label(
        role.title(),
        chosen
            + "  "
            + (inspection.makesVisits() ? onVisits(role, format) : onRecords(chosen, candidates)));
    if (!next.isEmpty()) {
      String names = next.stream().map(c -> c.field().text()).collect(Collectors.joining(", "));
      boolean isDoubtful =
          inspection.mapping().format() == null
              && !candidates.isEmpty()
              && candidates.get(0).isAsLikely(next.get(0));
      wrapped(
          isDoubtful ? LineStyle.LATE : LineStyle.ASIDE,
          "",
          (isDoubtful ? "as likely: " : "next: ") + names);
    }
  }

  /** Says how often a field is there, if no record is a visit. */
  private static String onRecords(FieldExpression chosen, List<Candidate> candidates) {
    return candidates.stream()
        .filter(candidate -> candidate.field().equals(chosen))
        .map(Candidate::why)
        .findFirst()
        .orElse("");
  }

  private String onVisits(Role role, String format) {
    SampledVisits visits = inspection.visits();
    long all = visits.visits().size();
    long present = visits.present(role);
    long distinct = visits.distinct(role).count();
    String on = present == all ? "on all" : "on " + NumberText.percent(present, all);
    String values =
        role == Role.TIME
            ? format
            : "%s%s, %s each"
                .formatted(
                    visits.distinct(role).isExact() ? "" : "about ",
                    NumberText.count(distinct, "value"),
                    NumberText.ratio(present, distinct));
    return on + ", " + values;
  }

  private static String noneBecause(Role role) {
    return switch (role) {
      case VISIT_ID -> "no text and no number is on several records";
      case TIME -> "no field has times, from 1990 on";
      case USER -> "no field has the name of one";
      case PAGE -> "no field has paths or URLs";
    };
  }

  private void addDoubts(Mapping mapping) {
    FieldExpression time = mapping.time();
    FieldStatistics times = time == null ? null : inspection.table().get(time.text());
    if (times != null && times.otherFormat() != null) {
      warn(
          "day first or month first? No value decides; the other is " + times.otherFormat().flag());
    }
    if (times != null && !times.hasZone()) {
      aside("times without a zone are in UTC; --eventTimeZone names another");
    }
    Where where = mapping.where();
    if (where != null && !hideValues) {
      aside("%s also has: %s".formatted(where.field(), where.others(inspection.table())));
    }
    if (time != null && time.text().equals(Mapping.KAFKA_TIMESTAMP)) {
      warn("no field is a time: the Kafka timestamp is when a record was written");
    }
  }

  private void addRejected() {
    SampledVisits visits = inspection.visits();
    long rejected = visits.candidates() - visits.visits().size();
    if (rejected > 0 && inspection.mapping().input() != null) {
      String reasons =
          visits.rejected().entrySet().stream()
              .sorted(Map.Entry.<Reason, Long>comparingByValue().reversed())
              .map(reason -> NumberText.count(reason.getValue()) + " " + reason.getKey())
              .collect(Collectors.joining(", "));
      wrapped(
          LineStyle.DEAD,
          "rejected",
          "%s of %s would be: %s"
              .formatted(
                  NumberText.count(rejected), NumberText.count(visits.candidates()), reasons));
    }
  }

  private void addGaps() {
    Behaviour behaviour = inspection.behaviour();
    Gaps gaps = behaviour.gaps();
    if (gaps.count() == 0) {
      line(LineStyle.TITLE, "No two visits have the same visit id: there are no gaps");
      return;
    }
    line(
        LineStyle.TITLE,
        NumberText.count(gaps.count(), "gap") + " between the visits of one visit id");
    long most = gaps.bars().stream().mapToLong(Gaps.GapClass::count).max().orElse(1);
    for (Gaps.GapClass bar : gaps.bars()) {
      long filled =
          bar.count() == 0 ? 0 : Math.max(1, Math.round((double) BAR * bar.count() / most));
      line(
          LineStyle.PLAIN,
          (pad(bar.title(), LABEL)
                  + right(NumberText.percent(bar.count(), gaps.count()), NUMBER)
                  + "  "
                  + "\u2588".repeat((int) filled))
              .stripTrailing());
    }
    lines.add(bend(behaviour));
    if (behaviour.spanMillis() < 8 * behaviour.policy().gap().toMillis()
        && !inspection.sample().isWhole()) {
      warn(
          "the visits are of %s: longer gaps cannot be in them; --last reads more"
              .formatted(NumberText.duration(behaviour.spanMillis())));
    }
  }

  private static Line bend(Behaviour behaviour) {
    Gaps gaps = behaviour.gaps();
    String gap = Durations.format(behaviour.policy().gap());
    OptionalLong bend = gaps.bend();
    if (gaps.count() < Gaps.ENOUGH) {
      return new Line(
          LineStyle.LATE, "too few to say where they bend; the session gap stays " + gap);
    }
    if (bend.isEmpty()) {
      return new Line(
          LineStyle.ASIDE, "they do not bend between 2m and 12h; the session gap stays " + gap);
    }
    String at = NumberText.duration(bend.getAsLong());
    return suggestedGap(behaviour).isEmpty()
        ? new Line(
            LineStyle.ASIDE, "they bend at about " + at + "; a session gap of " + gap + " fits")
        : new Line(
            LineStyle.LATE,
            "they bend at about %s, the session gap is %s: consider --sessionGap=%s"
                .formatted(at, gap, at));
  }

  /** Returns the session gap if the data clearly has another one than the default, ms. */
  static OptionalLong suggestedGap(Behaviour behaviour) {
    OptionalLong bend = behaviour.gaps().bend();
    long gap = behaviour.policy().gap().toMillis();
    if (bend.isEmpty()) {
      return bend;
    }
    long between =
        behaviour.gaps().from(Math.min(gap, bend.getAsLong()))
            - behaviour.gaps().from(Math.max(gap, bend.getAsLong()));
    return between > behaviour.gaps().count() / 50 ? bend : OptionalLong.empty();
  }

  private void addBehaviour() {
    Behaviour behaviour = inspection.behaviour();
    long visits = inspection.visits().visits().size();
    line(
        LineStyle.TITLE,
        "%s from %s to %s UTC"
            .formatted(
                NumberText.count(visits, "visit"),
                TIME.format(Instant.ofEpochMilli(behaviour.earliest())),
                TIME.format(Instant.ofEpochMilli(behaviour.latest()))));
    String part = inspection.sample().source() == RecordSample.Source.TOPIC ? "partition" : "file";
    label(
        "order",
        behaviour.outOfOrder() == 0
            ? "every visit is in the order of its " + part
            : "%s are behind a newer one of their %s, by %s at most (99.9 %% of all: %s)"
                .formatted(
                    NumberText.percent(behaviour.outOfOrder(), visits),
                    part,
                    NumberText.duration(behaviour.outOfOrder(1, visits)),
                    NumberText.duration(behaviour.outOfOrder(0.999, visits))));
    if (behaviour.hasDelays()) {
      label("delay", delay(behaviour));
    }
    label(
        "duplicates",
        behaviour.duplicates() == 0
            ? "none"
            : "%s (%s) with the visit id, time and page of another; see --deduplicate"
                .formatted(
                    NumberText.count(behaviour.duplicates()),
                    NumberText.percent(behaviour.duplicates(), visits)));
    addRestless(behaviour.restless());
  }

  private static String delay(Behaviour behaviour) {
    long median = behaviour.delay(0.5);
    long longest = behaviour.delay(1);
    return longest < 0
        ? "event times are up to %s after the Kafka timestamps"
            .formatted(NumberText.duration(-behaviour.delay(0)))
        : "event times are %s %s the Kafka timestamps (median), %s before at most"
            .formatted(
                NumberText.duration(Math.abs(median)),
                median < 0 ? "after" : "before",
                NumberText.duration(longest));
  }

  private void addRestless(List<SampledSession> restless) {
    if (restless.isEmpty()) {
      return;
    }
    SampledSession most = restless.get(0);
    wrapped(
        LineStyle.LATE,
        "no pause",
        "%s never %s, maybe %s: %s%s in %s"
            .formatted(
                NumberText.count(restless.size(), "visit id"),
                restless.size() == 1 ? "pauses" : "pause",
                restless.size() == 1 ? "a bot" : "bots",
                hideValues ? "" : cut(most.first().visitId(), 30) + " has ",
                NumberText.count(most.visits().size(), "visit"),
                NumberText.duration(most.durationMillis())));
  }

  private void addSessions() {
    Behaviour behaviour = inspection.behaviour();
    long visits = inspection.visits().visits().size();
    line(
        LineStyle.TITLE,
        "%s of %s, with the session gap %s"
            .formatted(
                NumberText.count(behaviour.sessions(), "session"),
                NumberText.count(behaviour.visitIds(), "visit id"),
                Durations.format(behaviour.policy().gap())));
    aside(
        "%s visits each, half of them longer than %s, %s with a single visit"
            .formatted(
                NumberText.ratio(visits, behaviour.sessions()),
                NumberText.duration(behaviour.medianDuration()),
                NumberText.percent(behaviour.single(), behaviour.sessions())));
    for (SampledSession session : behaviour.examples()) {
      line(LineStyle.PLAIN, cut(session(session), columns));
    }
  }

  private String session(SampledSession session) {
    String pages =
        session.visits().stream()
            .map(SampledVisit::page)
            .map(page -> page == null ? "(no page)" : page)
            .collect(Collectors.joining(" > "));
    return TIME.format(Instant.ofEpochMilli(session.first().timeMillis()))
        + right(NumberText.duration(session.durationMillis()), NUMBER)
        + right(NumberText.count(session.visits().size(), "visit"), NUMBER + 3)
        + (hideValues ? "" : "  " + cut(session.first().visitId(), 24) + "  " + pages);
  }

  private void label(String label, String text) {
    wrapped(LineStyle.PLAIN, label, text);
  }

  private void aside(String text) {
    wrapped(LineStyle.ASIDE, "", text);
  }

  private void warn(String text) {
    wrapped(LineStyle.LATE, "", text);
  }

  /** Adds a text behind a label, on several lines if it is too wide. */
  private void wrapped(LineStyle style, String label, String text) {
    StringBuilder line = new StringBuilder(pad(label, LABEL));
    for (String word : text.split(" ", -1)) {
      if (line.length() > LABEL && line.length() + word.length() > columns) {
        line(style, line.toString().stripTrailing());
        line = new StringBuilder(" ".repeat(LABEL));
      }
      line.append(word).append(' ');
    }
    line(style, line.toString().stripTrailing());
  }

  private void line(LineStyle style, String text) {
    lines.add(new Line(style, text));
  }

  private static String pad(String text, int width) {
    return text + " ".repeat(Math.max(0, width - text.length()));
  }

  private static String right(String text, int width) {
    return " ".repeat(Math.max(0, width - text.length())) + text;
  }

  /** Cuts a text that is too wide; no half of a surrogate pair is left. */
  private static String cut(String text, int width) {
    if (text.length() <= width) {
      return text;
    }
    int end = Math.max(0, width - 3);
    return text.substring(
            0, end > 0 && Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end)
        + "...";
  }
}
