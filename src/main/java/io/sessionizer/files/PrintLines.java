package io.sessionizer.files;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PDone;

/** Writes elements to the standard output of this process, one per line. */
final class PrintLines<T> extends PTransform<PCollection<T>, PDone> {
  private static final long serialVersionUID = 1L;

  private final LineFormat<T> format;

  PrintLines(LineFormat<T> format) {
    this.format = format;
  }

  @Override
  public PDone expand(PCollection<T> elements) {
    elements.apply("PrintLines", ParDo.of(new PrintLinesFn<>(format)));
    return PDone.in(elements.getPipeline());
  }

  private static final class PrintLinesFn<T> extends DoFn<T, Void> {
    private static final long serialVersionUID = 1L;
    private static final int BUFFER_BYTES = 1 << 16;

    private final LineFormat<T> format;
    private transient LineBuffer lines;

    PrintLinesFn(LineFormat<T> format) {
      this.format = format;
    }

    @StartBundle
    public void startBundle() {
      lines = new LineBuffer();
    }

    @ProcessElement
    public void print(@Element T element) throws IOException {
      lines.add(format.line(element));
      if (lines.size() > BUFFER_BYTES) {
        lines.print();
      }
    }

    @FinishBundle
    public void finishBundle() throws IOException {
      lines.print();
    }
  }

  /** Lines that are not written yet. */
  private static final class LineBuffer extends ByteArrayOutputStream {
    void add(byte[] line) {
      writeBytes(line);
      write('\n');
    }

    void print() throws IOException {
      StandardOutput.write(buf, count);
      reset();
    }
  }
}
