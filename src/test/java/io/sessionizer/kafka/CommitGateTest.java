package io.sessionizer.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class CommitGateTest {
  private final CommitGate gate = new CommitGate();
  private final List<String> commits = new CopyOnWriteArrayList<>();

  @Test
  void closedGatePermitsNoCommit() {
    gate.commit(() -> commits.add("open"));
    gate.close();
    gate.commit(() -> commits.add("closed"));

    assertEquals(List.of("open"), commits);
  }

  @Test
  void commitsNeedNotWaitForEachOther() throws Exception {
    CountDownLatch other = new CountDownLatch(1);
    Thread reader = new Thread(() -> gate.commit(() -> waitUntilBlocked(other)));
    reader.start();
    gate.commit(other::countDown);
    reader.join();

    assertEquals(0, other.getCount());
  }

  @Test
  void closeWaitsForCommitInProgress() throws Exception {
    Thread job =
        new Thread(
            () -> {
              gate.close();
              commits.add("job");
            });
    gate.commit(
        () -> {
          job.start();
          while (job.isAlive() && job.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
          }
          commits.add("reader");
        });
    job.join();

    assertEquals(List.of("reader", "job"), commits);
  }

  private static void waitUntilBlocked(CountDownLatch closing) {
    try {
      closing.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
