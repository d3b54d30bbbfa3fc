package io.sessionizer.watch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.sessionizer.records.SourcePosition;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A record of the sessions topic: a session as it was then, or that it is no more.
 *
 * @param key the session's id
 * @param visitId what comes before the last {@code @} of the id
 * @param userId who it was, or null
 * @param revision 1 for the first record of a key
 * @param late whether a late visit made it come out
 * @param endReason why it ended; null for a tombstone
 * @param supersededBy for a tombstone: the session that has its visits now; else null
 * @param times of its visits, epoch milliseconds, in order; empty for a tombstone
 * @param entryPage the page of its first visit, or null
 * @param exitPage the page of its last visit, or null
 * @param place where the record is
 */
record SessionRecord(
    String key,
    String visitId,
    @Nullable String userId,
    int revision,
    boolean late,
    @Nullable String endReason,
    @Nullable String supersededBy,
    long[] times,
    @Nullable String entryPage,
    @Nullable String exitPage,
    SourcePosition place) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * Reads a record.
   *
   * @param json the session's JSON; null for a tombstone
   * @throws IOException if it is not the JSON of a session
   */
  static SessionRecord read(
      String key, Map<String, String> headers, byte @Nullable [] json, SourcePosition place)
      throws IOException {
    return of(key, headers, json == null ? null : JSON.readTree(json), place);
  }

  /**
   * Reads a record whose value is read already.
   *
   * @param session null for a tombstone
   * @throws IOException if it is not a session
   */
  static SessionRecord of(
      String key, Map<String, String> headers, @Nullable JsonNode session, SourcePosition place)
      throws IOException {
    JsonNode value = session == null ? MissingNode.getInstance() : session;
    JsonNode pages = value.path("visited_pages");
    if (session != null && (!pages.isArray() || pages.isEmpty())) {
      throw new IOException("there is no list visited_pages in it");
    }
    long[] times = new long[pages.size()];
    for (int i = 0; i < times.length; i++) {
      JsonNode time = pages.get(i).path("event_time_as_milliseconds");
      if (!time.canConvertToLong()) {
        throw new IOException("a visited page has no event_time_as_milliseconds");
      }
      times[i] = time.longValue();
    }
    Arrays.sort(times);
    return new SessionRecord(
        key,
        key.contains("@") ? key.substring(0, key.lastIndexOf('@')) : key,
        text(value.path("user_id")),
        revision(headers.get("revision")),
        "late".equals(headers.get("timing")),
        headers.get("end_reason"),
        headers.get("superseded_by"),
        times,
        text(pages.path(0).path("page")),
        text(pages.path(times.length - 1).path("page")),
        place);
  }

  private static int revision(@Nullable String header) {
    return header != null && header.matches("\\d{1,9}") ? Integer.parseInt(header) : 1;
  }

  private static @Nullable String text(JsonNode node) {
    return node.isTextual() ? node.textValue() : null;
  }

  SessionRecord withKey(String otherKey) {
    return new SessionRecord(
        otherKey,
        visitId,
        userId,
        revision,
        late,
        endReason,
        supersededBy,
        times,
        entryPage,
        exitPage,
        place);
  }

  boolean isTombstone() {
    return times.length == 0;
  }

  long startMillis() {
    return times[0];
  }

  long endMillis() {
    return times[times.length - 1];
  }

  /** Returns how many of its visits have this time. */
  int visitsAt(long time) {
    int at = Arrays.binarySearch(times, time);
    if (at < 0) {
      return 0;
    }
    int first = at;
    int last = at;
    while (first > 0 && times[first - 1] == time) {
      first--;
    }
    while (last < times.length - 1 && times[last + 1] == time) {
      last++;
    }
    return last - first + 1;
  }
}
