package io.sessionizer.visits;

import io.sessionizer.coders.VersionedCoder;
import io.sessionizer.records.Provenance;
import io.sessionizer.records.SourcePosition;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.coders.VarLongCoder;

/** Codes a {@link Provenance}. */
public final class ProvenanceCoder extends VersionedCoder<Provenance> {
  private static final long serialVersionUID = 1L;
  private static final ProvenanceCoder INSTANCE = new ProvenanceCoder();
  private static final StringUtf8Coder TEXT = StringUtf8Coder.of();
  private static final VarIntCoder INT = VarIntCoder.of();
  private static final VarLongCoder LONG = VarLongCoder.of();

  private ProvenanceCoder() {
    super(Provenance.class, 1);
  }

  /** The coder. */
  public static ProvenanceCoder of() {
    return INSTANCE;
  }

  @Override
  protected void write(Provenance provenance, OutputStream out) throws IOException {
    SourcePosition position = provenance.position();
    TEXT.encode(position.topic(), out);
    INT.encode(position.partition(), out);
    LONG.encode(position.offset(), out);
    LONG.encode(provenance.timestampMillis(), out);
    LONG.encode(provenance.resumedAtMillis(), out);
  }

  @Override
  protected Provenance read(InputStream in) throws IOException {
    return new Provenance(
        new SourcePosition(TEXT.decode(in), INT.decode(in), LONG.decode(in)),
        LONG.decode(in),
        LONG.decode(in));
  }
}
