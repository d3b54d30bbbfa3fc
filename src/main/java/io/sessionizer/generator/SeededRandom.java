package io.sessionizer.generator;

/**
 * A random number generator with the same numbers for a seed on every JVM: SplitMix64, implemented
 * here because the JDK does not specify how its generators reduce a number to a range.
 */
final class SeededRandom {
  private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

  private long state;

  SeededRandom(long seed) {
    state = seed;
  }

  long nextLong() {
    state += GOLDEN_GAMMA;
    long mixed = (state ^ (state >>> 30)) * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
    return mixed ^ (mixed >>> 31);
  }

  /** Returns a number from {@code 0} to {@code bound - 1}. */
  int below(int bound) {
    return (int) (((nextLong() >>> 33) * bound) >>> 31);
  }

  /** Returns a number from {@code least} to {@code most}, both included. */
  int between(int least, int most) {
    return least + below(most - least + 1);
  }

  /** Returns a number from 0 (included) to 100 (excluded). */
  double percent() {
    return (nextLong() >>> 11) * 0x1p-53 * 100;
  }

  String oneOf(String... choices) {
    return choices[below(choices.length)];
  }
}
