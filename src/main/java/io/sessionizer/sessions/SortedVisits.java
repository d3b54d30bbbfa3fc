package io.sessionizer.sessions;

import io.sessionizer.records.PackedSession;
import io.sessionizer.records.ProjectedFields;
import io.sessionizer.records.Utf8;
import io.sessionizer.records.VisitedPage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The visits of a {@link PackedState} in their order, in place. */
final class SortedVisits implements OrderedVisits {
  private final byte[] state;
  private final PageTable pages;
  private final int usualUserBytes;
  private long[] times;

  /** Of each visit where its fields, page and user start. */
  private int[] tails;

  /** Of each visit its bytes in the session's record, times two, and 1 more of another user. */
  private int[] bytes;

  private int size;

  private SortedVisits(byte[] state, PageTable pages, int usualUserBytes, int capacity) {
    this.state = state;
    this.pages = pages;
    this.usualUserBytes = usualUserBytes;
    this.times = new long[capacity];
    this.tails = new int[capacity];
    this.bytes = new int[capacity];
  }

  /** No visits. */
  static SortedVisits none() {
    return new SortedVisits(new byte[0], new PageTable(), 0, 0);
  }

  /**
   * Returns all visits.
   *
   * @param deduplicate whether visits with the same time and page count as one
   */
  static SortedVisits all(byte[] state, PageTable pages, boolean deduplicate) {
    int sortedTo = PackedState.sortedTo(state);
    SortedVisits visits = read(state, pages, PackedState.visitsFrom(state), sortedTo);
    if (sortedTo < PackedState.length(state)) {
      visits = visits.with(state, sortedTo);
    }
    return deduplicate ? visits.withoutDuplicates() : visits;
  }

  /** Returns these visits and those that were appended to the state since. */
  SortedVisits with(byte[] appended, int from, boolean deduplicate) {
    SortedVisits visits = with(appended, from);
    return deduplicate ? visits.withoutDuplicates() : visits;
  }

  private SortedVisits with(byte[] appended, int from) {
    SortedVisits visits = read(appended, pages, from, PackedState.length(appended));
    visits.sort();
    return merged(appended, this, visits);
  }

  private static SortedVisits read(byte[] state, PageTable pages, int from, int to) {
    SortedVisits visits =
        new SortedVisits(state, pages, PackedState.usualUserBytes(state), (to - from) / 12 + 4);
    PackedVisitReader reader =
        new PackedVisitReader(state, pages, new ByteReader(state, from, to - from));
    while (reader.next()) {
      if (visits.size == visits.times.length) {
        visits.resize(2 * visits.size);
      }
      visits.times[visits.size] = reader.time();
      visits.tails[visits.size] = reader.tailFrom();
      visits.bytes[visits.size++] = reader.visitBytes() << 1 | (reader.isUsualUser() ? 0 : 1);
    }
    return visits;
  }

  private void resize(int capacity) {
    times = Arrays.copyOf(times, capacity);
    tails = Arrays.copyOf(tails, capacity);
    bytes = Arrays.copyOf(bytes, capacity);
  }

  private static SortedVisits merged(byte[] state, SortedVisits a, SortedVisits b) {
    if (a.size == 0 || b.size == 0) {
      return a.size == 0 ? b : a;
    }
    SortedVisits all = new SortedVisits(state, a.pages, a.usualUserBytes, a.size + b.size);
    int fromA = a.indexOf(b.times[0]);
    all.copy(a, 0, fromA);
    int fromB = 0;
    while (fromA < a.size && fromB < b.size) {
      boolean isA =
          a.times[fromA] != b.times[fromB]
              ? a.times[fromA] < b.times[fromB]
              : compareTexts(state, a.pages, a.tails[fromA], b.tails[fromB]) <= 0;
      all.copy(isA ? a : b, isA ? fromA++ : fromB++);
    }
    all.copy(a, fromA, a.size);
    all.copy(b, fromB, b.size);
    return all;
  }

  private void copy(SortedVisits from, int at) {
    times[size] = from.times[at];
    tails[size] = from.tails[at];
    bytes[size++] = from.bytes[at];
  }

  private void copy(SortedVisits other, int from, int to) {
    System.arraycopy(other.times, from, times, size, to - from);
    System.arraycopy(other.tails, from, tails, size, to - from);
    System.arraycopy(other.bytes, from, bytes, size, to - from);
    size += to - from;
  }

