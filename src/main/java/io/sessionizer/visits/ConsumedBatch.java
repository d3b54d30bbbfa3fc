package io.sessionizer.visits;

import io.sessionizer.coders.VersionedCoder;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.ListCoder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.coders.VarLongCoder;

/**
 * Records of a partition that were read together.
 *
 * @param packets the visits among them, by shard
 * @param rejected those that were rejected
 * @param filtered how many others there are, which the format's condition leaves out
 * @param excluded how many others there are, which are left out since they are private
 * @param oldestMillis the oldest event time, epoch milliseconds; undefined without visits
 * @param newestMillis the newest event time, epoch milliseconds; undefined without visits
 */
public record ConsumedBatch(
    List<VisitPacket> packets,
    List<ConsumedRecord> rejected,
    int filtered,
    int excluded,
    long oldestMillis,
    long newestMillis) {
  /** Codes a batch between steps. */
  public static final Coder<ConsumedBatch> CODER = new ConsumedBatchCoder();

  /** Copies the lists. */
  public ConsumedBatch {
    packets = List.copyOf(packets);
    rejected = List.copyOf(rejected);
  }

  /** Returns how many records there are. */
  public int size() {
    return filtered
        + excluded
        + rejected.size()
        + packets.stream().mapToInt(VisitPacket::count).sum();
  }

  /** Whether there are visits. */
  public boolean hasVisits() {
    return !packets.isEmpty();
  }

  private static final class ConsumedBatchCoder extends VersionedCoder<ConsumedBatch> {
    private static final long serialVersionUID = 1L;
    private static final ListCoder<VisitPacket> PACKETS = ListCoder.of(VisitPacket.CODER);
    private static final ListCoder<ConsumedRecord> RECORDS = ListCoder.of(ConsumedRecord.CODER);
    private static final VarIntCoder COUNT = VarIntCoder.of();
    private static final VarLongCoder TIME = VarLongCoder.of();

    ConsumedBatchCoder() {
      super(ConsumedBatch.class, 3);
    }

    @Override
    protected void write(ConsumedBatch batch, OutputStream out) throws IOException {
      PACKETS.encode(batch.packets(), out);
      RECORDS.encode(batch.rejected(), out);
      COUNT.encode(batch.filtered(), out);
      COUNT.encode(batch.excluded(), out);
      TIME.encode(batch.oldestMillis(), out);
      TIME.encode(batch.newestMillis(), out);
    }

    @Override
    protected ConsumedBatch read(InputStream in) throws IOException {
      return new ConsumedBatch(
          PACKETS.decode(in),
          RECORDS.decode(in),
          COUNT.decode(in),
          COUNT.decode(in),
          TIME.decode(in),
          TIME.decode(in));
    }
  }
}
