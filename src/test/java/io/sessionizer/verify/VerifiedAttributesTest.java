package io.sessionizer.verify;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.sessionizer.attributes.SessionAttributes;
import io.sessionizer.attributes.SkippedValues;
import io.sessionizer.formats.AttributeDefinition;
import io.sessionizer.formats.InputFormat;
import io.sessionizer.records.EndReason;
import io.sessionizer.records.Session;
import io.sessionizer.records.SessionJson;
import io.sessionizer.records.SessionRecord.Upsert;
import io.sessionizer.records.Timing;
import io.sessionizer.records.TopicRecord;
import io.sessionizer.visits.Visit;
import io.sessionizer.visits.VisitParser;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A wrong attribute is a difference. */
class VerifiedAttributesTest {
  private static final ZoneId PARIS = ZoneId.of("Europe/Paris");

  private List<AttributeDefinition> attributes;
  private VisitParser parser;
  private VerifyRules rules;
  private final ScriptedJob job = ScriptedJob.empty();

  @BeforeEach
  void readEvents() throws Exception {
    attributes =
        List.of(
            AttributeDefinition.parse("revenue=sum(/value)"),
            AttributeDefinition.parse("devices=distinct(/device)"),
            AttributeDefinition.parse("bounce=count() = 1"));
    InputFormat format =
        InputFormat.DEFAULT.withProjected(AttributeDefinition.projected(attributes));
    parser = new VisitParser(format, 1 << 20, Duration.ofDays(1), Clock.systemUTC());
    rules =
        ScriptedJob.rules(ScriptedJob.POLICY)
            .inputFormat(format)
            .attributes(SessionAttributes.of(attributes, SkippedValues.UNCOUNTED))
            .timeZone(PARIS)
            .build();
  }

  /** Runs a job whose output is edited, and returns what is found. */
  private ScriptedJob.Outcome outcome(UnaryOperator<String> edit) throws Exception {
    List<Visit> visits = new ArrayList<>();
    for (String event :
        List.of(
            "'00:00:00Z','page':'a','value':1.5,'device':'tablet'",
            "'00:01:00Z','page':'b','value':'2','device':'phone'")) {
      byte[] json =
          ("{'visit_id':'v','event_time':'2024-01-01T" + event.substring(1) + "}")
              .replace('\'', '"')
              .getBytes(UTF_8);
      job.visits.add(0, new TopicRecord(null, json, List.of()));
      visits.add((Visit) parser.parse(json));
    }
    job.visits.isComplete = true;
    Session session = new Session("v", visits.stream().map(Visit::visitedPage).toList());
    SessionJson json =
        new SessionJson(PARIS, SessionAttributes.of(attributes, SkippedValues.UNCOUNTED), null);
    TopicRecord record = new Upsert(session, 1, Timing.ON_TIME, EndReason.INACTIVITY).write(json);
    String value = edit.apply(new String(record.value(), UTF_8));
    job.sessions.add(0, new TopicRecord(record.key(), value.getBytes(UTF_8), record.headers()));
    return job.verify(rules, 1 << 20);
  }

  @Test
  void rightAttributesAreNoDifference() throws Exception {
    ScriptedJob.Outcome outcome = outcome(UnaryOperator.identity());
    assertEquals(List.of(), outcome.differences());
    assertEquals(1, outcome.verdict().right());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "revenue":3.5          | "revenue":4      | attribute revenue is 4 and has to be 3.5
          "revenue":3.5,         |                  | attribute revenue is null and has to be 3.5
          ["phone","tablet"]     | ["tablet"]       | attribute devices is ["tablet"] and has to be ["phone","tablet"]
          "bounce":false         | "more":1         | attribute bounce is null and has to be false; attribute more is 1 and has to be null
          "revenue":3.5          | "revenue":3.50   | its JSON is not written as a job writes it
          """)
  void wrongAttributeIsDifference(String part, String edited, String problem) throws Exception {
    List<Difference> differences =
        outcome(json -> json.replace(part, edited == null ? "" : edited)).differences();
    assertEquals(1, differences.size());
    String found = differences.get(0).toString();
    assertEquals("v@1704067200000: " + problem, found.substring(found.indexOf("v@")));
  }

  @Test
  void attributesAreHashed() throws Exception {
    String right = outcome(UnaryOperator.identity()).verdict().hash();
    job.sessions.partitions.get(0).clear();
    assertNotEquals(
        right, outcome(json -> json.replace("\"revenue\":3.5", "\"revenue\":4")).verdict().hash());
  }
}
