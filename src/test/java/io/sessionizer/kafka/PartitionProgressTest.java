package io.sessionizer.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import java.util.UUID;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.junit.jupiter.api.Test;

class PartitionProgressTest {
  private static final UUID JOB = UUID.fromString("00000000-0000-0001-0000-000000000002");
  private static final PartitionProgress PROGRESS = new PartitionProgress(3, 4, 5, true, 6);
  private static final String METADATA =
      "sessionizer/1 00000000-0000-0001-0000-000000000002 3 4 5 true 6";

  @Test
  void writesMetadata() {
    assertEquals(METADATA, PROGRESS.metadata(JOB));
  }

  @Test
  void readsMetadataBack() {
    assertEquals(Optional.of(PROGRESS), PartitionProgress.of(METADATA, JOB));
  }

  @Test
  void readsUnwrittenPartitionBack() {
    long never = BoundedWindow.TIMESTAMP_MIN_VALUE.getMillis();
    PartitionProgress progress = new PartitionProgress(never, 4, never, false, 6);
    assertEquals(Optional.of(progress), PartitionProgress.of(progress.metadata(JOB), JOB));
  }

  @Test
  void readsMetadataWithFlushedOffset() {
    var committed = new OffsetAndMetadata(9, METADATA);
    String both = new CommittedOffset(9, 7).in(committed).metadata();
    assertEquals(METADATA + " settled=7", both);
    assertEquals(Optional.of(PROGRESS), PartitionProgress.of(both, JOB));
    assertEquals(new CommittedOffset(9, 7), CommittedOffset.of(new OffsetAndMetadata(9, both)));
  }

  @Test
  void readsReportOfAnyJob() {
    assertEquals(Optional.of(PROGRESS), PartitionProgress.ofAnyJob(METADATA + " settled=7"));
    assertEquals(Optional.empty(), PartitionProgress.ofAnyJob("read by hand"));
  }

  @Test
  void ignoresOtherJob() {
    assertEquals(Optional.empty(), PartitionProgress.of(METADATA, UUID.randomUUID()));
  }

  @Test
  void ignoresOtherMetadata() {
    assertEquals(Optional.empty(), PartitionProgress.of("", JOB));
    assertEquals(Optional.empty(), PartitionProgress.of("read by hand", JOB));
    assertEquals(Optional.empty(), PartitionProgress.of(METADATA.replace("/1", "/2"), JOB));
    assertEquals(Optional.empty(), PartitionProgress.of(METADATA + "0000000000000000000", JOB));
  }
}
