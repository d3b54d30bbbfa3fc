package io.sessionizer.visits;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sessionizer.formats.Condition;
import io.sessionizer.formats.EventTimeFormat.TimeNotation;
import io.sessionizer.formats.FieldExpression.KafkaField;
import io.sessionizer.formats.InputFormat;
import io.sessionizer.formats.MappedField;
import io.sessionizer.records.ProjectedFields;
import io.sessionizer.records.Reason;
import io.sessionizer.records.Utf8;
import io.sessionizer.records.VisitFormat;
import io.sessionizer.visits.VisitFields.Field;
import io.sessionizer.visits.VisitFields.Projection;
import java.math.BigDecimal;
import java.util.List;
import java.util.regex.Pattern;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Reads visits from the fields that a {@link RecordScanner} finds in records, whatever their
 * format, without creating objects. Records that are not visits are rejected. Not thread-safe.
 */
final class VisitReader {
  private static final Pattern NUMBER =
      Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][-+]?[0-9]+)?");

  /** In place of the slot of a field that is missing. */
  private static final int NONE = VisitFields.NONE;

  private final VisitFields visitFields;
  private final RecordFields fields;
  private final RecordScanner scanner;
  private final List<NestedTextScanner> nestedTexts;
  private final byte[][] missing;
  private final @Nullable EventFilter filter;
  private final @Nullable EventFilter excluded;

  /** Whether the scanner finds all fields by itself. */
  private final boolean isOnlyScanned;

  private final TimeField times;

  private final List<Projection> projections;
  private final ProjectedFields.FieldsWriter projected = new ProjectedFields.FieldsWriter();

  private int visitId;
  private long eventTimeMillis;
  private int userId;
  private int page;

  /** Creates a scanner that finds the fields of a tree. */
  interface ScannerFactory {
    RecordScanner create(FieldTree tree, RecordFields fields);
  }

  VisitReader(VisitFields visitFields) {
    this(visitFields, scanners(visitFields.format()));
  }

  VisitReader(VisitFields visitFields, ScannerFactory scanners) {
    InputFormat format = visitFields.format();
    this.visitFields = visitFields;
    this.fields = new RecordFields(visitFields.slots());
    this.scanner = scanners.create(visitFields.tree(), fields);
    this.nestedTexts =
        visitFields.nestedTexts().stream()
            .map(text -> new NestedTextScanner(text, fields))
            .toList();
    this.missing =
        format.missing().stream().map(text -> text.getBytes(UTF_8)).toArray(byte[][]::new);
    this.filter = visitFields.filter();
    this.excluded = visitFields.excluded();
    this.projections = visitFields.projections();
    this.isOnlyScanned =
        nestedTexts.isEmpty() && visitFields.kafkaSlots().isEmpty() && missing.length == 0;
    this.times =
        new TimeField(format.eventTime().text(), format.eventTimeFormat(), format.eventTimeZone());
  }

  private static ScannerFactory scanners(InputFormat format) {
    return switch (format.recordFormat().notation()) {
      case JSON -> JsonScanner::new;
      case TSV -> (tree, fields) -> DelimitedScanner.ofTabs(format.columns(), tree, fields);
      case CSV -> (tree, fields) -> DelimitedScanner.ofCommas(format.columns(), tree, fields);
      case REGEX ->
          (tree, fields) -> new RegexScanner(format.recordFormat().pattern(), tree, fields);
    };
  }

  /**
   * Reads the visit that the bytes from {@code from} to {@code to} are. It is that of the methods
   * below until the next is read.
   *
   * @param head what the record has besides them; null if there is nothing
   * @return why the record is left out; null if it is a visit
   * @throws RejectedVisitException if they are neither
   */
  @Nullable LeftOut read(byte[] bytes, int from, int to, @Nullable RecordHead head)
      throws RejectedVisitException {
    scan(bytes, from, to, head);
    if (filter != null && !filter.matches(fields)) {
      return LeftOut.FILTERED;
    }
    if (excluded != null && excluded.matches(fields)) {
      return LeftOut.EXCLUDED;
    }
    visitId = requiredText(visitFields.visitId(), Reason.MISSING_VISIT_ID);
    eventTimeMillis = time(visitFields.eventTime());
    userId = text(visitFields.userId());
    page = text(visitFields.page());
    if (!projections.isEmpty()) {
      project();
    }
    return null;
  }

  private void project() {
    projected.clear();
    visitFields.mappedSlots().forEach(this::setMapped);
    for (Projection projection : projections) {
      EventFilter condition = projection.condition();
      Evaluation value = projection.value();
      if (condition != null) {
        if (condition.matches(fields)) {
          projected.add(projection.id(), true);
        }
      } else if (value != null) {
        int slot = value.evaluate(fields);
        if (projection.id() == ProjectedFields.SEQUENCE) {
          projectSequence(slot);
        } else {
          project(projection.id(), slot);
        }
      }
    }
  }

  private void setMapped(MappedField field, int slot) {
    switch (field) {
      case EVENT_TIME -> fields.setNumber(slot, String.valueOf(eventTimeMillis));
      case VISIT_ID -> fields.setTextOf(slot, visitId);
      case USER_ID -> setMapped(slot, userId);
      case PAGE -> setMapped(slot, page);
    }
  }

  private void setMapped(int slot, int text) {
    if (text == NONE) {
      fields.setType(slot, RecordFields.MISSING);
    } else {
      fields.setTextOf(slot, text);
    }
  }

  /** Adds the value of a slot, unless it is of another type than values have. */
  private void project(int id, int slot) {
    switch (fields.type(slot)) {
      case RecordFields.TRUE -> projected.add(id, true);
      case RecordFields.FALSE -> projected.add(id, false);
      case RecordFields.NUMBER -> projectNumber(id, slot);
      case RecordFields.ASCII_TEXT, RecordFields.UTF8_TEXT, RecordFields.HALF_CHARACTERS ->
          projectText(id, slot);
      default -> {}
    }
  }

  private void projectSequence(int slot) {
    switch (fields.type(slot)) {
      case RecordFields.NUMBER -> projectNumber(ProjectedFields.SEQUENCE, slot);
      case RecordFields.ASCII_TEXT -> {
        if (NUMBER.matcher(fields.text(slot)).matches()) {
          projectNumber(ProjectedFields.SEQUENCE, slot);
        }
      }
      default -> {}
    }
  }

  private void projectNumber(int id, int slot) {
    if (isPlain(fields.bytes(slot), fields.start(slot), fields.end(slot))) {
      int start = fields.start(slot);
      projected.addPlain(id, fields.bytes(slot), start, fields.end(slot) - start);
      return;
    }
    BigDecimal number = Condition.number(fields.text(slot));
    if (number != null) {
      projected.add(id, number);
    }
  }

  /** Whether a number of JSON is short, has no exponent and no zeros at the end of a fraction. */
  private static boolean isPlain(byte[] json, int from, int to) {
    boolean isFraction = false;
    for (int at = from; at < to; at++) {
      if (json[at] == 'e' || json[at] == 'E') {
        return false;
      }
      isFraction |= json[at] == '.';
    }
    boolean isNegativeZero = to - from == 2 && json[from] == '-' && json[from + 1] == '0';
    return to - from <= Condition.MAX_DIGITS
        && !isNegativeZero
        && !(isFraction && json[to - 1] == '0');
  }

  private void projectText(int id, int slot) {
    byte[] utf8 = fields.bytes(slot);
    int start = fields.start(slot);
    int end = fields.end(slot);
    if (end - start > VisitFormat.MAX_PROJECTED_CHARACTERS) {
      end = Utf8.endOf(VisitFormat.MAX_PROJECTED_CHARACTERS + 1, utf8, start, end);
    }
    projected.addText(id, utf8, start, end - start);
  }

  /** Returns the visit id of a record that may have no others of its fields; else null. */
  @Nullable String visitId(byte[] value, @Nullable RecordHead head) throws RejectedVisitException {
    scan(value, 0, value.length, head);
    return optionalText(text(visitFields.visitId()));
  }

  private void scan(byte[] bytes, int from, int to, @Nullable RecordHead head)
      throws RejectedVisitException {
    fields.startRecord(bytes);
    scanner.scan(bytes, from, to);
    if (isOnlyScanned) {
      return;
    }
    scanNestedTexts();
    visitFields.kafkaSlots().forEach((part, slot) -> set(slot, part, head));
    if (missing.length > 0) {
      clearMissing();
    }
  }

  private void scanNestedTexts() throws RejectedVisitException {
    for (NestedTextScanner text : nestedTexts) {
      if (!isMissing(text.slot())) {
        text.scan();
      }
    }
  }

  private void set(int slot, KafkaField part, @Nullable RecordHead head) {
    switch (part.part()) {
      case KEY -> fields.setBytes(slot, head == null ? null : head.key());
      case HEADER -> fields.setBytes(slot, head == null ? null : head.header(part.header()));
      case TIMESTAMP -> {
        if (head == null || head.timestampMillis() < 0) {
          fields.setType(slot, RecordFields.MISSING);
        } else {
          fields.setNumber(slot, String.valueOf(head.timestampMillis()));
        }
      }
    }
  }

  private void clearMissing() {
    for (int slot = 0; slot < visitFields.computedFrom(); slot++) {
      if (isMissing(slot)) {
        fields.setType(slot, RecordFields.MISSING);
      }
    }
  }

  /** Whether a field is a text that stands for none. */
  private boolean isMissing(int slot) {
    for (byte[] text : missing) {
      if (fields.isText(slot, text)) {
        return true;
      }
    }
    return false;
  }

  /** Returns the visit as an object. */
  Visit visit() {
    return new Visit(
        fields.text(visitId),
        eventTimeMillis,
        optionalText(userId),
        optionalText(page),
        projected.toFields());
  }

  /** Returns the event time of the visit. */
  long eventTimeMillis() {
    return eventTimeMillis;
  }

  /** Returns the array that the visit id is a slice of; to be read only. */
  byte[] visitIdBytes() {
    return fields.bytes(visitId);
  }

  /** Returns where the visit id starts. */
  int visitIdFrom() {
    return fields.start(visitId);
  }

  /** Returns where the visit id ends. */
  int visitIdTo() {
    return fields.end(visitId);
  }

  /** Writes the texts of the visit as they are in a packet. */
  void writeTexts(VisitBytes out) {
    out.writeFields(projected.array(), 0, projected.length());
    out.writeText(fields.bytes(visitId), fields.start(visitId), fields.end(visitId), 0);
    writeOptional(userId, out);
    writeOptional(page, out);
  }

  private void writeOptional(int slot, VisitBytes out) {
    if (slot == NONE) {
      out.writeByte(0);
    } else {
      out.writeText(fields.bytes(slot), fields.start(slot), fields.end(slot), 1);
    }
  }

  private @Nullable String optionalText(int slot) {
    return slot == NONE ? null : fields.text(slot);
  }

  private int requiredText(Field field, Reason missing) throws RejectedVisitException {
    int slot = text(field);
    if (slot == NONE || isBlank(slot)) {
      throw new RejectedVisitException(
          missing, field.name() + (slot == NONE ? " is missing or null" : " is blank"));
    }
    return slot;
  }

  private boolean isBlank(int slot) {
    byte[] bytes = fields.bytes(slot);
    for (int at = fields.start(slot); at < fields.end(slot); at++) {
      if (bytes[at] > ' ') {
        return false;
      }
    }
    return fields.text(slot).isBlank();
  }

  /** Returns the slot of a text or number, or none. */
  private int text(Field field) throws RejectedVisitException {
    int slot = field.slotIn(fields);
    int type = slot == NONE ? RecordFields.MISSING : fields.type(slot);
    if (type == RecordFields.MISSING) {
      return NONE;
    }
    if (type > RecordFields.HALF_CHARACTERS) {
      throw new RejectedVisitException(
          Reason.BAD_FIELD_TYPE,
          field.name() + " must be a text or a number, not " + fields.named(slot));
    }
    if (fields.end(slot) - fields.start(slot) > VisitFormat.MAX_TEXT_CHARACTERS
        || type == RecordFields.HALF_CHARACTERS) {
      checkCharacters(field, slot);
    }
    return slot;
  }

  private void checkCharacters(Field field, int slot) throws RejectedVisitException {
    int characters =
        new String(
                fields.bytes(slot),
                fields.start(slot),
                fields.end(slot) - fields.start(slot),
                UTF_8)
            .length();
    if (characters > VisitFormat.MAX_TEXT_CHARACTERS) {
      throw new RejectedVisitException(
          Reason.TOO_LARGE,
          "%s has %s characters, %s at most"
              .formatted(field.name(), characters, VisitFormat.MAX_TEXT_CHARACTERS));
    }
    if (fields.type(slot) == RecordFields.HALF_CHARACTERS) {
      throw new RejectedVisitException(
          Reason.NOT_JSON,
          field.name() + " holds half of a surrogate pair, which is not a character");
    }
  }

  private long time(Field field) throws RejectedVisitException {
    int slot = field.slotIn(fields);
    if (fields.type(slot) == RecordFields.MISSING) {
      throw new RejectedVisitException(
          Reason.MISSING_EVENT_TIME, field.name() + " is missing or null");
    }
    return slot == visitFields.timestampSlot()
        ? times.epochMillis(fields, slot, TimeNotation.EPOCH_MILLIS)
        : times.millis(fields, slot);
  }
}
