package io.sessionizer.visits;

import io.sessionizer.coders.VersionedCoder;
import io.sessionizer.records.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.BooleanCoder;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.NullableCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;

/** Codes a {@link ParsedRecord}. */
public final class ParsedRecordCoder extends VersionedCoder<ParsedRecord> {
  private static final long serialVersionUID = 1L;
  private static final ParsedRecordCoder INSTANCE = new ParsedRecordCoder();
  private static final BooleanCoder IS_VISIT = BooleanCoder.of();
  private static final StringUtf8Coder TEXT = StringUtf8Coder.of();
  private static final NullableCoder<byte[]> BYTES = NullableCoder.of(ByteArrayCoder.of());

  private ParsedRecordCoder() {
    super(ParsedRecord.class, 1);
  }

  /** The coder. */
  public static ParsedRecordCoder of() {
    return INSTANCE;
  }

  @Override
  protected void write(ParsedRecord record, OutputStream out) throws IOException {
    IS_VISIT.encode(record instanceof Visit, out);
    if (record instanceof Visit visit) {
      VisitCoder.of().encode(visit, out);
    } else if (record instanceof Rejection rejection) {
      TEXT.encode(rejection.reason().name(), out);
      TEXT.encode(rejection.message(), out);
      BYTES.encode(rejection.value(), out);
    } else {
      throw new IOException("a record that is left out is counted, and goes no further");
    }
  }

  @Override
  protected ParsedRecord read(InputStream in) throws IOException {
    return IS_VISIT.decode(in)
        ? VisitCoder.of().decode(in)
        : new Rejection(Reason.valueOf(TEXT.decode(in)), TEXT.decode(in), BYTES.decode(in));
  }
}
