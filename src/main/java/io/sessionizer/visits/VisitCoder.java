package io.sessionizer.visits;

import io.sessionizer.coders.VersionedCoder;
import io.sessionizer.records.ProjectedFields;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.NullableCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarLongCoder;

/** Codes a {@link Visit}. A visit with projected fields has an empty text and them in front. */
public final class VisitCoder extends VersionedCoder<Visit> {
  private static final long serialVersionUID = 1L;
  private static final VisitCoder INSTANCE = new VisitCoder();
  private static final StringUtf8Coder TEXT = StringUtf8Coder.of();
  private static final NullableCoder<String> OPTIONAL_TEXT = NullableCoder.of(TEXT);
  private static final ByteArrayCoder BYTES = ByteArrayCoder.of();

  /** In place of a visit id, which is never empty. */
  private static final String BEFORE_FIELDS = "";

  private static final VarLongCoder LONG = VarLongCoder.of();

  private VisitCoder() {
    super(Visit.class, 1);
  }

  /** The coder. */
  public static VisitCoder of() {
    return INSTANCE;
  }

  @Override
  protected void write(Visit visit, OutputStream out) throws IOException {
    if (!visit.fields().isEmpty()) {
      TEXT.encode(BEFORE_FIELDS, out);
      BYTES.encode(visit.fields().bytes(), out);
    }
    TEXT.encode(visit.visitId(), out);
    LONG.encode(visit.eventTimeMillis(), out);
    OPTIONAL_TEXT.encode(visit.userId(), out);
    OPTIONAL_TEXT.encode(visit.page(), out);
  }

  @Override
  protected Visit read(InputStream in) throws IOException {
    String visitId = TEXT.decode(in);
    ProjectedFields fields = ProjectedFields.NONE;
    if (visitId.equals(BEFORE_FIELDS)) {
      byte[] bytes = BYTES.decode(in);
      fields = ProjectedFields.of(bytes, 0, bytes.length);
      visitId = TEXT.decode(in);
    }
    return new Visit(
        visitId, LONG.decode(in), OPTIONAL_TEXT.decode(in), OPTIONAL_TEXT.decode(in), fields);
  }
}
