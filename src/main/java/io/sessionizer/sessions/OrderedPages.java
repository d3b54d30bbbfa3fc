package io.sessionizer.sessions;

import io.sessionizer.records.PackedSession;
import io.sessionizer.records.VisitedPage;
import java.util.List;
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
  public void read(int at, VisitField field, ComparedValue into) {
    into.read(field, sorted.get(at));
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
