package io.sessionizer.visits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sessionizer.records.ProjectedFields;
import io.sessionizer.records.Provenance;
import io.sessionizer.records.SourcePosition;
import io.sessionizer.records.TopicRecord;
import io.sessionizer.records.TopicRecord.Header;
import io.sessionizer.testing.CoderContract;
import io.sessionizer.testing.PinnedBytes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.util.CoderUtils;
import org.junit.jupiter.api.Test;

class VisitPacketTest implements CoderContract<VisitPacket> {
  @Override
  public Coder<VisitPacket> coder() {
    return VisitPacket.CODER;
  }

  private static final TopicRecord ORIGINAL =
      new TopicRecord(null, new byte[] {1, 2}, List.of(new Header("h", null)));

  @Override
  public VisitPacket example() {
    PacketWriter writer = new PacketWriter("visits", 300, 9);
    VisitCursor visit = withoutOriginals().cursor();
    visit.next();
    writer.add(VisitPacket.shardOf("v"), visit, ORIGINAL);
    visit.next();
    writer.add(VisitPacket.shardOf("v"), visit, null);
    return writer.packets().get(0);
  }

  @Override
  public int oldestVersion() {
    return 1;
  }

  private static VisitPacket withoutOriginals() {
    return VisitPacket.of(
            List.of(
                visit("v", 1_704_068_280_000L, "é", null, 7),
                visit("v", 1_704_068_279_999L, null, "", 8)))
        .get(0);
  }

  @Test
  void packetWithoutOriginalsHasVersionOne() throws IOException {
    String pinned = PinnedBytes.of(name()).get(0).hex();
    assertEquals(pinned, CoderContract.hex(coder(), withoutOriginals()));
    assertEquals(
        withoutOriginals(),
        CoderUtils.decodeFromByteArray(coder(), HexFormat.of().parseHex(pinned)));
  }

  @Test
  void originalsAreBehindVisits() {
    VisitPacket packet = example();
    assertEquals(withoutOriginals().visits(), packet.visits());
    assertEquals(Map.of(7L, ORIGINAL), packet.originals());
    assertEquals(Map.of(), withoutOriginals().originals());
    long time = 1_704_068_280_000L;
    assertEquals(packet.originals(), within(packet, time, time + 1).originals());
    assertEquals(Map.of(), within(packet, time - 1, time).originals());
  }

  private static VisitPacket within(VisitPacket packet, long from, long to) {
    return packet.within(new EventTimeRange(from, to)).orElseThrow();
  }

  private static LocatedVisit visit(
      String visitId, long time, String userId, String page, long offset) {
    return new LocatedVisit(
        new Visit(visitId, time, userId, page),
        new Provenance(new SourcePosition("visits", 300, offset), time + 5, 9));
  }

  @Test
  void packsVisitsByShardAndPartition() {
    List<LocatedVisit> visits = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      Provenance provenance = new Provenance(new SourcePosition("t", i % 3, i), i, i % 2);
      visits.add(new LocatedVisit(new Visit("v" + i % 700, i, "u", "p" + i), provenance));
    }
    List<VisitPacket> packets = VisitPacket.of(visits);

    List<LocatedVisit> unpacked = new ArrayList<>();
    Set<Integer> shards = new HashSet<>();
    for (VisitPacket packet : packets) {
      assertEquals(packet.count(), packet.visits().size());
      for (LocatedVisit visit : packet.visits()) {
        assertEquals(packet.shard(), VisitPacket.shardOf(visit.visit().visitId()));
        assertEquals(packet.partition(), visit.provenance().position().partition());
        assertEquals(packet.resumedAtMillis(), visit.provenance().resumedAtMillis());
      }
      shards.add(packet.shard());
      unpacked.addAll(packet.visits());
    }
    assertEquals(visits.size(), unpacked.size());
    assertEquals(new HashSet<>(visits), new HashSet<>(unpacked));
    assertTrue(shards.size() > VisitPacket.SHARDS / 2);
  }

  @Test
  void visitsWithAndWithoutFieldsMix() {
    ProjectedFields.FieldsWriter writer = new ProjectedFields.FieldsWriter();
    writer.add(7, "a");
    List<LocatedVisit> visits = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      ProjectedFields fields = i % 2 == 0 ? ProjectedFields.NONE : writer.toFields();
      visits.add(
          new LocatedVisit(
              new Visit("v", i, null, "p", fields),
              new Provenance(new SourcePosition("t", 0, i), i, 0)));
    }

    VisitPacket packet = VisitPacket.of(visits).get(0);

    assertEquals(visits, packet.visits());
    assertEquals(
        visits.subList(1, 3), packet.within(new EventTimeRange(1, 3)).orElseThrow().visits());
  }

  /** The shards of visit ids in saved state. */
  @Test
  void shardsOfVisitIdsAreFixed() {
    assertEquals(
        List.of(180, 121, 220),
        List.of(
            VisitPacket.shardOf("v"),
            VisitPacket.shardOf("140719780965248_0"),
            VisitPacket.shardOf("é")));
  }
}
