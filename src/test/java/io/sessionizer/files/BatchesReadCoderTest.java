package io.sessionizer.files;

import io.sessionizer.files.OpenVisitsSource.BatchesRead;
import io.sessionizer.testing.CoderContract;
import org.apache.beam.sdk.coders.Coder;

class BatchesReadCoderTest implements CoderContract<BatchesRead> {
  @Override
  public Coder<BatchesRead> coder() {
    return BatchesRead.CODER;
  }

  @Override
  public BatchesRead example() {
    return new BatchesRead(300);
  }
}