  /** Sorts by merging: most visits are in their order. */
  private void sort() {
    int[] order = new int[size];
    Arrays.setAll(order, i -> i);
    sort(order, new int[size], 0, size);
    SortedVisits unsorted = new SortedVisits(state, pages, usualUserBytes, 0);
    unsorted.times = times;
    unsorted.tails = tails;
    unsorted.bytes = bytes;
    times = new long[size];
    tails = new int[size];
    bytes = new int[size];
    size = 0;
    for (int at : order) {
      copy(unsorted, at);
    }
  }

  private void sort(int[] order, int[] left, int from, int to) {
    if (to - from < 2) {
      return;
    }
    int middle = (from + to) >>> 1;
    sort(order, left, from, middle);
    sort(order, left, middle, to);
    if (compare(order[middle - 1], order[middle]) <= 0) {
      return;
    }
    System.arraycopy(order, from, left, from, middle - from);
    int at = from;
    int right = middle;
    for (int i = from; i < middle; ) {
      order[at++] = right < to && compare(left[i], order[right]) > 0 ? order[right++] : left[i++];
    }
  }

  private int compare(int a, int b) {
    return times[a] != times[b]
        ? Long.compare(times[a], times[b])
        : compareTexts(state, pages, tails[a], tails[b]);
  }

  /** Compares visits of one millisecond. */
  private static int compareTexts(byte[] state, PageTable pages, int a, int b) {
    PackedVisitReader first = new PackedVisitReader(state, pages, a);
    PackedVisitReader second = new PackedVisitReader(state, pages, b);
    int bySequence =
        ProjectedFields.compareSequence(
            first.fields(),
            first.fieldsFrom(),
            first.fieldsLength(),
            second.fields(),
            second.fieldsFrom(),
            second.fieldsLength());
    if (bySequence != 0) {
      return bySequence;
    }
    int byPage = comparePages(first, second);
    if (byPage != 0) {
      return byPage;
    }
    int byUser =
        compare(
            first.users(),
            first.userIdFrom(),
            first.userIdLength(),
            second.users(),
            second.userIdFrom(),
            second.userIdLength());
    return byUser != 0
        ? byUser
        : ProjectedFields.compare(
            first.fields(),
            first.fieldsFrom(),
            first.fieldsLength(),
            second.fields(),
            second.fieldsFrom(),
            second.fieldsLength());
  }

  private static int comparePages(PackedVisitReader first, PackedVisitReader second) {
    if (first.page() >= 0 && first.page() == second.page()) {
      return 0;
    }
    return compare(
        first.pageTexts(),
        first.pageFrom(),
        first.pageLength(),
        second.pageTexts(),
        second.pageFrom(),
        second.pageLength());
  }

  /** A missing text comes first. */
  private static int compare(byte[] a, int aFrom, int aLength, byte[] b, int bFrom, int bLength) {
    return aLength < 0 || bLength < 0
        ? Integer.compare(Math.min(aLength, 0), Math.min(bLength, 0))
        : Utf8.compare(a, aFrom, aLength, b, bFrom, bLength);
  }

  /** Keeps one visit of those that are the same: {@link Duplicates#dropped}. */
  private SortedVisits withoutDuplicates() {
    SortedVisits kept = new SortedVisits(state, pages, usualUserBytes, size);
    for (int from = 0; from < size; ) {
      int to = from + 1;
      while (to < size && times[to] == times[from]) {
        to++;
      }
      if (to == from + 1) {
        kept.copy(this, from);
      } else {
        for (int at : Duplicates.kept(pages(from, to))) {
          kept.copy(this, from + at);
        }
      }
      from = to;
    }
    return kept;
  }

