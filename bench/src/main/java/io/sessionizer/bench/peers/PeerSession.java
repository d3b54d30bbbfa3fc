package io.sessionizer.bench.peers;

import java.util.Arrays;

/** A session while it grows: its pages in two arrays, in the order in which they came. */
final class PeerSession {
  private static final int FIRST_CAPACITY = 8;

  String visitId = "";
  String userId = "";
  long userMillis = Long.MAX_VALUE;
  int size;
  long[] times = new long[FIRST_CAPACITY];
  String[] pages = new String[FIRST_CAPACITY];

  void add(PeerVisit visit) {
    if (size == 0) {
      visitId = visit.visitId;
    }
    knowUser(visit.userId, visit.timeMillis);
    append(visit.timeMillis, visit.page);
  }

  void addAll(PeerSession other) {
    if (size == 0) {
      visitId = other.visitId;
    }
    knowUser(other.userId, other.userMillis);
    reserve(size + other.size);
    System.arraycopy(other.times, 0, times, size, other.size);
    System.arraycopy(other.pages, 0, pages, size, other.size);
    size += other.size;
  }

  PeerSession copy() {
    PeerSession copy = new PeerSession();
    copy.visitId = visitId;
    copy.userId = userId;
    copy.userMillis = userMillis;
    copy.size = size;
    copy.times = Arrays.copyOf(times, times.length);
    copy.pages = Arrays.copyOf(pages, pages.length);
    return copy;
  }

  void append(long timeMillis, String page) {
    reserve(size + 1);
    times[size] = timeMillis;
    pages[size] = page;
    size++;
  }

  void reserve(int capacity) {
    if (capacity > times.length) {
      int enough = Math.max(capacity, times.length * 2);
      times = Arrays.copyOf(times, enough);
      pages = Arrays.copyOf(pages, enough);
    }
  }

  /** Sorts the pages by time; they nearly are, so by insertion. */
  void sort() {
    for (int i = 1; i < size; i++) {
      long time = times[i];
      String page = pages[i];
      int to = i;
      while (to > 0 && isBehind(to - 1, time, page)) {
        times[to] = times[to - 1];
        pages[to] = pages[to - 1];
        to--;
      }
      times[to] = time;
      pages[to] = page;
    }
  }

  private boolean isBehind(int at, long time, String page) {
    return times[at] > time || (times[at] == time && pages[at].compareTo(page) > 0);
  }

  private void knowUser(String user, long timeMillis) {
    if (timeMillis < userMillis) {
      userId = user;
      userMillis = timeMillis;
    }
  }
}
