package io.sessionizer.visits;

import io.sessionizer.coders.VersionedCoder;
import io.sessionizer.records.DeadLetter;
import io.sessionizer.records.Provenance;
import io.sessionizer.records.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.NullableCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;

/** Codes a {@link DeadLetter}. */
public final class DeadLetterCoder extends VersionedCoder<DeadLetter> {
  private static final long serialVersionUID = 1L;
  private static final DeadLetterCoder INSTANCE = new DeadLetterCoder();
  private static final NullableCoder<byte[]> BYTES = NullableCoder.of(ByteArrayCoder.of());
  private static final StringUtf8Coder TEXT = StringUtf8Coder.of();
  private static final int WITHOUT_HEADERS = 1;
  private static final int WITH_HEADERS = 2;

  private DeadLetterCoder() {
    super(DeadLetter.class, WITHOUT_HEADERS, WITH_HEADERS);
  }

  /** The coder. */
  public static DeadLetterCoder of() {
    return INSTANCE;
  }

  @Override
  protected int version(DeadLetter letter) {
    return letter.headers().isEmpty() ? WITHOUT_HEADERS : WITH_HEADERS;
  }

  @Override
  protected void write(DeadLetter letter, OutputStream out) throws IOException {
    ProvenanceCoder.of().encode(letter.provenance(), out);
    BYTES.encode(letter.key(), out);
    BYTES.encode(letter.value(), out);
    TEXT.encode(letter.reason().name(), out);
    TEXT.encode(letter.message(), out);
    if (!letter.headers().isEmpty()) {
      ByteArrayCoder.of().encode(OriginalRecord.headerBytes(letter.headers()), out);
    }
  }

  @Override
  protected DeadLetter read(InputStream in) throws IOException {
    return read(in, WITHOUT_HEADERS);
  }

  @Override
  protected DeadLetter read(InputStream in, int version) throws IOException {
    Provenance provenance = ProvenanceCoder.of().decode(in);
    byte[] key = BYTES.decode(in);
    byte[] value = BYTES.decode(in);
    Reason reason = Reason.valueOf(TEXT.decode(in));
    String message = TEXT.decode(in);
    return new DeadLetter(
        provenance,
        version == WITH_HEADERS
            ? OriginalRecord.headers(ByteArrayCoder.of().decode(in))
            : List.of(),
        key,
        value,
        reason,
        message);
  }
}
