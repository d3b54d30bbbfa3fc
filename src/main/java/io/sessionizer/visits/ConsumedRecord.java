package io.sessionizer.visits;

import io.sessionizer.coders.VersionedCoder;
import io.sessionizer.records.Provenance;
import io.sessionizer.records.TopicRecord;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.NullableCoder;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A record as it was read.
 *
 * @param provenance where it was read
 * @param headers its headers as they were; in the default format not known, and empty
 * @param key its key as it was, or null
 * @param content its value, parsed
 */
public record ConsumedRecord(
    Provenance provenance,
    List<TopicRecord.Header> headers,
    byte @Nullable [] key,
    ParsedRecord content) {
  /** Codes a record between steps. */
  public static final Coder<ConsumedRecord> CODER = new ConsumedRecordCoder();

  /** One without headers. */
  public ConsumedRecord(Provenance provenance, byte @Nullable [] key, ParsedRecord content) {
    this(provenance, List.of(), key, content);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ConsumedRecord that
        && provenance.equals(that.provenance)
        && headers.equals(that.headers)
        && Arrays.equals(key, that.key)
        && content.equals(that.content);
  }

  @Override
  public int hashCode() {
    return Objects.hash(provenance, headers, Arrays.hashCode(key), content);
  }

  private static final class ConsumedRecordCoder extends VersionedCoder<ConsumedRecord> {
    private static final long serialVersionUID = 1L;
    private static final NullableCoder<byte[]> BYTES = NullableCoder.of(ByteArrayCoder.of());

    private static final int WITHOUT_HEADERS = 1;
    private static final int WITH_HEADERS = 2;

    ConsumedRecordCoder() {
      super(ConsumedRecord.class, WITHOUT_HEADERS, WITH_HEADERS);
    }

    @Override
    protected int version(ConsumedRecord record) {
      return record.headers().isEmpty() ? WITHOUT_HEADERS : WITH_HEADERS;
    }

    @Override
    protected void write(ConsumedRecord record, OutputStream out) throws IOException {
      ProvenanceCoder.of().encode(record.provenance(), out);
      BYTES.encode(record.key(), out);
      ParsedRecordCoder.of().encode(record.content(), out);
      if (!record.headers().isEmpty()) {
        ByteArrayCoder.of().encode(OriginalRecord.headerBytes(record.headers()), out);
      }
    }

    @Override
    protected ConsumedRecord read(InputStream in) throws IOException {
      return read(in, WITHOUT_HEADERS);
    }

    @Override
    protected ConsumedRecord read(InputStream in, int version) throws IOException {
      Provenance provenance = ProvenanceCoder.of().decode(in);
      byte[] key = BYTES.decode(in);
      ParsedRecord content = ParsedRecordCoder.of().decode(in);
      return new ConsumedRecord(
          provenance,
          version == WITH_HEADERS
              ? OriginalRecord.headers(ByteArrayCoder.of().decode(in))
              : List.of(),
          key,
          content);
    }
  }
}
