package io.sessionizer.sessions;

import io.sessionizer.attributes.SessionAttributes;
import io.sessionizer.attributes.SkippedValues;
import io.sessionizer.formats.AttributeDefinition;
import io.sessionizer.formats.SyntaxException;
import io.sessionizer.records.ProjectedFields;
import io.sessionizer.records.Provenance;
import io.sessionizer.records.Session;
import io.sessionizer.records.SessionJson;
import io.sessionizer.records.SessionRecord;
import io.sessionizer.records.SourcePosition;
import io.sessionizer.records.TopicRecord;
import io.sessionizer.records.VisitedPage;
import io.sessionizer.visits.LocatedVisit;
import io.sessionizer.visits.Visit;
import io.sessionizer.visits.VisitCursor;
import io.sessionizer.visits.VisitPacket;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.beam.sdk.util.CoderUtils;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What a session costs: forming it visit by visit, handing it on, and writing it. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class SessionBenchmark {
  private static final long START = 1_704_067_200_000L;
  private static final long STEP = 120_000;
  private static final Duration GAP = Duration.ofMinutes(16);

  /** How many pages the session has. */
  @Param({"12", "500"})
  public int pages;

  private final SessionPolicy policy = SessionPolicy.of(GAP, Duration.ofMinutes(15));
  private final SessionPolicy policyWithRules =
      policy.with(
          new SessionRules(
              List.of(VisitField.USER_ID),
              List.of(new SessionRules.FieldValue(VisitField.PAGE, "thanks")),
              ZoneOffset.UTC));
  private final SessionJson json = new SessionJson(ZoneOffset.UTC);
  private SessionJson jsonWithAttributes;
  private final List<VisitedPage> visits = new ArrayList<>();
  private final List<VisitPacket> packets = new ArrayList<>();
  private Session session;
  private SessionRecord change;
  private SessionRecord changeWithFields;

  /** Makes up a session. */
  @Setup
  public void makeUp() throws SyntaxException {
    for (int i = 0; i < pages; i++) {
      visits.add(
          new VisitedPage(START + i * STEP, "category_" + i % 20, "140719780965248_f287ad2c"));
    }
    session = new Session("140719780965248_0", visits);
    pack(visits);
    change = form().get(0);
    makeUpAttributes();
  }

  private void pack(List<VisitedPage> ofSession) {
    packets.clear();
    var provenance = new Provenance(new SourcePosition("visits", 0, 0), START);
    for (VisitedPage page : ofSession) {
      var visit = Visit.of(session.visitId(), page);
      packets.addAll(VisitPacket.of(List.of(new LocatedVisit(visit, provenance))));
    }
  }

  private void makeUpAttributes() throws SyntaxException {
    jsonWithAttributes =
        new SessionJson(
            ZoneOffset.UTC,
            SessionAttributes.of(
                List.of(
                    AttributeDefinition.parse("entry_page=first(page)"),
                    AttributeDefinition.parse("devices=distinct(/device)"),
                    AttributeDefinition.parse("revenue=sum(/value)")),
                SkippedValues.UNCOUNTED));
    List<VisitedPage> withFields = new ArrayList<>();
    for (VisitedPage visit : visits) {
      var fields = new ProjectedFields.FieldsWriter();
      fields.add(ProjectedFields.id("/device"), "desktop");
      fields.add(ProjectedFields.id("/value"), BigDecimal.valueOf(withFields.size(), 2));
      withFields.add(
          new VisitedPage(
              visit.eventTimeMillis(), visit.page(), visit.userId(), fields.toFields()));
    }
    pack(withFields);
    changeWithFields = form().get(0);
    pack(visits);
  }

  /** Accepts the visits of a session, each in a packet of its own, and publishes it. */
  @Benchmark
  public List<SessionRecord> form() {
    return form(policy);
  }

  /** The same with a rule of each kind, none of which cuts the session. */
  @Benchmark
  public List<SessionRecord> formWithRules() {
    return form(policyWithRules);
  }

  private List<SessionRecord> form(SessionPolicy by) {
    List<SessionRecord> changes = new ArrayList<>();
    var shard = new SessionShard(by);
    for (VisitPacket packet : packets) {
      VisitCursor visit = packet.cursor();
      visit.next();
      long watermark = visit.eventTimeMillis();
      shard.accept(visit, watermark, watermark, changes);
      shard.amend(watermark, changes);
      shard.commit();
    }
    shard.advance(session.endMillis() + GAP.toMillis(), changes);
    shard.commit();
    return changes;
  }

  /** Hands a session on by its coder, and reads it back. */
  @Benchmark
  public SessionRecord codeSession() throws Exception {
    SessionRecordCoder coder = SessionRecordCoder.of();
    return CoderUtils.decodeFromByteArray(coder, CoderUtils.encodeToByteArray(coder, change));
  }

  /** Writes a session's record. */
  @Benchmark
  public TopicRecord write() {
    return change.write(json);
  }

  /** Writes a session's record with three attributes, two of them of projected fields. */
  @Benchmark
  public TopicRecord writeWithAttributes() {
    return changeWithFields.write(jsonWithAttributes);
  }
}
