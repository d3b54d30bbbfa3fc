package io.sessionizer.visits;

import io.sessionizer.coders.VersionedCoder;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.NullableCoder;

/** Codes an {@link ConsumedRecord}. */
public final class ConsumedRecordCoder extends VersionedCoder<ConsumedRecord> {
  private static final long serialVersionUID = 1L;
  private static final ConsumedRecordCoder INSTANCE = new ConsumedRecordCoder();
  private static final NullableCoder<byte[]> BYTES = NullableCoder.of(ByteArrayCoder.of());

  private ConsumedRecordCoder() {
    super(1);
  }

  /** The coder. */
  public static ConsumedRecordCoder of() {
    return INSTANCE;
  }

  @Override
  protected void write(ConsumedRecord arrival, OutputStream out) throws IOException {
    ProvenanceCoder.of().encode(arrival.provenance(), out);
    BYTES.encode(arrival.key(), out);
    ParsedRecordCoder.of().encode(arrival.content(), out);
  }

  @Override
  protected ConsumedRecord read(InputStream in) throws IOException {
    return new ConsumedRecord(
        ProvenanceCoder.of().decode(in), BYTES.decode(in), ParsedRecordCoder.of().decode(in));
  }
}
