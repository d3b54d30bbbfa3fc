package io.sessionizer.sessions;

import io.sessionizer.coders.VersionedCoder;
import io.sessionizer.records.VisitedPage;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import org.apache.beam.sdk.coders.BooleanCoder;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.VarLongCoder;

/**
 * Accepted visits of one visit id, and whether the watermark had passed some of them.
 *
 * @param pages the visits
 * @param lateAtMillis the watermark at which the last late one was accepted, epoch milliseconds;
 *     {@link #NONE_LATE} if there is none
 */
record AcceptedPages(List<VisitedPage> pages, long lateAtMillis) {
  /** Codes accepted visits: between steps, and in the windows engine's state. */
  static final Coder<AcceptedPages> CODER = new AcceptedPagesCoder();

  /** Before all watermarks: none was late. */
  static final long NONE_LATE = Long.MIN_VALUE;

  private static final class AcceptedPagesCoder extends VersionedCoder<AcceptedPages> {
    private static final long serialVersionUID = 1L;
    private static final VisitedPagesCoder PAGES = VisitedPagesCoder.of();
    private static final BooleanCoder HAS_LATE = BooleanCoder.of();
    private static final VarLongCoder LONG = VarLongCoder.of();

    AcceptedPagesCoder() {
      super(AcceptedPages.class, 1);
    }

    @Override
    protected void write(AcceptedPages accepted, OutputStream out) throws IOException {
      PAGES.encode(accepted.pages(), out);
      boolean hasLate = accepted.lateAtMillis() != NONE_LATE;
      HAS_LATE.encode(hasLate, out);
      if (hasLate) {
        LONG.encode(accepted.lateAtMillis(), out);
      }
    }

    @Override
    protected AcceptedPages read(InputStream in) throws IOException {
      return new AcceptedPages(PAGES.decode(in), HAS_LATE.decode(in) ? LONG.decode(in) : NONE_LATE);
    }
  }
}
