package io.sessionizer.sessions;

import io.sessionizer.coders.VersionedCoder;
import io.sessionizer.records.Provenance;
import io.sessionizer.records.SourcePosition;
import io.sessionizer.records.VisitedPage;
import io.sessionizer.visits.LocatedVisit;
import io.sessionizer.visits.Visit;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.coders.BooleanCoder;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.coders.VarLongCoder;

/**
 * A visit whose visit id is the key of its element, and where it was read.
 *
 * @param page the visit
 * @param provenance where it was read
 */
record LocatedPage(VisitedPage page, Provenance provenance) {
  /**
   * In place of the visit before the first; not the coder's, whose class must not wait for this.
   */
  private static final LocatedPage NONE =
      new LocatedPage(VisitedPagesCoder.NONE, new Provenance(new SourcePosition("", 0, 0), 0));

  /**
   * Codes visits of one visit id that were read together, between steps: as {@link
   * VisitedPagesCoder} does, and a partition where it is not that of the visit before.
   */
  static final Coder<List<LocatedPage>> CODER = new LocatedPagesCoder();

  static LocatedPage of(LocatedVisit located) {
    return new LocatedPage(located.visit().visitedPage(), located.provenance());
  }

  LocatedVisit visitOf(String visitId) {
    return new LocatedVisit(Visit.of(visitId, page), provenance);
  }

  private static final class LocatedPagesCoder extends VersionedCoder<List<LocatedPage>> {
    private static final long serialVersionUID = 1L;
    private static final BooleanCoder IS_AS_BEFORE = BooleanCoder.of();
    private static final StringUtf8Coder TEXT = StringUtf8Coder.of();
    private static final VarIntCoder INT = VarIntCoder.of();
    private static final VarLongCoder LONG = VarLongCoder.of();

    LocatedPagesCoder() {
      super(LocatedPage.class, 1);
    }

    @Override
    protected void write(List<LocatedPage> pages, OutputStream out) throws IOException {
      INT.encode(pages.size(), out);
      LocatedPage before = NONE;
      for (LocatedPage located : pages) {
        VisitedPagesCoder.writeAfter(before.page(), located.page(), out);
        writeAfter(before.provenance(), located.provenance(), out);
        before = located;
      }
    }

    @Override
    protected List<LocatedPage> read(InputStream in) throws IOException {
      int count = INT.decode(in);
      List<LocatedPage> pages = new ArrayList<>();
      LocatedPage before = NONE;
      for (int i = 0; i < count; i++) {
        VisitedPage page = VisitedPagesCoder.readAfter(before.page(), in);
        before = new LocatedPage(page, readAfter(before.provenance(), in));
        pages.add(before);
      }
      return pages;
    }

    private static void writeAfter(Provenance before, Provenance provenance, OutputStream out)
        throws IOException {
      SourcePosition position = provenance.position();
      boolean isAsBefore =
          before.position().partition() == position.partition()
              && before.position().topic().equals(position.topic())
              && before.resumedAtMillis() == provenance.resumedAtMillis();
      IS_AS_BEFORE.encode(isAsBefore, out);
      if (!isAsBefore) {
        TEXT.encode(position.topic(), out);
        INT.encode(position.partition(), out);
        LONG.encode(provenance.resumedAtMillis(), out);
      }
      LONG.encode(position.offset() - before.position().offset(), out);
      LONG.encode(provenance.timestampMillis() - before.timestampMillis(), out);
    }

    private static Provenance readAfter(Provenance before, InputStream in) throws IOException {
      boolean isAsBefore = IS_AS_BEFORE.decode(in);
      String topic = isAsBefore ? before.position().topic() : TEXT.decode(in);
      int partition = isAsBefore ? before.position().partition() : INT.decode(in);
      long resumedAt = isAsBefore ? before.resumedAtMillis() : LONG.decode(in);
      return new Provenance(
          new SourcePosition(topic, partition, before.position().offset() + LONG.decode(in)),
          before.timestampMillis() + LONG.decode(in),
          resumedAt);
    }
  }
}
