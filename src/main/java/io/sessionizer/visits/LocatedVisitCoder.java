package io.sessionizer.visits;

import io.sessionizer.coders.VersionedCoder;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** Codes a {@link LocatedVisit}. */
public final class LocatedVisitCoder extends VersionedCoder<LocatedVisit> {
  private static final long serialVersionUID = 1L;
  private static final LocatedVisitCoder INSTANCE = new LocatedVisitCoder();

  private LocatedVisitCoder() {
    super(1);
  }

  /** The coder. */
  public static LocatedVisitCoder of() {
    return INSTANCE;
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
