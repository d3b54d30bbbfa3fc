package io.sessionizer.watch;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sessionizer.config.NotReadyException;
import io.sessionizer.config.Settings;
import io.sessionizer.config.UserFile;
import io.sessionizer.files.WrittenFolder;
import io.sessionizer.kafka.admin.RecordTail;
import io.sessionizer.parquet.ParquetRowReader;
import io.sessionizer.records.DeadLetterRecord;
import io.sessionizer.records.ExactJson;
import io.sessionizer.records.SessionJson;
import io.sessionizer.records.SessionRecord;
import io.sessionizer.records.SessionRow;
import io.sessionizer.records.SourcePosition;
import io.sessionizer.records.TopicRecord;
import io.sessionizer.records.TopicRecordJson;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.ZoneId;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.KafkaException;

/** A web page about sessions, in one file, which needs neither a server nor a network. */
public final class Report {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> SCRIPTS = List.of("echarts.min.js", "charts.js", "report.js");

  private final SessionStatistics.Totals totals;
  private final Map<String, Object> contents = new LinkedHashMap<>();

  private Report(
      SessionStatistics findings, String source, ZoneId zone, Map<String, String> settings) {
    this.totals = findings.totals();
    contents.put("source", source);
    contents.put("timeZone", zone.getId());
    contents.put("settings", settings);
    contents.put("summary", totals);
  }

  /**
   * Reads a job's topics up to their current ends.
   *
   * @throws NotReadyException if they cannot be read
   */
  public static Report ofTopics(Settings settings) throws NotReadyException {
    SessionStatistics findings = new SessionStatistics(settings.timeZone());
    ResultReader reader = new ResultReader(settings);
    try {
      for (String topic : ExistingTopics.of(settings)) {
        if (!settings.topics().visits().contains(topic)) {
          drain(topic, settings, reader, findings);
        }
      }
    } catch (KafkaException e) {
      throw new NotReadyException(
          "Kafka at " + settings.bootstrapServers() + ": " + e.getMessage());
    }
    String source = settings.topics().sessions() + " at " + settings.bootstrapServers();
    return new Report(findings, source, settings.timeZone(), settings.asFlags());
  }

  private static void drain(
      String topic, Settings settings, ResultReader reader, SessionStatistics findings) {
    try (RecordTail tail = RecordTail.fromBeginning(topic, ExistingTopics.client(settings))) {
      tail.drain(record -> reader.read(record, findings));
    }
  }

  /**
   * Reads sessions as lines of JSON: as the job writes them, or as {@code tail} prints them in a
   * pipe.
   *
   * @throws IOException if it cannot be read, or a line is neither
   */
  public static Report ofFile(Path file, ZoneId zone) throws IOException {
    SessionStatistics findings = new SessionStatistics(zone);
    addLines(file, (number, line) -> findings.session(session(file, number, line), 0));
    return new Report(findings, file.getFileName().toString(), zone, Map.of());
  }

  /**
   * Reads the folder of a job on files.
   *
   * @param name of the folder
   * @param settings of the job; which rules it had is known only if it reads files by these
   * @throws IOException if a file cannot be read, or has something else; the message names it
   */
  public static Report ofFolder(String name, WrittenFolder folder, Settings settings)
      throws IOException {
    SessionStatistics findings = new SessionStatistics(settings.timeZone());
    for (Path file : folder.sessions()) {
      if (folder.areParquet()) {
        addRows(file, new SessionJson(settings.timeZone()), findings);
      } else {
        addLinesOf(file, (number, line) -> findings.session(session(file, number, line), 0));
      }
    }
    for (Path file : folder.deadLetters()) {
      addLinesOf(file, (number, line) -> addDeadLetter(file, number, line, findings));
    }
    return new Report(
        findings,
        name,
        settings.timeZone(),
        settings.files() == null ? Map.of() : settings.policyAsFlags());
  }

  /** Accepts a line and its number, from 1. */
  private interface LineConsumer {
    void accept(long number, String line) throws IOException;
  }

  private static void addLinesOf(Path file, LineConsumer each) throws IOException {
    try {
      addLines(file, each);
    } catch (IOException e) {
      throw new IOException("%s: %s".formatted(file.getFileName(), e.getMessage()), e);
    }
  }

  private static void addLines(Path file, LineConsumer each) throws IOException {
    try (BufferedReader lines = new BufferedReader(UserFile.open(file))) {
      long number = 0;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        number++;
        if (!line.isBlank()) {
          each.accept(number, line);
        }
      }
    }
  }

  private static void addRows(Path file, SessionJson json, SessionStatistics findings)
      throws IOException {
    try (ParquetRowReader rows = new ParquetRowReader(file)) {
      long number = 1;
      for (SessionRow row = rows.next(); row != null; row = rows.next()) {
        TopicRecord record = row.toRecord(json);
        findings.session(
            SessionRevision.of(
                SessionRecord.read(record), record.value(), position(file, number++)),
            0);
      }
    }
  }

  private static void addDeadLetter(Path file, long number, String line, SessionStatistics findings)
      throws IOException {
    TopicRecord record =
        TopicRecordJson.read(line.getBytes(UTF_8))
            .orElseThrow(() -> new IOException("line %s is not a dead letter".formatted(number)));
    DeadLetterRecord letter = DeadLetterRecord.read(record);
    findings.deadLetter(letter.reason(), letter.source(), position(file, number));
  }

  private static SourcePosition position(Path file, long number) {
    return new SourcePosition(file.getFileName().toString(), 0, number);
  }

  private static SessionRevision session(Path file, long number, String line) throws IOException {
    byte[] json = line.strip().getBytes(UTF_8);
    try {
      SourcePosition position = position(file, number);
      Optional<TopicRecord> record = TopicRecordJson.read(ExactJson.tree(line));
      return record.isPresent()
          ? SessionRevision.of(SessionRecord.read(record.get()), record.get().value(), position)
          : SessionRevision.of(SessionJson.read(json, 0), json, position);
    } catch (IOException e) {
      String why =
          e instanceof JsonProcessingException bad ? bad.getOriginalMessage() : e.getMessage();
      throw new IOException("line %s is not a session: %s".formatted(number, why), e);
    }
  }

  /** Returns the number of sessions. */
  public long sessions() {
    return totals.sessions();
  }

  /** Writes the page. */
  public void write(Path file) throws IOException {
    Files.write(file, html().getBytes(UTF_8));
  }

  /**
   * The page contains everything, and may load nothing: its policy allows these scripts and this
   * style only.
   */
  private String html() {
    StringBuilder scripts = new StringBuilder();
    StringBuilder hashes = new StringBuilder();
    for (String name : SCRIPTS) {
      String script = text(name);
      scripts.append("<script>").append(script).append("</script>\n");
      hashes.append(" '").append(hash(script)).append('\'');
    }
    String style = text("style.css");
    return text("report.html")
        .replace(
            "{{policy}}",
            "default-src 'none'; img-src data:; script-src"
                + hashes
                + "; style-src '"
                + hash(style)
                + "'; base-uri 'none'; form-action 'none'")
        .replace("{{style}}", style)
        .replace("{{scripts}}", scripts)
        .replace("{{data}}", data()); // last: texts of a topic are not templates
  }

  /** No tag can start in it, whatever the texts are. */
  private String data() {
    try {
      return JSON.writeValueAsString(contents).replace("<", "\\u003c");
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a summary is always JSON", e);
    }
  }

  private static String text(String name) {
    return new String(Watch.resource(name), UTF_8);
  }

  private static String hash(String content) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(content.getBytes(UTF_8));
      return "sha256-" + Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
