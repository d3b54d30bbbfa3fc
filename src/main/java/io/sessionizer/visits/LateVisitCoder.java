package io.sessionizer.visits;

import io.sessionizer.coders.VersionedCoder;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.VarLongCoder;

/** Codes a {@link LateVisit}. */
public final class LateVisitCoder extends VersionedCoder<LateVisit> {
  private static final long serialVersionUID = 1L;
  private static final LateVisitCoder INSTANCE = new LateVisitCoder();

  private LateVisitCoder() {
    super(1);
  }

  /** The coder. */
  public static LateVisitCoder of() {
    return INSTANCE;
  }

  @Override
  protected void write(LateVisit late, OutputStream out) throws IOException {
    LocatedVisitCoder.of().encode(late.located(), out);
    VarLongCoder.of().encode(late.lateByMillis(), out);
  }

  @Override
  protected LateVisit read(InputStream in) throws IOException {
    return new LateVisit(LocatedVisitCoder.of().decode(in), VarLongCoder.of().decode(in));
  }
}
