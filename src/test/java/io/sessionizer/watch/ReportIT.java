package io.sessionizer.watch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.sessionizer.SessionizationJob;
import io.sessionizer.kafka.RecordMapping;
import io.sessionizer.records.LateVisitRecord;
import io.sessionizer.records.SourcePosition;
import io.sessionizer.records.TopicRecord;
import io.sessionizer.testing.Browser;
import io.sessionizer.testing.Command;
import io.sessionizer.testing.TestKafka;
import io.sessionizer.visits.Visit;
import io.sessionizer.visits.VisitJson;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The report, made by its command, opened from disk by a real browser. */
class ReportIT {
  private static final String PAGE = "</script><script>document.title='run'</script>{{scripts}}";

  @TempDir private Path folder;

  @Test
  void reportsTopicsWithoutLoadingResources() throws Exception {
    TestKafka kafka = new TestKafka().createTopics();
    kafka.writeVisits(
        0,
        visit("a", "10:00", PAGE),
        visit("a", "10:10", "help"),
        visit("b", "10:30", "home"),
        "no visit".getBytes(UTF_8));
    String[] flags = kafka.flags("--stopWhenDrained", "--engine=stateful");
    assertEquals(0, SessionizationJob.run(flags));
    tooLate(kafka, visit("a", "08:00", "home"), Duration.ofMinutes(89));
    Path page = folder.resolve("report.html");
    assertEquals(
        "2 sessions in " + page + "\n",
        report(kafka.flags("--engine=stateful"), "--output=" + page));

    try (Browser browser = Browser.start()) {
      browser.size(1200, 1500);
      browser.open(page.toUri().toString());
      browser.screenshot("report");
      assertEquals(
          List.of("2", "3", "2", "50.0%", "5 min", "1.5", "0", "0", "1", "1"),
          browser.run(
              "return [...document.querySelectorAll('#numbers dd')].map(n => n.innerText)"));
      assertEquals(PAGE + "\t1\nhome\t1", browser.text("#entry-pages"));
      assertEquals("help\t1\nhome\t1", browser.text("#exit-pages"));
      assertEquals(
          "a\tkim\t01 Jan 2024, 10:00:00\t10 min\t2\nb\tkim\t01 Jan 2024, 10:30:00\t0 ms\t1",
          browser.text("#longest"));
      assertEquals(
          "to 2 h: 1", browser.run("return document.getElementById('lateness').ariaLabel"));
      assertEquals("NOT_JSON\t1", browser.text("#dead"));
      assertEquals(
          "2024-01-01: 2", browser.run("return document.getElementById('days').ariaLabel"));
      assertEquals(true, browser.run("return document.getElementById('attributes').hidden"));
      assertEquals(
          "0 (1 visit): 1, to 10 min: 1",
          browser.run("return document.getElementById('durations').ariaLabel"));
      assertEquals(
          "PT16M",
          browser.run(
              "return [...document.querySelectorAll('#settings tr')].find(r => r.cells[0].innerText === '--sessionGap').cells[1].innerText"));
      assertEquals("Sessions: a report", browser.run("return document.title"));
      assertEquals(List.of(), browser.barriers());
      assertEquals(List.of(), browser.complaints());
      assertEquals(List.of("(file)"), browser.requestedHosts());
    }
  }

  @Test
  void tailAndDemoOutputGiveSameReport() throws Exception {
    TestKafka kafka = new TestKafka().createTopics();
    kafka.writeVisits(0, visit("a", "10:00", PAGE), visit("b", "10:30", "home"));
    assertEquals(0, SessionizationJob.run(kafka.flags("--stopWhenDrained")));
    Command tail =
        Command.start(
            folder,
            List.of(),
            "tail",
            "--noFollow",
            "--topic=" + kafka.topic("sessions"),
            "--bootstrapServers=" + TestKafka.address());
    assertEquals(0, tail.exitCode(300), tail.err());
    Path sessions = folder.resolve("sessions.jsonl");
    Path records = folder.resolve("records.jsonl");
    Files.writeString(records, tail.out());
    Files.write(
        sessions,
        kafka.read("sessions").stream().map(record -> new String(record.value(), UTF_8)).toList());
    String expected = Files.readString(made(sessions)).replace("sessions.jsonl", "records.jsonl");
    assertEquals(expected, Files.readString(made(records)));
    assertFalse(expected.contains("</script><script>document"), "a text became a tag");
  }

  @ParameterizedTest
  @ValueSource(strings = {"jsonl", "parquet"})
  void folderOfJobGivesReport(String format) throws Exception {
    Path visits = folder.resolve("visits.jsonl");
    Files.write(
        visits,
        List.of(
            new String(visit("a", "10:00", PAGE), UTF_8),
            new String(visit("a", "10:10", "help"), UTF_8),
            "no visit"));
    Path config = folder.resolve("job.yaml");
    Path out = folder.resolve("out");
    Files.writeString(
        config,
        """
        input: %s
        output: %s
        outputFormat: %s
        runner: DirectRunner
        attributes:
          entry_page: first(page)
        """
            .formatted(visits, out, format));
    assertEquals(0, SessionizationJob.run("--config=" + config));
    Path page = folder.resolve("report.html");
    assertEquals(
        "1 session in " + page + "\n",
        report(new String[] {"--config=" + config}, "--output=" + page));
    try (Browser browser = Browser.start()) {
      browser.open(page.toUri().toString());
      assertEquals(PAGE + "\t1", browser.text("#entry-pages"));
      assertEquals("help\t1", browser.text("#exit-pages"));
      assertEquals("NOT_JSON\t1", browser.text("#dead"));
      assertEquals(false, browser.run("return document.getElementById('attributes').hidden"));
    }
  }

  @Test
  void namesLineThatIsNoSession() throws Exception {
    Path file = folder.resolve("visits.jsonl");
    Files.write(file, visit("a", "10:00", "home"));
    Command report = Command.start(folder, List.of(), "report", "--input=" + file);
    assertEquals(3, report.exitCode(300));
    assertEquals(
        "sessionizer: cannot use "
            + file
            + ": line 1 is not a session: there is no list visited_pages in it\n",
        report.err());
  }

  /** As the job writes it; whether a visit is too late for it depends on when it is read. */
  private static void tooLate(TestKafka kafka, byte[] visit, Duration by) throws Exception {
    SourcePosition source = new SourcePosition(kafka.topic("visits"), 0, 4);
    TopicRecord late = new LateVisitRecord("a", visit, by.toMillis(), source).write();
    TestKafka.write(List.of(RecordMapping.toProduce(kafka.topic("late-visits"), late)));
  }

  private Path made(Path input) throws Exception {
    Path page = Path.of(input + ".html");
    report(new String[0], "--input=" + input, "--output=" + page);
    return page;
  }

  private String report(String[] flags, String... more) throws Exception {
    String[] all = Stream.of(flags, more).flatMap(Stream::of).toArray(String[]::new);
    Command report = Command.start(folder, List.of(), "report", all);
    assertEquals(0, report.exitCode(300), report.err());
    return report.err();
  }

  private static byte[] visit(String visitId, String time, String page) {
    long millis = Instant.parse("2024-01-01T" + time + ":00Z").toEpochMilli();
    return VisitJson.write(new Visit(visitId, millis, "kim", page));
  }
}
