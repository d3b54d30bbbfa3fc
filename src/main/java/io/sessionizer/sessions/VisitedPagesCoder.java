package io.sessionizer.sessions;

import io.sessionizer.coders.VersionedCoder;
import io.sessionizer.records.ProjectedFields;
import io.sessionizer.records.VisitedPage;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.ByteCoder;
import org.apache.beam.sdk.coders.NullableCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.coders.VarLongCoder;

/**
 * Codes visits of one visit id. A time is coded as the difference to the one before, and a user
 * only if it is another than before: it is most of a visit's bytes, and mostly the same. Projected
 * fields are at the end of a visit that has them.
 */
public final class VisitedPagesCoder extends VersionedCoder<List<VisitedPage>> {
  private static final long serialVersionUID = 1L;
  private static final VisitedPagesCoder INSTANCE = new VisitedPagesCoder();
  private static final VarIntCoder INT = VarIntCoder.of();
  private static final VarLongCoder LONG = VarLongCoder.of();
  private static final ByteCoder BYTE = ByteCoder.of();
  private static final ByteArrayCoder BYTES = ByteArrayCoder.of();

  /** Set if the user is the one before. */
  private static final int IS_AS_BEFORE = 1;

  /** Set if there are projected fields. */
  private static final int HAS_FIELDS = 2;

  private static final NullableCoder<String> OPTIONAL_TEXT = NullableCoder.of(StringUtf8Coder.of());

  private static final byte[] NO_FIELDS = {};

  /** In place of the visit before the first. */
  static final VisitedPage NONE = new VisitedPage(0, null, null);

  private VisitedPagesCoder() {
    super(VisitedPage.class, 1);
  }

  /** The coder. */
  public static VisitedPagesCoder of() {
    return INSTANCE;
  }

  @Override
  protected void write(List<VisitedPage> pages, OutputStream out) throws IOException {
    INT.encode(pages.size(), out);
    VisitedPage before = NONE;
    for (VisitedPage page : pages) {
      writeAfter(before, page, out);
      before = page;
    }
  }

  @Override
  protected List<VisitedPage> read(InputStream in) throws IOException {
    int count = INT.decode(in);
    List<VisitedPage> pages = new ArrayList<>();
    VisitedPage before = NONE;
    for (int i = 0; i < count; i++) {
      before = readAfter(before, in);
      pages.add(before);
    }
    return pages;
  }

  static void writeAfter(VisitedPage before, VisitedPage page, OutputStream out)
      throws IOException {
    LONG.encode(page.eventTimeMillis() - before.eventTimeMillis(), out);
    OPTIONAL_TEXT.encode(page.page(), out);
    boolean isAsBefore = Objects.equals(before.userId(), page.userId());
    boolean hasFields = !page.fields().isEmpty();
    BYTE.encode((byte) ((isAsBefore ? IS_AS_BEFORE : 0) | (hasFields ? HAS_FIELDS : 0)), out);
    if (!isAsBefore) {
      OPTIONAL_TEXT.encode(page.userId(), out);
    }
    if (hasFields) {
      BYTES.encode(page.fields().bytes(), out);
    }
  }

  static VisitedPage readAfter(VisitedPage before, InputStream in) throws IOException {
    long time = before.eventTimeMillis() + LONG.decode(in);
    String page = OPTIONAL_TEXT.decode(in);
    byte flags = BYTE.decode(in);
    String userId = (flags & IS_AS_BEFORE) == 0 ? OPTIONAL_TEXT.decode(in) : before.userId();
    byte[] fields = (flags & HAS_FIELDS) == 0 ? NO_FIELDS : BYTES.decode(in);
    return new VisitedPage(time, page, userId, ProjectedFields.of(fields, 0, fields.length));
  }
}
