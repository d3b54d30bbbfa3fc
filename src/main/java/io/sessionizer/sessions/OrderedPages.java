package io.sessionizer.sessions;

import io.sessionizer.records.PackedSession;
import io.sessionizer.records.VisitedPage;
import java.util.List;
import java.util.Objects;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Visits that are objects.
 *
 * @param sorted in their order; not copied
 */
record OrderedPages(List<VisitedPage> sorted) implements OrderedVisits {
  @Override
  public int size() {
    return sorted.size();
  }

  @Override
  public long time(int at) {
    return sorted.get(at).eventTimeMillis();
  }

  @Override
  public int visitBytes(int at) {
    return Math.toIntExact(SessionBytes.of(sorted.get(at)).visits());
  }

  @Override
  public int userBytes(int at) {
    return SessionBytes.of(sorted.get(at)).user();
  }

  @Override
  public boolean has(int at, VisitField field) {
    return value(at, field) != null;
  }

  @Override
  public boolean has(int at, VisitField field, String value) {
    return value.equals(value(at, field));
  }

  @Override
  public boolean areSame(int a, int b, VisitField field) {
    return Objects.equals(value(a, field), value(b, field));
  }

  private @Nullable String value(int at, VisitField field) {
    return field.of(sorted.get(at));
  }

  @Override
  public List<VisitedPage> pages(int from, int to) {
    return List.copyOf(sorted.subList(from, to));
  }

  @Override
  public @Nullable PackedSession packedSession(int from, int to) {
    return null;
  }
}
