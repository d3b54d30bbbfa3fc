package io.sessionizer.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import java.util.UUID;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.junit.jupiter.api.Test;

class PartitionProgressTest {
  private static final UUID JOB = UUID.fromString("00000000-0000-0001-0000-000000000002");
  private static final PartitionProgress STANDING = new PartitionProgress(3, 4, 5, true, 6);
  private static final String METADATA =
      "sessionizer/1 00000000-0000-0001-0000-000000000002 3 4 5 true 6";

  @Test
  void isWrittenAsText() {
    assertEquals(METADATA, STANDING.metadata(JOB));
  }

  @Test
  void isReadBack() {
    assertEquals(Optional.of(STANDING), PartitionProgress.of(METADATA, JOB));
  }

  @Test
  void ofAPartitionThatWasNeverWrittenIsReadBack() {
    long never = BoundedWindow.TIMESTAMP_MIN_VALUE.getMillis();
    PartitionProgress standing = new PartitionProgress(never, 4, never, false, 6);
    assertEquals(Optional.of(standing), PartitionProgress.of(standing.metadata(JOB), JOB));
  }

  @Test
  void isReadInFrontOfWhatIsSettled() {
    var committed = new OffsetAndMetadata(9, METADATA);
    String both = new CommittedOffset(9, 7).in(committed).metadata();
    assertEquals(METADATA + " settled=7", both);
    assertEquals(Optional.of(STANDING), PartitionProgress.of(both, JOB));
    assertEquals(new CommittedOffset(9, 7), CommittedOffset.of(new OffsetAndMetadata(9, both)));
  }

  @Test
  void ofAnotherJobIsNone() {
    assertEquals(Optional.empty(), PartitionProgress.of(METADATA, UUID.randomUUID()));
  }

  @Test
  void metadataOfAnotherProgramIsNone() {
    assertEquals(Optional.empty(), PartitionProgress.of("", JOB));
    assertEquals(Optional.empty(), PartitionProgress.of("read by hand", JOB));
    assertEquals(Optional.empty(), PartitionProgress.of(METADATA.replace("/1", "/2"), JOB));
    assertEquals(Optional.empty(), PartitionProgress.of(METADATA + "0000000000000000000", JOB));
  }
}
