package io.sessionizer.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sessionizer.records.EndReason;
import io.sessionizer.records.Session;
import io.sessionizer.records.SessionId;
import io.sessionizer.records.SessionJson;
import io.sessionizer.records.SessionRecord;
import io.sessionizer.records.SessionRecord.Tombstone;
import io.sessionizer.records.SessionRecord.Upsert;
import io.sessionizer.records.Timing;
import io.sessionizer.records.TopicRecord;
import io.sessionizer.records.VisitedPage;
import java.io.IOException;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class SessionTallyTest {
  private final SessionTally tally = new SessionTally();

  @Test
  void correctionsDoNotCountVisitsAgain() throws Exception {
    add(upsert(0, 0, 5));
    add(upsert(0, 0, 3, 5));
    add(upsert(0, 20));
    add(new Tombstone(SessionId.parse("v@20"), 2, SessionId.parse("v@0")));
    assertTallyIs(1, 2, 4);
  }

  @Test
  void retractedSessionMayHaveSeveralTimes() throws Exception {
    add(upsert(0, 20, 25));
    add(upsert(0, 10, 20, 25));
    add(new Tombstone(SessionId.parse("v@20"), 2, SessionId.parse("v@10")));
    assertTallyIs(1, 1, 3);
  }

  @Test
  void countsVisitsOfOneMillisecondOnce() throws Exception {
    add(upsert(0, 7, 7));
    add(upsert(1, 7, 7));
    add(upsert(2, 7, 8));
    add(upsert(1, 7, 7));
    add(upsert(2, 7, 7, 8));
    assertTallyIs(3, 2, 7);
  }

  private void assertTallyIs(long sessions, long corrections, long visits) {
    assertEquals(
        List.of(sessions, corrections, visits),
        List.of(tally.sessions(), tally.corrections(), tally.visits()));
  }

  private static Upsert upsert(int ordinal, long... times) {
    List<VisitedPage> pages =
        LongStream.of(times).mapToObj(time -> new VisitedPage(time, "p", null)).toList();
    return new Upsert(new Session("v", pages, ordinal), 1, Timing.ON_TIME, EndReason.INACTIVITY);
  }

  private void add(SessionRecord change) throws IOException {
    TopicRecord written = change.write(new SessionJson(ZoneOffset.UTC));
    var record = new ConsumerRecord<>("sessions", 0, 0, written.key(), written.value());
    written.headers().forEach(header -> record.headers().add(header.name(), header.value()));
    tally.add(record);
  }
}
