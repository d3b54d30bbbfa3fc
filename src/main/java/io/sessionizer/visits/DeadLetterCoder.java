package io.sessionizer.visits;

import io.sessionizer.coders.VersionedCoder;
import io.sessionizer.records.DeadLetter;
import io.sessionizer.records.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.NullableCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;

/** Codes a {@link DeadLetter}. */
public final class DeadLetterCoder extends VersionedCoder<DeadLetter> {
  private static final long serialVersionUID = 1L;
  private static final DeadLetterCoder INSTANCE = new DeadLetterCoder();
  private static final NullableCoder<byte[]> BYTES = NullableCoder.of(ByteArrayCoder.of());
  private static final StringUtf8Coder TEXT = StringUtf8Coder.of();

  private DeadLetterCoder() {
    super(DeadLetter.class, 1);
  }

  /** The coder. */
  public static DeadLetterCoder of() {
    return INSTANCE;
  }

  @Override
  protected void write(DeadLetter letter, OutputStream out) throws IOException {
    ProvenanceCoder.of().encode(letter.provenance(), out);
    BYTES.encode(letter.key(), out);
    BYTES.encode(letter.value(), out);
    TEXT.encode(letter.reason().name(), out);
    TEXT.encode(letter.message(), out);
  }

  @Override
  protected DeadLetter read(InputStream in) throws IOException {
    return new DeadLetter(
        ProvenanceCoder.of().decode(in),
        BYTES.decode(in),
        BYTES.decode(in),
        Reason.valueOf(TEXT.decode(in)),
        TEXT.decode(in));
  }
}
