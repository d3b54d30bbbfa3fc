package io.sessionizer.bench;

import io.sessionizer.broker.LocalBroker;

/** The CPU time that processes on this machine have used since a moment. */
final class CpuClock {
  private final LocalBroker broker;
  private double brokerSeconds;
  private double othersSeconds;

  private CpuClock(LocalBroker broker) {
    this.broker = broker;
    this.brokerSeconds = -Machine.cpuSeconds(broker.process());
    this.othersSeconds = -Machine.busyCpuSeconds();
  }

  static CpuClock start(LocalBroker broker) {
    return new CpuClock(broker);
  }

  /** Ends the time that counts, in which a contender took these seconds. */
  void stop(double contenderSeconds) {
    brokerSeconds += Machine.cpuSeconds(broker.process());
    othersSeconds += Machine.busyCpuSeconds() - brokerSeconds - contenderSeconds;
  }

  double brokerSeconds() {
    return brokerSeconds;
  }

  /** Returns the time of everything that is neither the contender nor the broker. */
  double othersSeconds() {
    return othersSeconds;
  }
}
