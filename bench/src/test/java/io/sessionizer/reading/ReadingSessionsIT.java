package io.sessionizer.reading;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.averagingLong;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sessionizer.kafka.admin.TopicCreation;
import io.sessionizer.records.Session;
import io.sessionizer.records.VisitedPage;
import io.sessionizer.testing.Page;
import io.sessionizer.testing.TestKafka;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.types.Row;
import org.apache.flink.types.RowKind;
import org.apache.flink.util.CloseableIterator;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.LongDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Executes the examples of docs/reading-sessions.md on a topic with all kinds of records. */
class ReadingSessionsIT {
  private static final Path PAGE = Path.of("docs", "reading-sessions.md");
  private static final Path SOURCES =
      Path.of("bench", "src", "test", "java", "io", "sessionizer", "reading");
  private static final Duration TIMEOUT = Duration.ofMinutes(2);

  @TempDir private static Path folder;
  private static CorrectedSessions sessions;

  @TempDir private Path stateFolder;

  @BeforeAll
  static void writeSessions() throws Exception {
    sessions = CorrectedSessions.write(folder);
  }

  @Test
  void topicHasCorrectionsTombstonesAndRepeatedRecords() {
    List<ConsumerRecord<byte[], byte[]>> records = sessions.records();

    assertTrue(records.stream().filter(r -> r.value() == null).count() >= 7);
    assertTrue(records.stream().filter(r -> header(r, "timing").equals("late")).count() >= 10);
    assertTrue(
        records.stream()
            .collect(groupingBy(r -> text(r.key()) + ' ' + header(r, "revision"), counting()))
            .values()
            .stream()
            .anyMatch(count -> count > 1));
  }

  @Test
  void consumerKeepsNewestSessionOfKey() throws IOException {
    assertIsOnPage("Java", "NewestSessions.java");

    assertEquals(
        sessions.tableOfModel(),
        new TreeMap<>(NewestSessions.read(sessions.topic(), config(Map.of()))));
  }

  @Test
  void tableOfKafkaStreamsFollowsCorrections() throws Exception {
    assertIsOnPage("Kafka Streams", "SessionsPerUser.java");
    String counts = sessions.topic() + "-per-user";
    try (Admin admin = Admin.create(config(Map.of()))) {
      admin.createTopics(List.of(new NewTopic(counts, 1, (short) 1))).all().get();
      TopicCreation.waitUntilWritable(admin, List.of(counts));
    }
    Properties config =
        config(
            Map.of(
                StreamsConfig.APPLICATION_ID_CONFIG,
                counts,
                StreamsConfig.STATE_DIR_CONFIG,
                stateFolder.toString(),
                StreamsConfig.COMMIT_INTERVAL_MS_CONFIG,
                "200"));
    Map<String, Long> expected =
        sessions.ofModel().stream().collect(groupingBy(ReadingSessionsIT::user, counting()));

    Map<String, Long> read = new HashMap<>();
    try (var streams =
            new KafkaStreams(SessionsPerUser.topology(sessions.topic(), counts), config);
        var consumer =
            new KafkaConsumer<>(
                config(
                    Map.of(
                        CommonClientConfigs.GROUP_ID_CONFIG,
                        counts + "-test",
                        "auto.offset.reset",
                        "earliest")),
                new StringDeserializer(),
                new LongDeserializer())) {
      streams.start();
      consumer.subscribe(List.of(counts));
      long deadline = System.nanoTime() + TIMEOUT.toNanos();
      while (!read.equals(expected)) {
        assertTrue(System.nanoTime() < deadline, () -> expected + " but " + read);
        consumer
            .poll(Duration.ofMillis(200))
            .forEach(count -> read.put(count.key(), count.value()));
      }
    }
  }

