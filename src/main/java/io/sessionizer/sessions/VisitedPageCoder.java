package io.sessionizer.sessions;

import io.sessionizer.coders.VersionedCoder;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.NullableCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarLongCoder;

/** Codes a {@link VisitedPage}. */
public final class VisitedPageCoder extends VersionedCoder<VisitedPage> {
  private static final long serialVersionUID = 1L;
  private static final VisitedPageCoder INSTANCE = new VisitedPageCoder();
  private static final VarLongCoder LONG = VarLongCoder.of();
  private static final NullableCoder<String> OPTIONAL_TEXT = NullableCoder.of(StringUtf8Coder.of());

  private VisitedPageCoder() {
    super(1);
  }

  /** The coder. */
  public static VisitedPageCoder of() {
    return INSTANCE;
  }

  @Override
  protected void write(VisitedPage page, OutputStream out) throws IOException {
    LONG.encode(page.eventTimeMillis(), out);
    OPTIONAL_TEXT.encode(page.page(), out);
    OPTIONAL_TEXT.encode(page.userId(), out);
  }

  @Override
  protected VisitedPage read(InputStream in) throws IOException {
    return new VisitedPage(LONG.decode(in), OPTIONAL_TEXT.decode(in), OPTIONAL_TEXT.decode(in));
  }
}
