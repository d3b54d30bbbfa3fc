package io.sessionizer.sessions;

import io.sessionizer.coders.VersionedCoder;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.ByteArrayCoder;

/** Codes {@link HeldVisits}: the format of most of the stateful engine's saved state. */
final class HeldVisitsCoder extends VersionedCoder<HeldVisits> {
  private static final long serialVersionUID = 1L;
  private static final HeldVisitsCoder INSTANCE = new HeldVisitsCoder();
  private static final ByteArrayCoder BYTES = ByteArrayCoder.of();

  private HeldVisitsCoder() {
    super(1);
  }

  static HeldVisitsCoder of() {
    return INSTANCE;
  }

  @Override
  protected void write(HeldVisits visits, OutputStream out) throws IOException {
    BYTES.encode(visits.bytes(), out);
  }

  @Override
  protected HeldVisits read(InputStream in) throws IOException {
    return new HeldVisits(BYTES.decode(in));
  }
}
