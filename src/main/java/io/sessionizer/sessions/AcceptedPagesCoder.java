package io.sessionizer.sessions;

import static io.sessionizer.sessions.AcceptedPages.NONE_LATE;

import io.sessionizer.coders.VersionedCoder;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.BooleanCoder;
import org.apache.beam.sdk.coders.VarLongCoder;

/** Codes {@link AcceptedPages}: the format between steps, and of the windows engine's state. */
final class AcceptedPagesCoder extends VersionedCoder<AcceptedPages> {
  private static final long serialVersionUID = 1L;
  private static final AcceptedPagesCoder INSTANCE = new AcceptedPagesCoder();
  private static final VisitedPagesCoder PAGES = VisitedPagesCoder.of();
  private static final BooleanCoder HAS_LATE = BooleanCoder.of();
  private static final VarLongCoder LONG = VarLongCoder.of();

  private AcceptedPagesCoder() {
    super(1);
  }

  static AcceptedPagesCoder of() {
    return INSTANCE;
  }

  @Override
  protected void write(AcceptedPages accepted, OutputStream out) throws IOException {
    PAGES.encode(accepted.pages(), out);
    boolean hasLate = accepted.lateArrivalMillis() != NONE_LATE;
    HAS_LATE.encode(hasLate, out);
    if (hasLate) {
      LONG.encode(accepted.lateArrivalMillis(), out);
    }
  }

  @Override
  protected AcceptedPages read(InputStream in) throws IOException {
    return new AcceptedPages(PAGES.decode(in), HAS_LATE.decode(in) ? LONG.decode(in) : NONE_LATE);
  }
}
