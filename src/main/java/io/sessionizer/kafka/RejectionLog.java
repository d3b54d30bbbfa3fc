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
 * A log of the records that a process rejects, of at most one line a minute. A worker has many
 * instances of the step that rejects, and each of them would log its own line.
 */
final class RejectionLog {
  private static final Logger LOG = LoggerFactory.getLogger(RejectionLog.class);
  private static final long INTERVAL_NANOS = TimeUnit.MINUTES.toNanos(1);
  private static final Map<String, RejectionLog> BY_COMMAND = new ConcurrentHashMap<>();

  private final String command;
  private final LongSupplier nanoClock;
  private final Consumer<String> log;
  private RejectionCounts sinceLogged = new RejectionCounts();
  private boolean hasLogged;
  private long loggedAtNanos;

  /**
   * Creates a log of its own, for tests.
   *
   * @param command the command that prints the rejected records
   * @param nanoClock as {@link System#nanoTime}
   * @param log writes a line
   */
  RejectionLog(String command, LongSupplier nanoClock, Consumer<String> log) {
    this.command = command;
    this.nanoClock = nanoClock;
    this.log = log;
  }

  /** Returns the log of this process for the job whose rejected records {@code command} prints. */
  static RejectionLog of(String command) {
    return BY_COMMAND.computeIfAbsent(
        command, prints -> new RejectionLog(prints, System::nanoTime, LOG::warn));
  }

  /** Adds a rejected record. */
  synchronized void add(DeadLetter letter) {
    sinceLogged.add(letter.reason(), 1, letter.provenance().position().compact());
  }

  /** Logs what was added since the last line, if anything was and a minute has passed. */
  synchronized void logOnceAMinute() {
    long now = nanoClock.getAsLong();
    if (sinceLogged.count() == 0 || (hasLogged && now - loggedAtNanos < INTERVAL_NANOS)) {
      return;
    }
    log.accept(
        "rejected %s%s: %s; %s shows them"
            .formatted(
                sinceLogged.count(),
                hasLogged ? " more" : "; logged at most once a minute",
                sinceLogged,
                command));
    sinceLogged = new RejectionCounts();
    hasLogged = true;
    loggedAtNanos = now;
  }
}
