package io.sessionizer.sessions;

import io.sessionizer.coders.VersionedCoder;
import io.sessionizer.records.VisitedPage;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.beam.sdk.coders.BooleanCoder;
import org.apache.beam.sdk.coders.NullableCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.coders.VarLongCoder;

/**
 * Codes visits of one visit id. A time is coded as the difference to the one before, and a user
 * only if it is another than before: it is most of a visit's bytes, and mostly the same.
 */
public final class VisitedPagesCoder extends VersionedCoder<List<VisitedPage>> {
  private static final long serialVersionUID = 1L;
  private static final VisitedPagesCoder INSTANCE = new VisitedPagesCoder();
  private static final VarIntCoder INT = VarIntCoder.of();
  private static final VarLongCoder LONG = VarLongCoder.of();
  private static final BooleanCoder IS_AS_BEFORE = BooleanCoder.of();
  private static final NullableCoder<String> OPTIONAL_TEXT = NullableCoder.of(StringUtf8Coder.of());

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
    IS_AS_BEFORE.encode(isAsBefore, out);
    if (!isAsBefore) {
      OPTIONAL_TEXT.encode(page.userId(), out);
    }
  }

  static VisitedPage readAfter(VisitedPage before, InputStream in) throws IOException {
    return new VisitedPage(
        before.eventTimeMillis() + LONG.decode(in),
        OPTIONAL_TEXT.decode(in),
        IS_AS_BEFORE.decode(in) ? before.userId() : OPTIONAL_TEXT.decode(in));
  }
}
