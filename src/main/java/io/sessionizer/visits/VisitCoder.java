package io.sessionizer.visits;

import io.sessionizer.coders.VersionedCoder;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.NullableCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarLongCoder;

/** Codes a {@link Visit}. */
public final class VisitCoder extends VersionedCoder<Visit> {
  private static final long serialVersionUID = 1L;
  private static final VisitCoder INSTANCE = new VisitCoder();
  private static final StringUtf8Coder TEXT = StringUtf8Coder.of();
  private static final NullableCoder<String> OPTIONAL_TEXT = NullableCoder.of(TEXT);
  private static final VarLongCoder LONG = VarLongCoder.of();

  private VisitCoder() {
    super(Visit.class, 1);
  }

  /** The coder. */
  public static VisitCoder of() {
    return INSTANCE;
  }

  @Override
  protected void write(Visit visit, OutputStream out) throws IOException {
    TEXT.encode(visit.visitId(), out);
    LONG.encode(visit.eventTimeMillis(), out);
    OPTIONAL_TEXT.encode(visit.userId(), out);
    OPTIONAL_TEXT.encode(visit.page(), out);
  }

  @Override
  protected Visit read(InputStream in) throws IOException {
    return new Visit(
        TEXT.decode(in), LONG.decode(in), OPTIONAL_TEXT.decode(in), OPTIONAL_TEXT.decode(in));
  }
}
