package io.sessionizer.visits;

import io.sessionizer.coders.VersionedCoder;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.NullableCoder;

/** Codes an {@link Arrival}. */
public final class ArrivalCoder extends VersionedCoder<Arrival> {
  private static final long serialVersionUID = 1L;
  private static final ArrivalCoder INSTANCE = new ArrivalCoder();
  private static final NullableCoder<byte[]> BYTES = NullableCoder.of(ByteArrayCoder.of());

  private ArrivalCoder() {
    super(1);
  }

  /** The coder. */
  public static ArrivalCoder of() {
    return INSTANCE;
  }

  @Override
  protected void write(Arrival arrival, OutputStream out) throws IOException {
    OriginCoder.of().encode(arrival.origin(), out);
    BYTES.encode(arrival.key(), out);
    ParsedRecordCoder.of().encode(arrival.content(), out);
  }

  @Override
  protected Arrival read(InputStream in) throws IOException {
    return new Arrival(
        OriginCoder.of().decode(in), BYTES.decode(in), ParsedRecordCoder.of().decode(in));
  }
}
