package io.sessionizer.files;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PDone;

/** Writes elements, one per line, to a destination in this process, which has them at once. */
final class AppendLines<T> extends PTransform<PCollection<T>, PDone> {
  private static final long serialVersionUID = 1L;

  private final LineDestination destination;
  private final LineFormat<T> format;

  AppendLines(LineDestination destination, LineFormat<T> format) {
    this.destination = destination;
    this.format = format;
  }

  @Override
  public PDone expand(PCollection<T> elements) {
    elements.apply("AppendLines", ParDo.of(new AppendLinesFn<>(destination, format)));
    return PDone.in(elements.getPipeline());
  }

  private static final class AppendLinesFn<T> extends DoFn<T, Void> {
    private static final long serialVersionUID = 1L;
    private static final int BUFFER_BYTES = 1 << 16;

    private final LineDestination destination;
    private final LineFormat<T> format;
    private transient LineBuffer lines;

    AppendLinesFn(LineDestination destination, LineFormat<T> format) {
      this.destination = destination;
      this.format = format;
    }

    @StartBundle
    public void startBundle() {
      lines = new LineBuffer();
    }

    @ProcessElement
    public void append(@Element T element) throws IOException {
      lines.add(format.line(element));
      if (lines.size() > BUFFER_BYTES) {
        lines.writeTo(destination);
      }
    }

    @FinishBundle
    public void finishBundle() throws IOException {
      lines.writeTo(destination);
    }
  }

  /** Lines that are not written yet. */
  private static final class LineBuffer extends ByteArrayOutputStream {
    void add(byte[] line) {
      writeBytes(line);
      write('\n');
    }

    void writeTo(LineDestination destination) throws IOException {
      if (count > 0) {
        destination.append(buf, count);
        reset();
      }
    }
  }
}
