package io.sessionizer.bench;

/**
 * What one run of a contender gave.
 *
 * @param problem what was wrong with it; empty if its output was exact
 * @param cpuSeconds CPU time of its process, from its start to its end
 * @param wallSeconds from the start of its process to its last session, or with files to its end
 * @param visitsPerCpuSecond all visits by all CPU time
 * @param steadyVisitsPerSecond visits per second of wall time from the first tenth of the output to
 *     the last, or with files of all of it
 * @param peakBytes the most memory that its process has had, of any kind
 * @param heapAfterGcBytes live objects when half of the sessions were emitted; 0 if nobody looked
 * @param heapBytesPerOpenVisit these by the number of visits in open sessions
 * @param heapGrowth live objects when three quarters of the sessions were emitted, divided by those
 *     when a quarter was
 * @param checkpointBytes the size of the largest checkpoint; 0 if it made none
 * @param checkpointMillis how long the longest checkpoint took
 * @param stateBytesPerOpenVisit the largest checkpoint by the number of visits in open sessions
 * @param brokerCpuSeconds CPU time of the broker meanwhile
 * @param othersCpuSeconds CPU time of everything else on the machine meanwhile
 */
record Run(
    String problem,
    double cpuSeconds,
    double wallSeconds,
    double visitsPerCpuSecond,
    double steadyVisitsPerSecond,
    double peakBytes,
    double heapAfterGcBytes,
    double heapBytesPerOpenVisit,
    double heapGrowth,
    double checkpointBytes,
    double checkpointMillis,
    double stateBytesPerOpenVisit,
    double brokerCpuSeconds,
    double othersCpuSeconds) {

  /** Whether its figures count. */
  boolean isExact() {
    return problem.isEmpty();
  }

  /** Returns a run on files, which has fewer figures. */
  static Run onFiles(
      String problem,
      double cpuSeconds,
      double wallSeconds,
      long visits,
      long peakBytes,
      double othersCpuSeconds) {
    return new Run(
        problem,
        cpuSeconds,
        wallSeconds,
        visits / cpuSeconds,
        visits / wallSeconds,
        peakBytes,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        othersCpuSeconds);
  }

  /** Returns a run without figures. */
  static Run failed(String problem) {
    return new Run(problem, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
  }
}
