package io.sessionizer.sessions;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.sessionizer.records.ProjectedFields;
import io.sessionizer.records.Utf8;
import io.sessionizer.records.VisitFormat;
import io.sessionizer.records.VisitedPage;
import io.sessionizer.visits.VisitCursor;
import java.util.Arrays;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The value of a field of a visit as {@link SessionRules} compare it, in place: the bytes of a text
 * or of a number in plain notation, {@code true} or {@code false}; or none. Values of different
 * types are different. It is read again and again. Not thread-safe.
 */
final class ComparedValue {
  private static final byte MISSING = 0;
  private static final byte[] NOTHING = {};
  private static final byte[] TRUE = "true".getBytes(US_ASCII);
  private static final byte[] FALSE = "false".getBytes(US_ASCII);

  private final ProjectedFields.Cursor cursor = new ProjectedFields.Cursor();
  private byte type = MISSING;
  private byte[] bytes = NOTHING;
  private int from;
  private int to;

  /** Reads the value of a visit. */
  void read(VisitField field, VisitCursor visit) {
    switch (field.origin()) {
      case USER_ID -> setText(visit.bytes(), visit.userIdFrom(), visit.userIdLength());
      case PAGE -> setText(visit.bytes(), visit.pageFrom(), visit.pageLength());
      case PROJECTED ->
          setProjected(field.id(), visit.bytes(), visit.fieldsFrom(), visit.fieldsLength());
    }
  }

  /** Reads the value of a visit. */
  void read(VisitField field, PackedVisitReader visit) {
    switch (field.origin()) {
      case USER_ID -> setText(visit.users(), visit.userIdFrom(), visit.userIdLength());
      case PAGE -> setText(visit.pageTexts(), visit.pageFrom(), visit.pageLength());
      case PROJECTED ->
          setProjected(field.id(), visit.fields(), visit.fieldsFrom(), visit.fieldsLength());
    }
  }

  /** Reads the value of a visit. */
  void read(VisitField field, VisitedPage visit) {
    switch (field.origin()) {
      case USER_ID -> setText(visit.userId());
      case PAGE -> setText(visit.page());
      case PROJECTED -> {
        byte[] fields = visit.fields().bytes();
        setProjected(field.id(), fields, 0, fields.length);
      }
    }
  }

  private void setText(@Nullable String text) {
    byte[] utf8 = text == null ? NOTHING : text.getBytes(UTF_8);
    setText(utf8, 0, text == null ? -1 : utf8.length);
  }

  private void setText(byte[] utf8, int textFrom, int length) {
    set(length < 0 ? MISSING : ProjectedFields.TEXT, utf8, textFrom, Math.max(0, length));
  }

  private void setProjected(int id, byte[] fields, int fieldsFrom, int length) {
    if (length == 0 || !cursor.find(fields, fieldsFrom, length, id)) {
      set(MISSING, NOTHING, 0, 0);
      return;
    }
    switch (cursor.type()) {
      case ProjectedFields.TRUE -> set(ProjectedFields.TRUE, TRUE, 0, TRUE.length);
      case ProjectedFields.FALSE -> set(ProjectedFields.FALSE, FALSE, 0, FALSE.length);
      default -> {
        // Of a text that is too long only the start is there.
        boolean isTooLong =
            Utf8.isLonger(
                VisitFormat.MAX_PROJECTED_CHARACTERS,
                cursor.bytes(),
                cursor.valueFrom(),
                cursor.valueLength());
        set(
            isTooLong ? MISSING : cursor.type(),
            cursor.bytes(),
            cursor.valueFrom(),
            isTooLong ? 0 : cursor.valueLength());
      }
    }
  }

  private void set(byte newType, byte[] newBytes, int newFrom, int length) {
    type = newType;
    bytes = newBytes;
    from = newFrom;
    to = newFrom + length;
  }

  /** Whether the visit has none. */
  boolean isMissing() {
    return type == MISSING;
  }

  /** Whether another visit has the same. */
  boolean isSame(ComparedValue other) {
    return type == other.type && Arrays.equals(bytes, from, to, other.bytes, other.from, other.to);
  }

  /** Whether a rule names it, by its text in UTF-8. */
  boolean fits(byte[] named) {
    return type != MISSING && Arrays.equals(bytes, from, to, named, 0, named.length);
  }
}
