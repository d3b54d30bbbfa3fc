package io.sessionizer.inspect;

import io.sessionizer.formats.EventTimeFormat;
import io.sessionizer.formats.FieldExpression;
import io.sessionizer.formats.FieldExpression.Node;
import io.sessionizer.inspect.SampledVisits.Role;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.checkerframework.checker.nullness.qual.Nullable;

/** The configuration file of a job that reads the records, with comments that say why. */
public final class ConfigText {
  private static final int COLUMNS = 100;

  /** A text that YAML reads as it is, and as a text. */
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z/][\\w./:-]*[\\w/]|[\\w]");

  private static final Set<String> WORDS =
      Set.of("null", "true", "false", "yes", "no", "on", "off", "y", "n");

  /** Out-of-orderness that a job expects without a flag. */
  private static final long MAX_OUT_OF_ORDERNESS = Duration.ofMinutes(1).toMillis();

  private final Inspection inspection;
  private final boolean hideValues;
  private final StringBuilder yaml = new StringBuilder();

  private ConfigText(Inspection inspection, boolean hideValues) {
    this.inspection = inspection;
    this.hideValues = hideValues;
  }

  /**
   * Returns the file's text.
   *
   * @param source where the records are, by the flags that say so, without dashes
   * @param comments about the source
   * @param hideValues whether no value of a record may be in comments
   */
  public static String of(
      Inspection inspection,
      Map<String, List<String>> source,
      List<String> comments,
      boolean hideValues) {
    ConfigText text = new ConfigText(inspection, hideValues);
    text.addSource(source, comments);
    text.addFormat();
    text.addSuggestions();
    return text.yaml.toString();
  }

  private void addSource(Map<String, List<String>> source, List<String> comments) {
    RecordSample sample = inspection.sample();
    comment(
        "A job of the sessionizer, by ./sessionizer inspect, from "
            + sample.name()
            + ": "
            + InspectionReport.read(sample)
            + ".");
    yaml.append('\n');
    source.forEach(
        (flag, values) -> {
          if (values.size() == 1) {
            flag(flag, values.get(0));
          } else {
            list(flag, values);
          }
        });
    comments.forEach(this::comment);
    yaml.append('\n');
  }

  private void addFormat() {
    Mapping mapping = inspection.mapping();
    KnownFormat format = mapping.format();
    if (mapping.isDefault()) {
      comment("The records are visits in the default format: no field needs a name.");
      return;
    }
    if (format != null) {
      comment(
          "The fields are those of %s; ./sessionizer formats %s shows them."
              .formatted(format.title(), format.name()));
      flag("visitFormat", format.name());
      addJsonTexts();
      return;
    }
    addRecordFormat();
    addJsonTexts();
    Where where = mapping.where();
    if (where != null) {
      comment(
          "Other records are left out"
              + (hideValues ? "." : ": " + where.others(inspection.table()) + "."));
      flag("where", where.toString());
    }
    if (mapping.idCondition() != null) {
      comment("Records without a visit id are left out.");
      flag("where", mapping.idCondition());
    }
    addField(Role.VISIT_ID, mapping.visitId(), mapping.candidates().visitIds());
    addField(Role.TIME, mapping.time(), mapping.candidates().times());
    if (mapping.time() != null) {
      addTimeFormat(mapping);
    }
    addField(Role.USER, mapping.user(), mapping.candidates().users());
    addField(Role.PAGE, mapping.page(), mapping.candidates().pages());
    if (!mapping.missing().isEmpty()) {
      comment("Texts that stand for no value.");
      yaml.append("missing: [")
          .append(
              mapping.missing().stream().map(ConfigText::quoted).collect(Collectors.joining(", ")))
          .append("]\n");
    }
  }

  private void addRecordFormat() {
    TextShape text = inspection.text();
    if (text == null) {
      return;
    }
    switch (text.division()) {
      case TSV, CSV -> {
        flag("recordFormat", text.division() == TextShape.Division.TSV ? "tsv" : "csv");
        if (text.hasHeader()) {
          comment("The first line of each file has the names of the columns.");
        } else {
          comment("The names are made up, by the order of the columns.");
          list("columns", text.columns());
        }
      }
      case ACCESS_LOG -> {
        comment("The common log format has no agent: visitors of one address are one visit id.");
        flag("recordFormat", "regex:" + TextShape.COMMON_LOG);
      }
      case OTHER -> comment("No format fits these lines: see --recordFormat=regex:PATTERN.");
    }
  }

  private void addJsonTexts() {
    List<String> pointers = inspection.mapping().jsonTexts();
    if (!pointers.isEmpty()) {
      comment("JSON in a text.");
      if (pointers.size() == 1) {
        flag("jsonText", pointers.get(0));
      } else {
        list("jsonText", pointers);
      }
    }
  }

  private void addField(Role role, @Nullable FieldExpression field, List<Candidate> candidates) {
    if (field == null) {
      comment("No field was recognized as the " + role.title() + ".");
      yaml.append("# ").append(role.flag()).append(": NAME\n");
      return;
    }
    SampledVisits visits = inspection.visits();
    Set<Node> used = Set.copyOf(field.leaves());
    String why =
        candidates.stream()
            .filter(candidate -> used.containsAll(candidate.field().leaves()))
            .map(Candidate::why)
            .findFirst()
            .orElse("on " + NumberText.percent(visits.present(role), visits.visits().size()));
    String next =
        candidates.stream()
            .map(Candidate::field)
            .filter(other -> other.leaves().stream().noneMatch(used::contains))
            .limit(2)
            .map(FieldExpression::text)
            .collect(Collectors.joining(", "));
    comment(
        "The %s: %s.%s"
            .formatted(role.title(), why, next.isEmpty() ? "" : " Next best: " + next + "."));
    flag(role.flag(), field.text());
  }

  private void addTimeFormat(Mapping mapping) {
    FieldExpression time = mapping.time();
    FieldStatistics times = time == null ? null : inspection.table().get(time.text());
    if (times != null && times.otherFormat() != null) {
      comment("Maybe " + times.otherFormat().flag() + ": no value decides.");
    }
    if (!mapping.timeFormat().equals(EventTimeFormat.ISO8601)) {
      flag("eventTimeFormat", mapping.timeFormat().toString());
    }
    if (times != null && !times.hasZone()) {
      comment("The times have no zone. They are in UTC, unless this says otherwise.");
      yaml.append("# eventTimeZone: Europe/Paris\n");
    }
  }

  private void addSuggestions() {
    Behaviour behaviour = inspection.behaviour();
    List<String> suggestions = new ArrayList<>();
    OptionalLong gap = InspectionReport.suggestedGap(behaviour);
    if (gap.isPresent()) {
      suggestions.add(
          "sessionGap: %s  # where the gaps of these visits bend"
              .formatted(NumberText.duration(gap.getAsLong())));
    }
    if (behaviour.duplicates() > 0) {
      suggestions.add(
          "deduplicate: true  # %s with the visit id, time and page of another"
              .formatted(NumberText.count(behaviour.duplicates(), "visit")));
    }
    long visits = inspection.visits().visits().size();
    long behind = behaviour.outOfOrder(0.999, visits);
    if (inspection.sample().source() == RecordSample.Source.TOPIC
        && behind > MAX_OUT_OF_ORDERNESS) {
      suggestions.add(
          "maxOutOfOrderness: %s  # so far behind are 0.1 %% of these visits, or farther"
              .formatted(NumberText.duration(behind)));
    }
    if (!suggestions.isEmpty()) {
      yaml.append('\n');
      comment("Not set, but worth a thought:");
      suggestions.forEach(suggestion -> yaml.append("# ").append(suggestion).append('\n'));
    }
  }

  private void flag(String name, String value) {
    yaml.append(name).append(": ").append(quoted(value)).append('\n');
  }

  private void list(String name, List<String> values) {
    yaml.append(name).append(":\n");
    values.forEach(value -> yaml.append("  - ").append(quoted(value)).append('\n'));
  }

  /** Adds a comment, wrapped; no character of a record ends it. */
  private void comment(String text) {
    StringBuilder line = new StringBuilder("#");
    for (String word :
        text.replaceAll("\\p{Cntrl}|[\\x{80}-\\x{9f}\\x{2028}\\x{2029}]", "?").split(" ", -1)) {
      if (line.length() + 1 + word.length() > COLUMNS && line.length() > 1) {
        yaml.append(line).append('\n');
        line = new StringBuilder("#");
      }
      line.append(' ').append(word);
    }
    yaml.append(line).append('\n');
  }

  /** Returns a text as YAML has it: in quotes unless it is a simple word. */
  static String quoted(String text) {
    if (PLAIN.matcher(text).matches() && !WORDS.contains(text)) {
      return text;
    }
    boolean isPrintable =
        text.chars().allMatch(c -> (c >= ' ' && c < 0x7f) || (c > 0xa0 && c < 0xd800));
    return isPrintable ? "'" + text.replace("'", "''") + "'" : doubleQuoted(text);
  }

  private static String doubleQuoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else if (c >= ' ' && c < 0x7f) {
        quoted.append(c);
      } else {
        quoted.append("\\u").append("%04x".formatted((int) c));
      }
    }
    return quoted.append('"').toString();
  }
}
