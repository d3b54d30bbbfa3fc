package io.sessionizer.verify;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sessionizer.records.Session;
import io.sessionizer.records.SourcePosition;
import io.sessionizer.records.TopicRecord;
import io.sessionizer.testing.Page;
import io.sessionizer.verify.ScriptedJob.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The examples of docs/verify.md are what {@code verify} prints. */
class VerifyPageTest {
  private final Page page = Page.of(Path.of("docs", "verify.md"));
  private final ScriptedJob job = ScriptedJob.ofPage();

  VerifyPageTest() throws IOException {}

  @Test
  void summaryIsThatOfVerification() throws IOException {
    Verification.Sources sources =
        new Verification.Sources(job.visits, job.sessions, job.lateVisits, job.deadLetters);
    String summary =
        String.join(
            "\n",
            job.verify()
                .verdict()
                .summary(ScriptedJob.rules(false), sources, Instant.ofEpochMilli(1_000_000)));
    assertEquals(summary, page.code("text").get(0).stripTrailing());
  }

  @Test
  void differenceIsThatOfVerification() throws IOException {
    Session session = job.table.get(0);
    SourcePosition position = job.sessions.newest(session.id().toString());
    TopicRecord record = Objects.requireNonNull(job.sessions.get(position));
    String edited =
        new String(Objects.requireNonNull(record.value()), UTF_8)
            .replace("milliseconds\":60000}", "milliseconds\":1}");
    job.sessions.set(
        position, new TopicRecord(record.key(), edited.getBytes(UTF_8), record.headers()));
    Outcome outcome = job.verify();
    assertEquals(1, outcome.differences().size());
    assertEquals(
        outcome.differences().get(0).toString(),
        page.code("text").get(1).lines().findFirst().get());
  }
}
