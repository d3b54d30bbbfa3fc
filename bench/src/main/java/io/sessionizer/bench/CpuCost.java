package io.sessionizer.bench;

/**
 * CPU time of a contender as a linear function of the number of visits.
 *
 * @param startSeconds the intercept: CPU-seconds before the first visit
 * @param visitMicros the slope: CPU-microseconds of a further visit
 */
record CpuCost(double startSeconds, double visitMicros) {
  private static final double MICROS_PER_SECOND = 1e6;

  /** Returns the line through the CPU-seconds of two sizes. */
  static CpuCost through(
      long fewVisits, double secondsOfFew, long manyVisits, double secondsOfMany) {
    double perVisit = (secondsOfMany - secondsOfFew) / (manyVisits - fewVisits);
    return new CpuCost(secondsOfFew - fewVisits * perVisit, MICROS_PER_SECOND * perVisit);
  }
}
