package io.sessionizer.files;

import io.sessionizer.coders.VersionedCoder;
import io.sessionizer.visits.ConsumedBatch;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.io.BoundedSource.BoundedReader;
import org.apache.beam.sdk.io.UnboundedSource;
import org.apache.beam.sdk.io.UnboundedSource.CheckpointMark;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Instant;

/**
 * Reads lines that have an end in a job that has none, in one reader. A runner that resumes it from
 * a checkpoint reads no batch again that is in the state of the steps behind. A bounded source has
 * no checkpoints.
 */
final class OpenVisitsSource extends UnboundedSource<ConsumedBatch, OpenVisitsSource.BatchesRead> {
  private static final long serialVersionUID = 1L;

  private final LineSource lines;

  OpenVisitsSource(LineSource lines) {
    this.lines = lines;
  }

  /**
   * How far the lines are read.
   *
   * @param count how many batches are read; files and batches are always in the same order
   */
  record BatchesRead(long count) implements CheckpointMark {
    /** Codes it in checkpoints. */
    static final Coder<BatchesRead> CODER = new BatchesReadCoder();

    @Override
    public void finalizeCheckpoint() {}
  }

  @Override
  public List<OpenVisitsSource> split(int desiredSplits, PipelineOptions options) {
    return List.of(this);
  }

  @Override
  public UnboundedReader<ConsumedBatch> createReader(
      PipelineOptions options, @Nullable BatchesRead mark) throws IOException {
    return new OpenVisitsReader(this, lines.createReader(options), mark == null ? 0 : mark.count());
  }

  @Override
  public Coder<BatchesRead> getCheckpointMarkCoder() {
    return BatchesRead.CODER;
  }

  @Override
  public Coder<ConsumedBatch> getOutputCoder() {
    return ConsumedBatch.CODER;
  }

  private static final class BatchesReadCoder extends VersionedCoder<BatchesRead> {
    private static final long serialVersionUID = 1L;

    BatchesReadCoder() {
      super(BatchesRead.class, 1);
    }

    @Override
    protected void write(BatchesRead mark, OutputStream out) throws IOException {
      VarLongCoder.of().encode(mark.count(), out);
    }

    @Override
    protected BatchesRead read(InputStream in) throws IOException {
      return new BatchesRead(VarLongCoder.of().decode(in));
    }
  }

  private static final class OpenVisitsReader extends UnboundedReader<ConsumedBatch> {
    private final OpenVisitsSource source;
    private final BoundedReader<ConsumedBatch> lines;
    private final long skipped;
    private long count;
    private boolean isDone;

    OpenVisitsReader(OpenVisitsSource source, BoundedReader<ConsumedBatch> lines, long skipped) {
      this.source = source;
      this.lines = lines;
      this.skipped = skipped;
    }

    @Override
    public boolean start() throws IOException {
      isDone = !lines.start();
      while (!isDone && count < skipped) {
        count++;
        isDone = !lines.advance();
      }
      return read();
    }

    @Override
    public boolean advance() throws IOException {
      isDone = isDone || !lines.advance();
      return read();
    }

    private boolean read() throws IOException {
      if (isDone) {
        return false;
      }
      OpenVisits.requireVisits(lines.getCurrent());
      count++;
      return true;
    }

    @Override
    public ConsumedBatch getCurrent() {
      return lines.getCurrent();
    }

    /** They are older than any watermark, and no watermark is known before they are read. */
    @Override
    public Instant getCurrentTimestamp() throws NoSuchElementException {
      return BoundedWindow.TIMESTAMP_MIN_VALUE;
    }

    @Override
    public Instant getWatermark() {
      return isDone ? BoundedWindow.TIMESTAMP_MAX_VALUE : BoundedWindow.TIMESTAMP_MIN_VALUE;
    }

    @Override
    public BatchesRead getCheckpointMark() {
      return new BatchesRead(count);
    }

    @Override
    public OpenVisitsSource getCurrentSource() {
      return source;
    }

    @Override
    public void close() throws IOException {
      lines.close();
    }
  }
}
