package io.sessionizer.sessions;

import io.sessionizer.records.PackedSession;
import java.util.Arrays;

/**
 * The visits of a {@link PackedState}, in their order, which is that of {@link
 * io.sessionizer.records.VisitedPage}. Mostly they are accepted in it.
 */
final class SortedVisits {
  private final byte[] state;
  private long[] times;

  /** Of each visit where its page and user start, and behind the last one where they end. */
  private int[] tails;

  private int[] ends;
  private int count;

  private SortedVisits(byte[] state, int capacity) {
    this.state = state;
    this.times = new long[capacity];
    this.tails = new int[capacity];
    this.ends = new int[capacity];
  }

  /**
   * Returns the visits from a time on as one session.
   *
   * @param pages how many visits there are
   */
  static PackedSession session(byte[] state, int pages, long from) {
    SortedVisits visits = new SortedVisits(state, pages);
    boolean isSorted = true;
    for (PackedVisitReader reader = new PackedVisitReader(state); reader.next(); ) {
      if (reader.time() < from) {
        continue;
      }
      visits.add(reader);
      isSorted &= visits.count == 1 || visits.compare(visits.count - 2, visits.count - 1) <= 0;
    }
    if (!isSorted) {
      visits.sort();
    }
    return visits.session();
  }

  private void add(PackedVisitReader reader) {
    if (count == times.length) {
      throw new IllegalStateException("a session has more visits than were counted: " + count);
    }
    times[count] = reader.time();
    tails[count] = reader.tailFrom();
    ends[count] = reader.visitTo();
    count++;
  }

  private void sort() {
    Integer[] order = new Integer[count];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, this::compare);
    long[] unsortedTimes = times;
    int[] unsortedTails = tails;
    int[] unsortedEnds = ends;
    times = new long[count];
    tails = new int[count];
    ends = new int[count];
    for (int i = 0; i < count; i++) {
      times[i] = unsortedTimes[order[i]];
      tails[i] = unsortedTails[order[i]];
      ends[i] = unsortedEnds[order[i]];
    }
  }

  private int compare(int a, int b) {
    return times[a] != times[b] ? Long.compare(times[a], times[b]) : compareTexts(a, b);
  }

  /** Compares visits of one millisecond. */
  private int compareTexts(int a, int b) {
    PackedVisitReader first = new PackedVisitReader(state, tails[a]);
    PackedVisitReader second = new PackedVisitReader(state, tails[b]);
    int byPage =
        compare(
            first.visits(),
            first.pageFrom(),
            first.pageLength(),
            second.visits(),
            second.pageFrom(),
            second.pageLength());
    return byPage != 0
        ? byPage
        : compare(
            first.users(),
            first.userIdFrom(),
            first.userIdLength(),
            second.users(),
            second.userIdFrom(),
            second.userIdLength());
  }

  /** A missing text comes first. */
  private static int compare(byte[] a, int aFrom, int aLength, byte[] b, int bFrom, int bLength) {
    return aLength < 0 || bLength < 0
        ? Integer.compare(Math.min(aLength, 0), Math.min(bLength, 0))
        : Utf8.compare(a, aFrom, aLength, b, bFrom, bLength);
  }

  private PackedSession session() {
    int texts = PackedState.textsTo(state) - PackedState.VISIT_ID;
    ByteWriter out = new ByteWriter(PackedState.length(state));
    out.write(state, PackedState.VISIT_ID, texts);
    long before = times[0];
    for (int i = 0; i < count; i++) {
      out.writeNumber(times[i] - before);
      out.write(state, tails[i], ends[i] - tails[i]);
      before = times[i];
    }
    return new PackedSession(
        out.toByteArray(),
        PackedState.visitIdLength(state),
        PackedState.userIdLength(state),
        times[0],
        before);
  }
}
