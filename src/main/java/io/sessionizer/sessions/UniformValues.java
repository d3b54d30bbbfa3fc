package io.sessionizer.sessions;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sessionizer.visits.VisitCursor;
import java.util.List;

/**
 * Decides, without reading all visits of an open session, that {@link SessionRules} do not end it.
 * Its visits are uniform if, of each field that is split on, they have the value of the first visit
 * of the visit id or none, and if none of them has a value that ends a session. The open session of
 * a {@link PackedState} that is not {@link PackedState#OTHER} is uniform. Not thread-safe.
 */
final class UniformValues {
  private final List<VisitField> splitOn;
  private final List<VisitField> endFields;

  /** In UTF-8. */
  private final List<byte[]> endValues;

  private final ComparedValue value = new ComparedValue();
  private final ComparedValue firstValue = new ComparedValue();

  UniformValues(SessionRules rules) {
    this.splitOn = rules.splitOn();
    this.endFields = rules.endOn().stream().map(SessionRules.FieldValue::field).toList();
    this.endValues = rules.endOn().stream().map(end -> end.value().getBytes(UTF_8)).toList();
  }

  /** Whether values do not matter. */
  boolean isAny() {
    return splitOn.isEmpty() && endFields.isEmpty();
  }

  /** Whether a session with a visit, and no other yet, is uniform. */
  boolean isUniform(VisitCursor visit) {
    for (int end = 0; end < endFields.size(); end++) {
      value.read(endFields.get(end), visit);
      if (value.fits(endValues.get(end))) {
        return false;
      }
    }
    return true;
  }

  /** Whether a uniform session remains so with a further visit. */
  boolean isUniform(byte[] state, PageTable pages, VisitCursor visit) {
    if (!isUniform(visit)) {
      return false;
    }
    if (splitOn.isEmpty()) {
      return true;
    }
    PackedVisitReader first = new PackedVisitReader(state, pages);
    first.next();
    for (VisitField field : splitOn) {
      value.read(field, visit);
      if (!isMissingOrOf(first, field)) {
        return false;
      }
    }
    return true;
  }

  /** Whether all visits of a state are uniform. */
  boolean areUniform(byte[] state, PageTable pages) {
    if (isAny()) {
      return true;
    }
    PackedVisitReader first = new PackedVisitReader(state, pages);
    first.next();
    for (PackedVisitReader visit = new PackedVisitReader(state, pages); visit.next(); ) {
      for (int end = 0; end < endFields.size(); end++) {
        value.read(endFields.get(end), visit);
        if (value.fits(endValues.get(end))) {
          return false;
        }
      }
      for (VisitField field : splitOn) {
        value.read(field, visit);
        if (!isMissingOrOf(first, field)) {
          return false;
        }
      }
    }
    return true;
  }

  private boolean isMissingOrOf(PackedVisitReader first, VisitField field) {
    if (value.isMissing()) {
      return true;
    }
    firstValue.read(field, first);
    return value.isSame(firstValue);
  }
}