  /** Returns the number of the first visit that is not before a time. */
  int indexOf(long time) {
    int from = 0;
    int to = size;
    while (from < to) {
      int middle = (from + to) >>> 1;
      if (times[middle] < time) {
        from = middle + 1;
      } else {
        to = middle;
      }
    }
    return from;
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public long time(int at) {
    return times[at];
  }

  @Override
  public int visitBytes(int at) {
    return bytes[at] >> 1;
  }

  @Override
  public int userBytes(int at) {
    return (bytes[at] & 1) == 0
        ? usualUserBytes
        : new PackedVisitReader(state, pages, tails[at]).userBytes();
  }

  @Override
  public void read(int at, VisitField field, ComparedValue into) {
    into.read(field, new PackedVisitReader(state, pages, tails[at]));
  }

  @Override
  public List<VisitedPage> pages(int from, int to) {
    List<VisitedPage> objects = new ArrayList<>(to - from);
    for (int at = from; at < to; at++) {
      objects.add(new PackedVisitReader(state, pages, tails[at]).visit(times[at]));
    }
    return objects;
  }

  @Override
  public boolean areSame(int from, int to, OrderedVisits others, int othersFrom) {
    return others instanceof SortedVisits those
        ? areSame(from, to, those, othersFrom)
        : OrderedVisits.super.areSame(from, to, others, othersFrom);
  }

  /** Compares visits of one state. */
  private boolean areSame(int from, int to, SortedVisits others, int othersFrom) {
    for (int at = from; at < to; at++) {
      int other = othersFrom + at - from;
      if (times[at] != others.times[other]
          || (tails[at] != others.tails[other]
              && compareTexts(longer(others), pages, tails[at], others.tails[other]) != 0)) {
        return false;
      }
    }
    return true;
  }

  /** Of two states of one visit id, one of which has further visits, returns that one. */
  private byte[] longer(SortedVisits other) {
    return PackedState.length(state) >= PackedState.length(other.state) ? state : other.state;
  }

  /** Returns the visits from one on, packed. */
  ByteWriter packed(int from) {
    ByteWriter out = new ByteWriter(PackedState.length(state));
    for (int at = from; at < size; at++) {
      out.writeSigned(times[at] - PackedState.firstTime(state));
      out.write(
          state, tails[at], new PackedVisitReader(state, pages, tails[at]).visitTo() - tails[at]);
    }
    return out;
  }

  @Override
  public PackedSession packedSession(int from, int to) {
    int texts = PackedState.textsTo(state) - PackedState.VISIT_ID;
    ByteWriter out = new ByteWriter(texts + 24 * (to - from));
    out.write(state, PackedState.VISIT_ID, texts);
    long before = times[from];
    for (int at = from; at < to; at++) {
      out.writeNumber(times[at] - before);
      write(state, new PackedVisitReader(state, pages, tails[at]), out);
      before = times[at];
    }
    return PackedState.session(state, out, times[from], before);
  }

  /** Returns the visits from a time on as one session. Mostly they are in their order. */
  static PackedSession session(byte[] state, PageTable pages, long from) {
    int textsTo = PackedState.textsTo(state);
    ByteWriter out = new ByteWriter(PackedState.length(state));
    out.write(state, PackedState.VISIT_ID, textsTo - PackedState.VISIT_ID);
    boolean isFirst = true;
    long start = 0;
    long end = 0;
    int lastTail = 0;
    for (PackedVisitReader reader = new PackedVisitReader(state, pages); reader.next(); ) {
      if (reader.time() < from) {
        continue;
      }
      if (isFirst) {
        start = reader.time();
        end = start;
        isFirst = false;
      } else if (reader.time() < end
          || (reader.time() == end
              && compareTexts(state, pages, lastTail, reader.tailFrom()) > 0)) {
        return sortedSession(state, pages, from);
      }
      out.writeNumber(reader.time() - end);
      write(state, reader, out);
      end = reader.time();
      lastTail = reader.tailFrom();
    }
    return PackedState.session(state, out, start, end);
  }

  /** Writes the fields, the page and the user of a visit, as a session has them. */
  private static void write(byte[] state, PackedVisitReader visit, ByteWriter out) {
    if (visit.fieldsLength() > 0) {
      out.writeNumber(PackedSession.FIELDS);
      out.writeNumber(visit.fieldsLength());
      out.write(visit.fields(), visit.fieldsFrom(), visit.fieldsLength());
    }
    int length = visit.pageLength();
    out.writeNumber((long) (length + 1) << 1 | (visit.isUsualUser() ? 0 : 1));
    out.write(visit.pageTexts(), visit.pageFrom(), Math.max(0, length));
    out.write(state, visit.userFrom(), visit.visitTo() - visit.userFrom());
  }

  private static PackedSession sortedSession(byte[] state, PageTable pages, long from) {
    SortedVisits visits = all(state, pages, false);
    return visits.packedSession(visits.indexOf(from), visits.size);
  }
}
