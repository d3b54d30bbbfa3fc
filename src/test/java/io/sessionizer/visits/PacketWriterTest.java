package io.sessionizer.visits;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sessionizer.generator.Traffic;
import io.sessionizer.generator.TrafficMix;
import io.sessionizer.generator.VisitGenerator;
import io.sessionizer.records.Provenance;
import io.sessionizer.records.SourcePosition;
import io.sessionizer.testing.OddRecords;
import io.sessionizer.testing.OddRecords.OddRecord;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A record's bytes are packed as the visit is that they are read as. */
class PacketWriterTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2024-06-01T00:00:00Z"), ZoneOffset.UTC);

  private final VisitParser parser = new VisitParser(1 << 20, Duration.ofHours(1), CLOCK);
  private final VisitParser other = new VisitParser(1 << 20, Duration.ofHours(1), CLOCK);

  private void assertPacksLikeVisits(List<byte[]> records) {
    PacketWriter writer = new PacketWriter("visits", 3, 7);
    PackedRecord.Writer packer = new PackedRecord.Writer(parser);
    List<LocatedVisit> visits = new ArrayList<>();
    for (int i = 0; i < records.size(); i++) {
      byte[] record = records.get(i);
      byte[] buffer = new byte[record.length + 16];
      System.arraycopy(record, 0, buffer, 8, record.length);
      long timestamp = 1_000L - i;
      byte[] packed = packer.pack(buffer, 8, 8 + record.length);
      Rejection rejection = writer.add(packed, 2L * i, timestamp);
      ParsedRecord parsed = other.parse(record);
      if (parsed instanceof Visit visit) {
        Provenance provenance =
            new Provenance(new SourcePosition("visits", 3, 2L * i), timestamp, 7);
        visits.add(new LocatedVisit(visit, provenance));
        parsed = null;
      }
      assertEquals(parsed, rejection);
    }
    List<VisitPacket> packets = writer.packets();
    assertEquals(VisitPacket.of(visits), packets);
    for (VisitPacket packet : packets) {
      assertEquals(
          visits.stream()
              .filter(v -> VisitPacket.shardOf(v.visit().visitId()) == packet.shard())
              .toList(),
          packet.visits());
    }
  }

  @Test
  void packsGeneratedTraffic() {
    VisitGenerator generator =
        new VisitGenerator(
            new Traffic(
                3_000, 100, Instant.parse("2024-01-01T00:00:00Z"), 1, new TrafficMix(5, 5, 5, 5)));
    List<byte[]> records = new ArrayList<>();
    while (generator.hasNext()) {
      records.add(generator.next().value());
    }
    assertPacksLikeVisits(records);
  }

  @Test
  void packsOddRecords() {
    assertPacksLikeVisits(OddRecords.all().stream().map(OddRecord::value).toList());
  }

  @Test
  void packsTextsOfAnyKind() {
    String time = ",\"event_time\":\"2024-01-01T00:18:00Z\"";
    assertPacksLikeVisits(
        List.of(
            ("{\"visit_id\":\"\u00e9\ud83d\ude00\",\"user_id\":null,\"page\":\"\"" + time + "}")
                .getBytes(UTF_8),
            ("{\"visit_id\":\"\\u00e9\",\"user_id\":\"\\n\",\"page\":\"\u20ac\"" + time + "}")
                .getBytes(UTF_8),
            ("{\"visit_id\":-1.5e3,\"page\":7" + time + "}").getBytes(UTF_8),
            ("{\"visit_id\":\"" + "v".repeat(4_096) + "\"" + time + "}").getBytes(UTF_8)));
  }
}