  @Test
  void flinkSqlReadsTable() throws IOException {
    List<String> sql = Page.of(PAGE).code("Flink SQL", "sql");
    TableEnvironment flink = TableEnvironment.create(EnvironmentSettings.inStreamingMode());
    flink.executeSql(
        replaced(
            replaced(
                replaced(
                    sql.get(0),
                    "'topic' = 'sessions'",
                    "'topic' = '%s'".formatted(sessions.topic())),
                "localhost:9092",
                TestKafka.address()),
            "'value.fields-include'",
            "'scan.bounded.mode' = 'latest-offset', 'value.fields-include'"));

    assertEquals(
        sessions.ofModel().stream()
            .collect(
                groupingBy(
                    session -> session.pages().get(0).page(),
                    Collectors.collectingAndThen(
                        Collectors.toList(),
                        all ->
                            List.<Object>of(
                                (long) all.size(),
                                all.stream()
                                    .collect(averagingLong(ReadingSessionsIT::durationMillis))
                                    .longValue())))),
        table(flink, sql.get(1)));
    assertEquals(
        sessions.ofModel().stream()
            .flatMap(session -> session.pages().stream())
            .collect(
                groupingBy(
                    VisitedPage::page,
                    Collectors.collectingAndThen(counting(), count -> List.<Object>of(count)))),
        table(flink, sql.get(2)));
    assertEquals(
        sessions.ofModel().stream()
            .collect(
                Collectors.toMap(
                    session -> session.id().toString(),
                    session -> List.<Object>of(session.visitId()))),
        table(flink, "SELECT session_id, visit_id FROM sessions"));
  }

  /** Returns the rows that a query has in the end, by their first column. */
  private static Map<String, List<Object>> table(TableEnvironment flink, String query) {
    Map<String, List<Object>> rows = new HashMap<>();
    CloseableIterator<Row> changes = flink.executeSql(query).collect();
    changes.forEachRemaining(row -> apply(row, rows));
    return rows;
  }

  private static void apply(Row row, Map<String, List<Object>> rows) {
    String key = row.getFieldAs(0);
    if (row.getKind() == RowKind.DELETE || row.getKind() == RowKind.UPDATE_BEFORE) {
      rows.remove(key);
    } else {
      List<Object> values = new ArrayList<>();
      for (int i = 1; i < row.getArity(); i++) {
        values.add(row.getField(i));
      }
      rows.put(key, values);
    }
  }

  @Test
  void warehouseQueryReturnsNewestSessionOfKey() throws Exception {
    List<String> sql = Page.of(PAGE).code("SQL in a data warehouse", "sql");
    Map<String, String> newest = new TreeMap<>();
    try (Connection duckDb = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duckDb.createStatement()) {
      statement.execute(sql.get(0));
      try (PreparedStatement insert =
          duckDb.prepareStatement("INSERT INTO sessions_log VALUES (?, ?, ?, ?)")) {
        List<ConsumerRecord<byte[], byte[]>> loaded = new ArrayList<>(sessions.records());
        loaded.addAll(List.copyOf(loaded.subList(0, 10))); // as a connector does that restarts
        for (ConsumerRecord<byte[], byte[]> record : loaded) {
          insert.setString(1, text(record.key()));
          insert.setInt(2, record.partition());
          insert.setLong(3, record.offset());
          insert.setString(4, record.value() == null ? null : text(record.value()));
          insert.addBatch();
        }
        insert.executeBatch();
      }
      try (ResultSet rows = statement.executeQuery(sql.get(1))) {
        while (rows.next()) {
          newest.put(rows.getString("session_id"), rows.getString("session"));
        }
      }
    }

    assertEquals(sessions.tableOfModel(), newest);
  }

  /** The page has the code that the test runs, but for the indentation. */
  private static void assertIsOnPage(String section, String file) throws IOException {
    Function<String, String> withoutIndentation =
        code -> code.lines().map(String::strip).collect(Collectors.joining("\n"));
    String source = withoutIndentation.apply(Files.readString(SOURCES.resolve(file)));
    for (String block : Page.of(PAGE).code(section, "java")) {
      String code = withoutIndentation.apply(block);
      assertTrue(source.contains(code), () -> file + " lacks this code of the page:\n" + code);
    }
  }

  private static String replaced(String sql, String old, String by) {
    assertTrue(sql.contains(old), sql);
    return sql.replace(old, by);
  }

  private static String user(Session session) {
    String user = session.userId();
    return user == null ? "anonymous" : user;
  }

  private static long durationMillis(Session session) {
    List<VisitedPage> pages = session.pages();
    return pages.get(pages.size() - 1).eventTimeMillis() - pages.get(0).eventTimeMillis();
  }

  private static Properties config(Map<String, String> more) {
    Properties config = new Properties();
    config.putAll(TestKafka.config());
    config.putAll(more);
    return config;
  }

  private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
    return TestKafka.headers(record).getOrDefault(name, "");
  }

  private static String text(byte[] bytes) {
    return new String(bytes, UTF_8);
  }
}
