package io.sessionizer.sessions;

import io.sessionizer.coders.VersionedCoder;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.ByteArrayCoder;

/** Codes {@link PackedVisits}: the format of most of the stateful engine's saved state. */
final class PackedVisitsCoder extends VersionedCoder<PackedVisits> {
  private static final long serialVersionUID = 1L;
  private static final PackedVisitsCoder INSTANCE = new PackedVisitsCoder();
  private static final ByteArrayCoder BYTES = ByteArrayCoder.of();

  private PackedVisitsCoder() {
    super(PackedVisits.class, 1);
  }

  static PackedVisitsCoder of() {
    return INSTANCE;
  }

  @Override
  protected void write(PackedVisits visits, OutputStream out) throws IOException {
    BYTES.encode(visits.bytes(), out);
  }

  @Override
  protected PackedVisits read(InputStream in) throws IOException {
    return new PackedVisits(BYTES.decode(in));
  }
}
