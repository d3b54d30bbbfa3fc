package io.sessionizer.sessions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sessionizer.records.Provenance;
import io.sessionizer.records.SourcePosition;
import io.sessionizer.visits.LocatedVisit;
import io.sessionizer.visits.Visit;
import io.sessionizer.visits.VisitPacket;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Packets of a shard in memory, and in a file. */
class PacketBufferTest {
  private static final int VISITS = 20_000;
  private static final int VISIT_IDS = 700;

  private final Map<String, List<Long>> times = new TreeMap<>();

  @Test
  void fewPacketsAreOnePart() throws IOException {
    try (PacketBuffer packets = filled(1 << 30)) {
      assertEquals(1, packets.parts());
      assertEquals(times, read(packets, 0));
    }
  }

  @Test
  void partsHaveAllVisitsInOrder() throws IOException {
    try (PacketBuffer packets = filled(50_000)) {
      assertTrue(packets.parts() > 5);
      Map<String, List<Long>> all = new TreeMap<>();
      for (int part = 0; part < packets.parts(); part++) {
        Map<String, List<Long>> some = read(packets, part);
        assertTrue(some.size() < 2 * VISIT_IDS / packets.parts(), "parts are of similar sizes");
        some.forEach((visitId, its) -> assertEquals(null, all.put(visitId, its), "one part each"));
      }
      assertEquals(times, all);
    }
  }

  @Test
  void partIsReadTwice() throws IOException {
    try (PacketBuffer packets = filled(50_000)) {
      assertEquals(read(packets, 1), read(packets, 1));
    }
  }

  private PacketBuffer filled(long maxBytes) throws IOException {
    PacketBuffer packets = new PacketBuffer(maxBytes);
    Provenance provenance = new Provenance(new SourcePosition("visits", 0, 0), 0);
    List<LocatedVisit> batch = new ArrayList<>();
    for (int i = 0; i < VISITS; i++) {
      String visitId = "v" + i % VISIT_IDS;
      times.computeIfAbsent(visitId, none -> new ArrayList<>()).add((long) i);
      batch.add(new LocatedVisit(new Visit(visitId, i, "user", "page"), provenance));
      if (batch.size() == 100) {
        for (VisitPacket packet : VisitPacket.of(batch)) {
          packets.add(packet);
        }
        batch.clear();
      }
    }
    return packets;
  }

  private static Map<String, List<Long>> read(PacketBuffer packets, int part) throws IOException {
    Map<String, List<Long>> times = new HashMap<>();
    packets.read(
        part,
        visit ->
            times
                .computeIfAbsent(visit.located().visit().visitId(), none -> new ArrayList<>())
                .add(visit.eventTimeMillis()));
    return times;
  }
}
