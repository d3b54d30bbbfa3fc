package io.sessionizer.testing;

import io.sessionizer.records.Provenance;
import io.sessionizer.records.TopicRecord;
import io.sessionizer.visits.ConsumedBatch;
import io.sessionizer.visits.ConsumedRecord;
import io.sessionizer.visits.LocatedVisit;
import io.sessionizer.visits.PackedRecord;
import io.sessionizer.visits.PacketWriter;
import io.sessionizer.visits.Visit;
import io.sessionizer.visits.VisitJson;
import io.sessionizer.visits.VisitPacket;
import io.sessionizer.visits.VisitParser;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** Batches as lists of records, and back. */
public final class Batches {
  private Batches() {}

  /** Returns the batch of records that were read together from one partition. */
  public static ConsumedBatch of(List<ConsumedRecord> records) {
    Provenance first = records.get(0).provenance();
    PacketWriter packets =
        new PacketWriter(
            first.position().topic(), first.position().partition(), first.resumedAtMillis());
    List<ConsumedRecord> rejected = new ArrayList<>();
    for (ConsumedRecord record : records) {
      if (record.content() instanceof Visit visit) {
        Provenance provenance = record.provenance();
        packets.add(visit, provenance.position().offset(), provenance.timestampMillis());
      } else {
        rejected.add(record);
      }
    }
    return packets.batch(rejected);
  }

  /**
   * Returns the packet of visits of one visit id.
   *
   * @param originals records as they were read, by offset
   */
  public static VisitPacket packet(List<LocatedVisit> visits, Map<Long, TopicRecord> originals) {
    Provenance first = visits.get(0).provenance();
    PacketWriter writer =
        new PacketWriter(
            first.position().topic(), first.position().partition(), first.resumedAtMillis());
    PackedRecord.Writer packer =
        new PackedRecord.Writer(
            new VisitParser(Integer.MAX_VALUE, Duration.ZERO, Clock.systemUTC()));
    for (LocatedVisit located : visits) {
      byte[] json = VisitJson.write(located.visit());
      long offset = located.provenance().position().offset();
      writer.add(
          packer.pack(json, 0, json.length),
          offset,
          located.provenance().timestampMillis(),
          originals.get(offset));
    }
    return writer.packets().get(0);
  }

  /** Returns the records in the order of their offsets; visits have no key. */
  public static List<ConsumedRecord> records(ConsumedBatch batch) {
    List<ConsumedRecord> records = new ArrayList<>(batch.rejected());
    for (VisitPacket packet : batch.packets()) {
      for (LocatedVisit located : packet.visits()) {
        records.add(new ConsumedRecord(located.provenance(), null, located.visit()));
      }
    }
    records.sort(Comparator.comparingLong(record -> record.provenance().position().offset()));
    return records;
  }
}
