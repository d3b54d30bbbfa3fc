package io.sessionizer.testing;

import io.sessionizer.records.Provenance;
import io.sessionizer.visits.ConsumedBatch;
import io.sessionizer.visits.ConsumedRecord;
import io.sessionizer.visits.LocatedVisit;
import io.sessionizer.visits.PacketWriter;
import io.sessionizer.visits.Visit;
import io.sessionizer.visits.VisitPacket;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

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
