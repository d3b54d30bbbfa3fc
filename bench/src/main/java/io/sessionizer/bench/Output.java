package io.sessionizer.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sessionizer.kafka.admin.RecordTail;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** What a run has written to its topic of sessions. */
final class Output {
  private static final double FROM = 0.1;
  private static final double TO = 0.9;

  private final Expected expected;
  private final Map<String, byte[]> table = new HashMap<>();
  private final Set<String> seen = new HashSet<>();
  private final List<Arrived> arrived = new ArrayList<>();

  /** Visits that were emitted, in a session, at a time of the broker's clock. */
  private record Arrived(long millis, int visits) {}

  private Output(Expected expected) {
    this.expected = expected;
  }

  /** Reads a topic. */
  static Output read(String servers, String topic, Expected expected) {
    Output output = new Output(expected);
    drain(servers, topic, output::add);
    output.arrived.sort(Comparator.comparingLong(Arrived::millis));
    return output;
  }

  /** Returns the values of all records of a topic. */
  static List<byte[]> values(String servers, String topic) {
    List<byte[]> values = new ArrayList<>();
    drain(servers, topic, record -> values.add(record.value()));
    return values;
  }

  private static void drain(
      String servers, String topic, Consumer<ConsumerRecord<byte[], byte[]>> each) {
    Map<String, Object> client = Map.of(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, servers);
    try (RecordTail tail = RecordTail.fromBeginning(topic, client)) {
      tail.drain(each);
    }
  }

  private void add(ConsumerRecord<byte[], byte[]> record) {
    String id = new String(record.key(), UTF_8);
    if (id.startsWith(Task.MARKER)) {
      return;
    }
    if (record.value() == null) {
      table.remove(id);
    } else {
      table.put(id, Expected.digest(record.value()));
    }
    if (seen.add(id)) {
      arrived.add(new Arrived(record.timestamp(), expected.visitsOf(id)));
    }
  }

  /** Returns the digest of the newest value of each key. */
  Map<String, byte[]> table() {
    return table;
  }

  /** Returns when the last session came, in epoch milliseconds. */
  long lastMillis() {
    return arrived.isEmpty() ? 0 : arrived.get(arrived.size() - 1).millis();
  }

  /** Returns the visits per second between one and nine tenths of all that were emitted. */
  double steadyVisitsPerSecond() {
    long all = arrived.stream().mapToLong(Arrived::visits).sum();
    long from = millisAt(FROM * all);
    long to = millisAt(TO * all);
    return to == from ? 0 : (TO - FROM) * all * 1000 / (to - from);
  }

  private long millisAt(double visits) {
    long sum = 0;
    for (Arrived some : arrived) {
      sum += some.visits();
      if (sum >= visits) {
        return some.millis();
      }
    }
    return 0;
  }
}
