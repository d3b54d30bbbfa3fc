package io.sessionizer.visits;

import io.sessionizer.coders.VersionedCoder;
import io.sessionizer.records.TopicRecord;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A visit that was too late for any session.
 *
 * @param located the visit, and where it was read
 * @param lateByMillis how far it was behind the watermark, in milliseconds
 * @param original its record as it was read; null if it was not kept
 */
public record LateVisit(LocatedVisit located, long lateByMillis, @Nullable TopicRecord original) {
  /** Codes a late visit between steps. */
  public static final Coder<LateVisit> CODER = new LateVisitCoder();

  /** One whose record was not kept. */
  public LateVisit(LocatedVisit located, long lateByMillis) {
    this(located, lateByMillis, null);
  }

  private static final class LateVisitCoder extends VersionedCoder<LateVisit> {
    private static final long serialVersionUID = 1L;
    private static final int WITHOUT_ORIGINAL = 1;
    private static final int WITH_ORIGINAL = 2;

    LateVisitCoder() {
      super(LateVisit.class, WITHOUT_ORIGINAL, WITH_ORIGINAL);
    }

    @Override
    protected int version(LateVisit late) {
      return late.original() == null ? WITHOUT_ORIGINAL : WITH_ORIGINAL;
    }

    @Override
    protected void write(LateVisit late, OutputStream out) throws IOException {
      LocatedVisit.CODER.encode(late.located(), out);
      VarLongCoder.of().encode(late.lateByMillis(), out);
      if (late.original() != null) {
        ByteArrayCoder.of().encode(OriginalRecord.toBytes(late.original()), out);
      }
    }

    @Override
    protected LateVisit read(InputStream in) throws IOException {
      return read(in, WITHOUT_ORIGINAL);
    }

    @Override
    protected LateVisit read(InputStream in, int version) throws IOException {
      return new LateVisit(
          LocatedVisit.CODER.decode(in),
          VarLongCoder.of().decode(in),
          version == WITH_ORIGINAL ? OriginalRecord.read(ByteArrayCoder.of().decode(in)) : null);
    }
  }
}
