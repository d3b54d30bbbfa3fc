package io.sessionizer.kafka;

import io.sessionizer.metrics.RejectionCounts;
import io.sessionizer.records.DeadLetter;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs which records a worker rejects, at most once a minute.
 *
 * <p>There is one per process, not one per instance of the step, of which a worker has many: each
 * of them would write its own line.
 */
final class RejectionLog {
  private static final Logger LOG = LoggerFactory.getLogger(RejectionLog.class);
  private static final long PAUSE_NANOS = TimeUnit.MINUTES.toNanos(1);
  private static final Map<String, RejectionLog> BY_COMMAND = new ConcurrentHashMap<>();

  private final String command;
  private final LongSupplier nanoClock;
  private final Consumer<String> log;
  private RejectionCounts sinceLogged = new RejectionCounts();
  private boolean hasLogged;
  private long loggedAtNanos;

  /**
   * Creates one of its own, for tests.
   *
   * @param command shows the rejected records
   */
  RejectionLog(String command, LongSupplier nanoClock, Consumer<String> log) {
    this.command = command;
    this.nanoClock = nanoClock;
    this.log = log;
  }

  /** Returns that of this process for the job whose rejected records {@code command} shows. */
  static RejectionLog of(String command) {
    return BY_COMMAND.computeIfAbsent(
        command, shows -> new RejectionLog(shows, System::nanoTime, LOG::warn));
  }

  synchronized void add(DeadLetter letter) {
    sinceLogged.add(letter.reason(), 1, letter.provenance().position().compact());
  }

  /** Logs what was added since the last line, unless that is nothing, or the line is too recent. */
  synchronized void logIfDue() {
    long now = nanoClock.getAsLong();
    if (sinceLogged.count() == 0 || (hasLogged && now - loggedAtNanos < PAUSE_NANOS)) {
      return;
    }
    log.accept(
        "rejected %s%s: %s; %s shows them"
            .formatted(
                sinceLogged.count(),
                hasLogged ? " more" : "; such a line comes at most once a minute",
                sinceLogged,
                command));
    sinceLogged = new RejectionCounts();
    hasLogged = true;
    loggedAtNanos = now;
  }
}
