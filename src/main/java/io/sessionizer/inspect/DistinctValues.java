package io.sessionizer.inspect;

import java.util.Arrays;

/**
 * The number of distinct values, in bounded memory: of the values' hashes the smallest ones are
 * kept. Up to {@link #KEPT} values the number is exact, beyond that off by about 2 %: with the
 * 4,096th smallest hash at a tenth of the range, there are about 40,950.
 */
final class DistinctValues {
  static final int KEPT = 4096;

  private static final int FIRST_SIZE = 16;

  /** Hashes, sorted and distinct up to {@link #sorted}. */
  private long[] hashes = new long[FIRST_SIZE];

  private int size;
  private int sorted;
  private boolean isExact = true;

  void add(String value) {
    long hash = hash(value);
    if (!isExact && hash > hashes[KEPT - 1]) {
      return;
    }
    if (Arrays.binarySearch(hashes, 0, sorted, hash) >= 0) {
      return;
    }
    if (size == hashes.length) {
      sort();
      if (size > hashes.length / 2) {
        hashes = Arrays.copyOf(hashes, 2 * hashes.length);
      }
    }
    hashes[size++] = hash;
  }

  /** Sorts the hashes, and keeps the smallest ones. */
  private void sort() {
    Arrays.sort(hashes, 0, size);
    int distinct = 0;
    for (int i = 0; i < size; i++) {
      if (distinct == 0 || hashes[i] != hashes[distinct - 1]) {
        hashes[distinct++] = hashes[i];
      }
    }
    isExact &= distinct <= KEPT;
    size = Math.min(distinct, KEPT);
    sorted = size;
  }

  /** Returns about how many distinct values there are. */
  long count() {
    sort();
    if (isExact) {
      return size;
    }
    double part = (hashes[KEPT - 1] - (double) Long.MIN_VALUE) / 0x1p64;
    return Math.max(KEPT, Math.round((KEPT - 1) / part));
  }

  /** Whether the number is exact. */
  boolean isExact() {
    sort();
    return isExact;
  }

  /** FNV-1a, and the last step of MurmurHash3, which spreads it. */
  private static long hash(String value) {
    long hash = 0xcbf29ce484222325L;
    for (int i = 0; i < value.length(); i++) {
      hash = (hash ^ value.charAt(i)) * 0x100000001b3L;
    }
    hash = (hash ^ (hash >>> 33)) * 0xff51afd7ed558ccdL;
    hash = (hash ^ (hash >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return hash ^ (hash >>> 33);
  }
}
