package io.sessionizer.visits;

import io.sessionizer.coders.VersionedCoder;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.VarLongCoder;

/**
 * A visit that was too late for any session.
 *
 * @param located the visit, and where it was read
 * @param lateByMillis how far it was behind the watermark, in milliseconds
 */
public record LateVisit(LocatedVisit located, long lateByMillis) {
  /** Codes a late visit between steps. */
  public static final Coder<LateVisit> CODER = new LateVisitCoder();

  private static final class LateVisitCoder extends VersionedCoder<LateVisit> {
    private static final long serialVersionUID = 1L;

    LateVisitCoder() {
      super(LateVisit.class, 1);
    }

    @Override
    protected void write(LateVisit late, OutputStream out) throws IOException {
      LocatedVisit.CODER.encode(late.located(), out);
      VarLongCoder.of().encode(late.lateByMillis(), out);
    }

    @Override
    protected LateVisit read(InputStream in) throws IOException {
      return new LateVisit(LocatedVisit.CODER.decode(in), VarLongCoder.of().decode(in));
    }
  }
}
