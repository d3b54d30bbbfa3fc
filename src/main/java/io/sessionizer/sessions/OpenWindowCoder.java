package io.sessionizer.sessions;

import io.sessionizer.coders.VersionedCoder;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.coders.VarLongCoder;

/** Codes an {@link OpenWindow}; the end is coded as the length. */
final class OpenWindowCoder extends VersionedCoder<OpenWindow> {
  private static final long serialVersionUID = 1L;
  private static final OpenWindowCoder INSTANCE = new OpenWindowCoder();
  private static final VarLongCoder LONG = VarLongCoder.of();
  private static final VarIntCoder INT = VarIntCoder.of();

  private OpenWindowCoder() {
    super(OpenWindow.class, 1);
  }

  static OpenWindowCoder of() {
    return INSTANCE;
  }

  @Override
  protected void write(OpenWindow window, OutputStream out) throws IOException {
    LONG.encode(window.startMillis(), out);
    LONG.encode(window.length().toMillis(), out);
    INT.encode(window.pages(), out);
    LONG.encode(window.bytes().visits(), out);
    INT.encode(window.bytes().user(), out);
  }

  @Override
  protected OpenWindow read(InputStream in) throws IOException {
    long start = LONG.decode(in);
    return new OpenWindow(
        start,
        start + LONG.decode(in),
        INT.decode(in),
        new SessionBytes(LONG.decode(in), INT.decode(in)));
  }
}
