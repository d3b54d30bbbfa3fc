package io.sessionizer.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sessionizer.records.Session;
import io.sessionizer.records.SessionJson;
import java.io.IOException;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Sessions by key, both as text: what a consumer of the compacted topic has. */
public final class SessionsTable {
  private SessionsTable() {}

  /** Returns the newest value of every key that has one. */
  public static SortedMap<String, String> of(Iterable<ConsumerRecord<byte[], byte[]>> changes) {
    SortedMap<String, String> table = new TreeMap<>();
    for (ConsumerRecord<byte[], byte[]> change : changes) {
      apply(change, table);
    }
    return table;
  }

  /** Does to the table what the next record says. */
  public static void apply(ConsumerRecord<byte[], byte[]> change, SortedMap<String, String> table) {
    String key = new String(change.key(), UTF_8);
    if (change.value() == null) {
      table.remove(key);
    } else {
      table.put(key, new String(change.value(), UTF_8));
    }
  }

  /** Returns how many visits every key has that has a session. */
  public static SortedMap<String, Integer> visits(Iterable<ConsumerRecord<byte[], byte[]>> changes)
      throws IOException {
    SortedMap<String, Integer> visits = new TreeMap<>();
    for (Map.Entry<String, String> session : of(changes).entrySet()) {
      Session read = SessionJson.read(session.getValue().getBytes(UTF_8), 0);
      visits.put(session.getKey(), read.pages().size());
    }
    return visits;
  }

  /** Returns what the table has to be if {@code sessions} are all there is. */
  public static SortedMap<String, String> ofSessions(Iterable<Session> sessions) {
    SessionJson json = new SessionJson(ZoneOffset.UTC);
    SortedMap<String, String> values = new TreeMap<>();
    sessions.forEach(s -> values.put(s.id().toString(), new String(json.write(s), UTF_8)));
    return values;
  }
}
