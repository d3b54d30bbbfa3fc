package io.sessionizer.visits;

import io.sessionizer.coders.VersionedCoder;
import io.sessionizer.records.SourcePosition;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.coders.VarLongCoder;

/** Codes an {@link SourcePosition}. */
public final class SourcePositionCoder extends VersionedCoder<SourcePosition> {
  private static final long serialVersionUID = 1L;
  private static final SourcePositionCoder INSTANCE = new SourcePositionCoder();
  private static final StringUtf8Coder TEXT = StringUtf8Coder.of();
  private static final VarIntCoder INT = VarIntCoder.of();
  private static final VarLongCoder LONG = VarLongCoder.of();

  private SourcePositionCoder() {
    super(1);
  }

  /** The coder. */
  public static SourcePositionCoder of() {
    return INSTANCE;
  }

  @Override
  protected void write(SourcePosition origin, OutputStream out) throws IOException {
    TEXT.encode(origin.topic(), out);
    INT.encode(origin.partition(), out);
    LONG.encode(origin.offset(), out);
    LONG.encode(origin.timestampMillis(), out);
    LONG.encode(origin.resumedAtMillis(), out);
  }

  @Override
  protected SourcePosition read(InputStream in) throws IOException {
    return new SourcePosition(
        TEXT.decode(in), INT.decode(in), LONG.decode(in), LONG.decode(in), LONG.decode(in));
  }
}
