package io.sessionizer.visits;

import io.sessionizer.coders.VersionedCoder;
import io.sessionizer.records.Provenance;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Objects;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.NullableCoder;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A record as it was read.
 *
 * @param provenance where it was read
 * @param key its key as it was, or null
 * @param content its value, parsed
 */
public record ConsumedRecord(Provenance provenance, byte @Nullable [] key, ParsedRecord content) {
  /** Codes a record between steps. */
  public static final Coder<ConsumedRecord> CODER = new ConsumedRecordCoder();

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ConsumedRecord that
        && provenance.equals(that.provenance)
        && Arrays.equals(key, that.key)
        && content.equals(that.content);
  }

  @Override
  public int hashCode() {
    return Objects.hash(provenance, Arrays.hashCode(key), content);
  }

  private static final class ConsumedRecordCoder extends VersionedCoder<ConsumedRecord> {
    private static final long serialVersionUID = 1L;
    private static final NullableCoder<byte[]> BYTES = NullableCoder.of(ByteArrayCoder.of());

    ConsumedRecordCoder() {
      super(ConsumedRecord.class, 1);
    }

    @Override
    protected void write(ConsumedRecord record, OutputStream out) throws IOException {
      ProvenanceCoder.of().encode(record.provenance(), out);
      BYTES.encode(record.key(), out);
      ParsedRecordCoder.of().encode(record.content(), out);
    }

    @Override
    protected ConsumedRecord read(InputStream in) throws IOException {
      return new ConsumedRecord(
          ProvenanceCoder.of().decode(in), BYTES.decode(in), ParsedRecordCoder.of().decode(in));
    }
  }
}
