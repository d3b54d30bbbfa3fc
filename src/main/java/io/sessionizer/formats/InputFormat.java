package io.sessionizer.formats;

import io.sessionizer.formats.FieldExpression.FirstOf;
import io.sessionizer.formats.FieldExpression.Node;
import io.sessionizer.formats.FieldExpression.Pointer;
import io.sessionizer.records.ProjectedFields;
import io.sessionizer.records.VisitFormat;
import java.io.Serializable;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * How records are read as visits.
 *
 * @param recordFormat what records are written in
 * @param columns the names of a record's columns; of a format without columns empty
 * @param recordField the field that has the event; null if the record is the event
 * @param jsonText the fields of an event whose texts are JSON
 * @param where which events are visits; null if all are
 * @param excluded which of them are left out, since they are private; null if none is
 * @param visitId the visit id
 * @param eventTime the event time
 * @param eventTimeFormat how event times are written
 * @param eventTimeZone of event times without a zone
 * @param userId the user id; null if there is none
 * @param page the page; null if there is none
 * @param missing texts that stand for a field that is not there
 * @param projected what else is read of an event
 */
public record InputFormat(
    RecordFormat recordFormat,
    List<String> columns,
    @Nullable EventField recordField,
    List<EventField> jsonText,
    @Nullable Condition where,
    @Nullable Condition excluded,
    FieldExpression visitId,
    FieldExpression eventTime,
    EventTimeFormat eventTimeFormat,
    ZoneId eventTimeZone,
    @Nullable FieldExpression userId,
    @Nullable FieldExpression page,
    Set<String> missing,
    List<ProjectedField> projected)
    implements Serializable {
  private static final long serialVersionUID = 1L;

  /** How many characters of a value a problem has. */
  private static final int MAX_SHOWN = 100;

  /** The separator of names of columns. */
  private static final Pattern COMMA = Pattern.compile("(?<!\\\\),");

  /** The shape of the visits topic: JSON with members of fixed names. */
  public static final InputFormat DEFAULT =
      new InputFormat(
          RecordFormat.JSON,
          List.of(),
          null,
          List.of(),
          null,
          null,
          FieldExpression.member(VisitFormat.VISIT_ID),
          FieldExpression.member(VisitFormat.EVENT_TIME),
          EventTimeFormat.ISO8601,
          ZoneOffset.UTC,
          FieldExpression.member(VisitFormat.USER_ID),
          FieldExpression.member(VisitFormat.PAGE),
          Set.of(),
          List.of());

  /** Copies the lists. */
  public InputFormat {
    columns = List.copyOf(columns);
    jsonText = List.copyOf(jsonText);
    missing = Set.copyOf(missing);
    // The format in a savepoint of an earlier build has none.
    projected = List.copyOf(Objects.requireNonNullElse(projected, List.of()));
  }

  /** Whether records are read as visits of the default format, with no other field. */
  public boolean isDefault() {
    return equals(DEFAULT);
  }

  /** Whether the first line of a file names the columns. */
  public boolean hasColumnsInFiles() {
    return recordFormat.hasColumns() && columns.isEmpty();
  }

  /**
   * Returns the format of a file.
   *
   * @param firstLine names the columns
   * @param problems takes what is wrong, one sentence each
   */
  public InputFormat withColumnsOf(String firstLine, List<String> problems) {
    InputFormat format = with(FirstLine.columns(recordFormat, firstLine), excluded, projected);
    repeated(format.columns)
        .ifPresent(name -> problems.add("the name %s is there twice".formatted(name)));
    TextMembers members = new TextMembers(format);
    members.check(Set.of(), problems);
    projected.forEach(field -> members.check(field.text(), field, problems));
    return format;
  }

  /**
   * Returns the format with fields that are projected besides its own, each once.
   *
   * @param more those that are projected
   */
  public InputFormat withProjected(List<ProjectedField> more) {
    return with(
        columns, excluded, Stream.concat(projected.stream(), more.stream()).distinct().toList());
  }

  /** Returns the format with other events that are left out, since they are private. */
  public InputFormat withExcluded(Condition isPrivate) {
    return with(columns, isPrivate, projected);
  }

  private InputFormat with(
      List<String> otherColumns,
      @Nullable Condition otherExcluded,
      List<ProjectedField> otherProjected) {
    return new InputFormat(
        recordFormat,
        otherColumns,
        recordField,
        jsonText,
        where,
        otherExcluded,
        visitId,
        eventTime,
        eventTimeFormat,
        eventTimeZone,
        userId,
        page,
        missing,
        otherProjected);
  }

  /**
   * Checks that a field can be projected of events of this format.
   *
   * @param flag that needs the field, with its value, for the message
   * @param problems takes what is wrong, one sentence each
   */
  public void check(String flag, ProjectedField field, List<String> problems) {
    new TextMembers(this).check(flag, field, problems);
  }

  /** Returns a name that several columns have; several may have none. */
  private static Optional<String> repeated(List<String> columns) {
    return columns.stream()
        .filter(name -> !name.isEmpty() && Collections.frequency(columns, name) > 1)
        .findFirst();
  }

  /** Returns the fields that are parts of the Kafka record, by the flag that names them. */
  public Map<String, String> kafkaFields() {
    Map<String, FieldExpression> fields = new LinkedHashMap<>();
    fields.put(FormatFlags.VISIT_ID, visitId);
    fields.put(FormatFlags.EVENT_TIME, eventTime);
    if (userId != null) {
      fields.put(FormatFlags.USER_ID, userId);
    }
    if (page != null) {
      fields.put(FormatFlags.PAGE, page);
    }
    fields.putAll(own());
    Map<String, String> kafka = new LinkedHashMap<>();
    fields.forEach(
        (flag, field) -> {
          if (field.usesKafka()) {
            kafka.put(flag, field.text());
          }
        });
    if (where != null && where.usesKafka()) {
      kafka.put(FormatFlags.WHERE, where.text());
    }
    return kafka;
  }

  /** Returns the projected fields that the format itself has, by flag. */
  Map<String, FieldExpression> own() {
    Map<String, FieldExpression> own = new LinkedHashMap<>();
    for (ProjectedField field : projected) {
      FieldExpression of = field.field();
      if (of != null && field.isOfFormat()) {
        own.put(field.text(), of);
      }
    }
    return own;
  }

  /** Whether visits of one millisecond are ordered by a number. */
  public boolean hasSequence() {
    return own().containsKey(FormatFlags.SEQUENCE);
  }

  /** Returns the format without the id of events, which only duplicates need. */
  public InputFormat withoutEventId() {
    return with(
        columns,
        excluded,
        projected.stream().filter(field -> field.id() != ProjectedFields.EVENT_ID).toList());
  }

  /** Whether a field is a part of the Kafka record. */
  public boolean usesKafka() {
    return !kafkaFields().isEmpty()
        || (excluded != null && excluded.usesKafka())
        || projected.stream().anyMatch(ProjectedField::usesKafka);
  }

  /** Returns all fields, those of conditions among them, in the order in which they are named. */
  public List<FieldExpression> fields() {
    List<FieldExpression> fields = new ArrayList<>(List.of(visitId, eventTime));
    if (userId != null) {
      fields.add(userId);
    }
    if (page != null) {
      fields.add(page);
    }
    if (where != null) {
      fields.addAll(where.fields());
    }
    if (excluded != null) {
      fields.addAll(excluded.fields());
    }
    projected.forEach(field -> fields.addAll(field.fields()));
    return fields;
  }

  /** Returns the leaves of all fields, each once. */
  public Set<Node> leaves() {
    Set<Node> leaves = new LinkedHashSet<>();
    fields().forEach(field -> leaves.addAll(field.leaves()));
    return leaves;
  }

  /** Returns what differs from the default, by flag, as it was written. */
  public Map<String, String> asFlags() {
    Map<String, String> flags = new LinkedHashMap<>();
    put(flags, FormatFlags.RECORD_FORMAT, recordFormat, DEFAULT.recordFormat);
    if (!columns.isEmpty()) {
      flags.put(
          FormatFlags.COLUMNS,
          columns.stream().map(name -> name.replace(",", "\\,")).collect(Collectors.joining(",")));
    }
    put(flags, FormatFlags.RECORD_FIELD, recordField, null);
    put(flags, FormatFlags.JSON_TEXT, joined(jsonText), "");
    put(flags, FormatFlags.WHERE, where, null);
    put(flags, FormatFlags.VISIT_ID, visitId, DEFAULT.visitId);
    put(flags, FormatFlags.EVENT_TIME, eventTime, DEFAULT.eventTime);
    put(flags, FormatFlags.EVENT_TIME_FORMAT, eventTimeFormat, DEFAULT.eventTimeFormat);
    put(flags, FormatFlags.EVENT_TIME_ZONE, eventTimeZone, DEFAULT.eventTimeZone);
    put(flags, FormatFlags.USER_ID, userId, DEFAULT.userId);
    put(flags, FormatFlags.PAGE, page, DEFAULT.page);
    own().forEach((flag, field) -> flags.put(flag, field.text()));
    if (!missing.isEmpty()) {
      flags.put(
          FormatFlags.MISSING,
          missing.stream()
              .sorted()
              .map(text -> "'" + text.replace("'", "''") + "'")
              .collect(Collectors.joining(",")));
    }
    return flags;
  }

  private static String joined(List<?> values) {
    return values.stream().map(Object::toString).collect(Collectors.joining(","));
  }

  private static void put(
      Map<String, String> flags, String flag, @Nullable Object value, @Nullable Object usual) {
    if (value == null ? usual != null : !value.equals(usual)) {
      flags.put(flag, value == null ? FormatFlags.NONE : value.toString());
    }
  }

  /**
   * Reads a format.
   *
   * @param values of the flags of {@link FormatFlags}, by flag
   * @param missing texts that stand for a field that is not there
   * @param problems takes what is wrong, one sentence each, that begins with the flag
   * @return the format, in which whatever is wrong is the default
   */
  public static InputFormat read(
      Map<String, String> values, Set<String> missing, List<String> problems) {
    FlagTexts reader = new FlagTexts(values, problems);
    RecordFormat recordFormat =
        reader.read(FormatFlags.RECORD_FORMAT, RecordFormat::parse, RecordFormat.JSON);
    String columns = values.get(FormatFlags.COLUMNS);
    if (columns != null && !recordFormat.hasColumns()) {
      problems.add(
          FormatFlags.COLUMNS + "=" + columns + ": not with --recordFormat=" + recordFormat);
    }
    InputFormat format =
        new InputFormat(
            recordFormat,
            reader.read(FormatFlags.COLUMNS, InputFormat::columns, List.of()),
            reader.readOptional(FormatFlags.RECORD_FIELD, EventField::parse),
            reader.read(FormatFlags.JSON_TEXT, InputFormat::eventFields, List.of()),
            reader.readOptional(FormatFlags.WHERE, Condition::parse),
            null,
            reader.field(FormatFlags.VISIT_ID, DEFAULT.visitId),
            reader.field(FormatFlags.EVENT_TIME, DEFAULT.eventTime),
            reader.read(
                FormatFlags.EVENT_TIME_FORMAT, EventTimeFormat::parse, DEFAULT.eventTimeFormat),
            reader.read(FormatFlags.EVENT_TIME_ZONE, InputFormat::zone, DEFAULT.eventTimeZone),
            reader.optionalField(FormatFlags.USER_ID, DEFAULT.userId),
            reader.optionalField(FormatFlags.PAGE, DEFAULT.page),
            missing,
            Stream.of(
                    optional(reader, FormatFlags.EVENT_ID, ProjectedField::eventId),
                    optional(reader, FormatFlags.SEQUENCE, ProjectedField::sequence))
                .flatMap(Optional::stream)
                .toList());
    new TextMembers(format).check(values.keySet(), problems);
    return format;
  }

  private static Optional<ProjectedField> optional(
      FlagTexts reader, String flag, Function<FieldExpression, ProjectedField> projected) {
    return Optional.ofNullable(reader.optionalField(flag, null)).map(projected);
  }

  private static ZoneId zone(String text) throws SyntaxException {
    try {
      return ZoneId.of(text);
    } catch (DateTimeException e) {
      throw new SyntaxException("must be a time zone such as Europe/Paris");
    }
  }

  private static List<String> columns(String text) throws SyntaxException {
    List<String> columns =
        COMMA.splitAsStream(text + " ").map(name -> name.strip().replace("\\,", ",")).toList();
    if (columns.contains("")) {
      throw new SyntaxException("must be names, with commas between them");
    }
    Optional<String> repeated = repeated(columns);
    if (repeated.isPresent()) {
      throw new SyntaxException("has the name %s twice".formatted(repeated.get()));
    }
    return columns;
  }

  private static List<EventField> eventFields(String text) throws SyntaxException {
    List<EventField> fields = new ArrayList<>();
    Node root = FieldExpression.parse(text).root();
    for (Node part : root instanceof FirstOf several ? several.alternatives() : List.of(root)) {
      Pointer pointer = EventField.pointer(new FieldExpression(text, part));
      fields.add(new EventField(FieldExpression.format(pointer), pointer, false));
    }
    return fields;
  }

  /** Reads flag by flag and continues after a problem. */
  private record FlagTexts(Map<String, String> values, List<String> problems) {
    /** Reads the text of a flag. */
    interface Parse<T> {
      T parse(String text) throws SyntaxException;
    }

    <T> T read(String flag, Parse<T> parse, T usual) {
      T value = readOptional(flag, parse);
      return value == null ? usual : value;
    }

    <T> @Nullable T readOptional(String flag, Parse<T> parse) {
      String text = values.get(flag);
      if (text == null) {
        return null;
      }
      try {
        return parse.parse(text);
      } catch (SyntaxException e) {
        problems.add(flag + "=" + cut(text) + ": " + e.getMessage());
        return null;
      }
    }

    private static String cut(String text) {
      return text.length() <= MAX_SHOWN ? text : text.substring(0, MAX_SHOWN) + "...";
    }

    FieldExpression field(String flag, FieldExpression usual) {
      return read(flag, FieldExpression::parse, usual);
    }

    /** Reads a field, of which the word {@code none} says that there is none. */
    @Nullable FieldExpression optionalField(String flag, @Nullable FieldExpression usual) {
      String text = values.get(flag);
      if (FormatFlags.NONE.equals(text)) {
        return null;
      }
      FieldExpression field = readOptional(flag, FieldExpression::parse);
      return field == null ? usual : field;
    }
  }
}
