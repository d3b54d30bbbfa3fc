package io.sessionizer.visits;

import io.sessionizer.coders.VersionedCoder;
import io.sessionizer.records.Provenance;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.Coder;

/**
 * A visit, and where it was read.
 *
 * @param visit the visit
 * @param provenance where it was read
 */
public record LocatedVisit(Visit visit, Provenance provenance) {
  /** Codes a visit between steps. */
  public static final Coder<LocatedVisit> CODER = new LocatedVisitCoder();

  private static final class LocatedVisitCoder extends VersionedCoder<LocatedVisit> {
    private static final long serialVersionUID = 1L;

    LocatedVisitCoder() {
      super(LocatedVisit.class, 1);
    }

    @Override
    protected void write(LocatedVisit located, OutputStream out) throws IOException {
      VisitCoder.of().encode(located.visit(), out);
      ProvenanceCoder.of().encode(located.provenance(), out);
    }

    @Override
    protected LocatedVisit read(InputStream in) throws IOException {
      return new LocatedVisit(VisitCoder.of().decode(in), ProvenanceCoder.of().decode(in));
    }
  }
}
