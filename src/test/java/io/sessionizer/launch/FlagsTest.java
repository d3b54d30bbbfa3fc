package io.sessionizer.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.sessionizer.attributes.PrivateFields;
import io.sessionizer.config.BadFlagsException;
import io.sessionizer.config.OutputFormat;
import io.sessionizer.config.Privacy;
import io.sessionizer.config.PrivateVisits;
import io.sessionizer.config.Settings;
import io.sessionizer.config.StartFrom;
import io.sessionizer.config.TopicNames;
import io.sessionizer.formats.Condition;
import io.sessionizer.formats.FieldExpression;
import io.sessionizer.formats.InputFormat;
import io.sessionizer.formats.ProjectedField;
import io.sessionizer.sessions.Engine;
import io.sessionizer.sessions.SessionPolicy;
import io.sessionizer.sessions.SessionRules;
import io.sessionizer.sessions.SessionRules.FieldValue;
import io.sessionizer.sessions.VisitField;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.beam.sdk.options.ExperimentalOptions;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The settings of a command line, and the problems of an invalid one. */
class FlagsTest {
  private static final Privacy KEEP =
      new Privacy(
          PrivateVisits.KEEP,
          Condition.isTrue(FieldExpression.member("keep_private")),
          "",
          PrivateFields.NONE);

  private static final Settings DEFAULTS =
      new Settings(
          "localhost:9092",
          new TopicNames(List.of("visits"), "sessions", "late-visits", "dead-letters"),
          SessionPolicy.of(Duration.ofMinutes(16), Duration.ofMinutes(15)),
          Engine.STATEFUL,
          Duration.ofMinutes(1),
          Duration.ofSeconds(30),
          Duration.ofHours(1),
          InputFormat.DEFAULT,
          KEEP,
          List.of(),
          1024 * 1024,
          ZoneId.of("UTC"),
          new StartFrom(StartFrom.Position.COMMITTED, null),
          null,
          false,
          false,
          Map.of("group.id", "sessionizer.visits.sessions"),
          Map.of(),
          null,
          null,
          null,
          null);

  private static Settings settings(String... args) throws BadFlagsException {
    return Flags.parse(args).settings();
  }

  private static List<String> problems(String... args) {
    return assertThrows(BadFlagsException.class, () -> Flags.parse(args)).problems();
  }

  @Test
  void columnsOfTopicsMustBeGiven() throws Exception {
    String[] columns = {"--recordFormat=csv", "--visitIdField=id", "--eventTimeField=time"};
    BadFlagsException e = assertThrows(BadFlagsException.class, () -> Flags.parse(columns));
    assertEquals(
        List.of(
            "--recordFormat=csv: needs --columns; only a file has a first line that names them"),
        e.problems());
    String[] files = {columns[0], columns[1], columns[2], "--input=a.csv", "--output=out"};
    assertEquals(List.of("a.csv"), Flags.parse(files).settings().files().input());
  }

  @Test
  void pseudonymsNeedReferenceToKey() {
    assertEquals(
        List.of(
            "--pseudonymKey: is required with --privateVisits=pseudonymize, for example"
                + " ${file:/etc/pseudonyms.properties:key}"),
        problems("--privateVisits=pseudonymize"));
    assertEquals(
        List.of(
            "--pseudonymKey: must not be the key itself, but a reference to a config provider,"
                + " such as ${file:/etc/pseudonyms.properties:key}"),
        problems("--privateVisits=pseudonymize", "--pseudonymKey=secret"));
    assertEquals(
        List.of("--pseudonymKey: only with --privateVisits=pseudonymize"),
        problems("--pseudonymKey=${file:/x:key}"));
    assertEquals(
        List.of(
            "--privateVisits=pseudonymize: --visitIdField=device,/user/id and --userIdField=/user/id"
                + " have a field in common, so that the visit id shows the user"),
        problems(
            "--privateVisits=pseudonymize",
            "--pseudonymKey=${file:/x:key}",
            "--visitIdField=device,/user/id",
            "--userIdField=/user/id"));
  }

  @Test
  void settingsHaveDocumentedDefaults() throws Exception {
    assertEquals(DEFAULTS, settings());
  }

  @Test
  void everyFlagReachesItsSetting() throws Exception {
    assertEquals(
        new Settings(
            "a:1,[::1]:65535",
            new TopicNames(List.of("v"), "S.s", "l_l", "d-9"),
            new SessionPolicy(
                Duration.ofMillis(1), Duration.ZERO, Duration.ofHours(1), 7, 100_000, true),
            Engine.WINDOWS,
            Duration.ZERO,
            Duration.ofMillis(1),
            Duration.ofDays(36_500),
            InputFormat.DEFAULT,
            KEEP,
            List.of(),
            1,
            ZoneId.of("Europe/Paris"),
            new StartFrom(StartFrom.Position.LATEST, null),
            null,
            true,
            true,
            Map.of("group.id", "g"),
            Map.of("linger.ms", "5"),
            InetSocketAddress.createUnresolved("0.0.0.0", 9400),
            null,
            null,
            null),
        settings(
            "--bootstrapServers=a:1,[::1]:65535",
            "--visitsTopic=v",
            "--sessionsTopic=S.s",
            "--lateVisitsTopic=l_l",
            "--deadLettersTopic=d-9",
            "--sessionGap=PT0.001S",
            "--allowedLateness=PT0S",
            "--maxSessionDuration=PT1H",
            "--maxPagesPerSession=7",
            "--maxSessionBytes=100000",
            "--deduplicate",
            "--engine=windows",
            "--maxOutOfOrderness=PT0S",
            "--idleAfter=PT0.001S",
            "--maxFutureSkew=P36500D",
            "--maxRecordBytes=1",
            "--timeZone=Europe/Paris",
            "--startFrom=latest",
            "--takeOver",
            "--stopWhenDrained",
            "--consumerConfig=group.id=g",
            "--producerConfig=linger.ms=5",
            "--metricsPort=9400",
            "--metricsHost=0.0.0.0"));
  }

  @Test
  void acceptsDurationsWithUnits() throws Exception {
    Settings settings =
        settings(
            "--sessionGap=20m",
            "--allowedLateness=0s",
            "--idleAfter=250ms",
            "--maxFutureSkew=1d2h");
    assertEquals(Duration.ofMinutes(20), settings.policy().gap());
    assertEquals(Duration.ZERO, settings.policy().allowedLateness());
    assertEquals(Duration.ofMillis(250), settings.idleAfter());
    assertEquals(Duration.ofHours(26), settings.maxFutureSkew());
  }

  static Stream<Arguments> startingPlaces() {
    Instant time = Instant.parse("2024-01-01T00:00:00.5Z");
    return Stream.of(
        arguments("earliest", new StartFrom(StartFrom.Position.EARLIEST, null)),
        arguments("latest", new StartFrom(StartFrom.Position.LATEST, null)),
        arguments("committed", new StartFrom(StartFrom.Position.COMMITTED, null)),
        arguments("2024-01-01T00:00:00.5Z", new StartFrom(StartFrom.Position.TIME, time)),
        arguments("2024-01-01T01:00:00.5+01:00", new StartFrom(StartFrom.Position.TIME, time)),
        arguments("1970-01-01T00:00:00Z", new StartFrom(StartFrom.Position.TIME, Instant.EPOCH)));
  }

  @ParameterizedTest
  @MethodSource("startingPlaces")
  void parsesStartFrom(String text, StartFrom expected) throws Exception {
    assertEquals(expected, settings("--startFrom=" + text).startFrom());
  }

  @Test
  void rewindsCommittedStart() throws Exception {
    Settings settings = settings("--startFrom=committed", "--rewind=PT26H");
    assertEquals(Duration.ofHours(26), settings.rewind());
    assertTrue(
        settings.toString().contains(", from committed rewound by PT26H,"), settings::toString);
  }

  @Test
  void shortestRewindCutsOffNoSession() throws Exception {
    String[] flags = {
      "--startFrom=committed",
      "--maxSessionDuration=PT10M",
      "--sessionGap=PT1M",
      "--allowedLateness=PT2M",
      "--maxOutOfOrderness=PT3M"
    };
    String problem =
        ": must be 20m (--maxSessionDuration + 2 * --sessionGap + --allowedLateness + 2 *"
            + " --maxOutOfOrderness) or more, so that no session is cut off";
    assertEquals(Duration.ofMinutes(20), settings(with(flags, "--rewind=PT20M")).rewind());
    assertEquals(
        List.of("--rewind=PT19M59.999S" + problem), problems(with(flags, "--rewind=PT19M59.999S")));
  }

  @Test
  void severalTopicsOfVisitsAreOneJob() throws Exception {
    Settings settings = settings("--visitsTopic=b, a");
    assertEquals(
        new TopicNames(List.of("a", "b"), "sessions", "late-visits", "dead-letters"),
        settings.topics());
    assertEquals("sessionizer.a+b.sessions", settings.group());
    assertEquals(" --visitsTopic=a,b", settings.topics().asFlags());
    assertEquals("a,b", settings.asFlags().get("--visitsTopic"));
    assertTrue(settings.toString().startsWith("a,b -> sessions at "), settings::toString);
    assertEquals(
        "./sessionizer inspect --bootstrapServers=localhost:9092 --visitsTopic=a,b",
        settings.showsRecords());
    assertEquals(settings, settings("--visitsTopic=a", "--visitsTopic=b"));
  }

  @Test
  void allProblemsOfTopicsAreReported() {
    assertEquals(
        List.of(
            "--visitsTopic=a,a,: has the name a twice",
            "--visitsTopic=a,a,: has an empty name",
            "--deadLettersTopic=a: is used for --visitsTopic already; every topic needs a name of its"
                + " own"),
        problems("--visitsTopic=a,a,", "--deadLettersTopic=a"));
  }

  @Test
  void rewindNeedsCommittedStart() {
    String problem = "--rewind=PT26H: needs --startFrom=committed";
    assertEquals(List.of(problem), problems("--rewind=PT26H", "--startFrom=earliest"));
    assertEquals(List.of(problem), problems("--rewind=PT26H", "--startFrom=latest"));
  }

  private static String[] with(String[] flags, String more) {
    return Stream.concat(Stream.of(flags), Stream.of(more)).toArray(String[]::new);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--sessionGap=16 | must be a duration such as 16m, 1h30m or PT16M",
        "--sessionGap= | must be a duration such as 16m, 1h30m or PT16M",
        "--sessionGap=PT0S | must be from 1ms to 36500d (100 years)",
        "--sessionGap=-PT16M | must be from 1ms to 36500d (100 years)",
        "--sessionGap=PT0.0009S | must be from 1ms to 36500d (100 years)",
        "--sessionGap=P36500DT0.001S | must be from 1ms to 36500d (100 years)",
        "--sessionGap=PT0.0011S | must be whole milliseconds",
        "--sessionGap=PT9223372036854775808S | must be a duration such as 16m, 1h30m or PT16M",
        "--allowedLateness=soon | must be a duration such as 16m, 1h30m or PT16M",
        "--allowedLateness=-PT0.001S | must be from 0s to 36500d (100 years)",
        "--maxOutOfOrderness=1m1m | must be a duration such as 16m, 1h30m or PT16M",
        "--maxOutOfOrderness=-PT1S | must be from 0s to 36500d (100 years)",
        "--idleAfter=P1M | must be a duration such as 16m, 1h30m or PT16M",
        "--idleAfter=PT0S | must be from 1ms to 36500d (100 years)",
        "--maxFutureSkew=1H | must be a duration such as 16m, 1h30m or PT16M",
        "--maxFutureSkew=-PT1H | must be from 0s to 36500d (100 years)",
        "--engine=spark | must be windows or stateful",
        "--privateVisits=drop | must be keep, exclude or pseudonymize",
        "--maxSessionDuration=1m2h | must be a duration such as 16m, 1h30m or PT16M",
        "--maxSessionDuration=PT0S | must be from 1ms to 36500d (100 years)",
        "--maxPagesPerSession=0 | must be 1 or more",
        "--maxSessionBytes=99999 | must be 100000 to 33554432",
        "--maxSessionBytes=33554433 | must be 100000 to 33554432",
        "--maxSessionBytes=null | must be 100000 to 33554432",
        "--deduplicate=null | must be true or false",
        "--maxRecordBytes=0 | must be 1 or more",
        "--maxRecordBytes=null | must be 1 or more",
        "--maxRecordBytes=1MiB | must be a whole number, 2147483647 at most",
        "--maxRecordBytes=2147483648 | must be a whole number, 2147483647 at most",
        "--maxRecordBytes= | needs a value",
        "--metricsHost= | must be an address of this machine",
        "--metricsPort=-1 | must be 0 to 65535",
        "--metricsPort=65536 | must be 0 to 65535",
        "--metricsPort=http | must be a whole number, 2147483647 at most",
        "--stopWhenDrained=yes | must be true or false",
        "--stopWhenDrained=null | must be true or false",
        "--stopWhenDrained= | needs a value",
        "--timeZone=Paris | must be a time zone such as Europe/Paris",
        "--timeZone= | must be a time zone such as Europe/Paris",
        "--timeZone=Europe/Atlantis | must be a time zone such as Europe/Paris",
        "--visitsTopic= | must be 1 to 249 letters, digits, dots, '_' or '-'",
        "--visitsTopic=a,,b, | has an empty name",
        "--visitsTopic=a,b c | 'b c' must be 1 to 249 letters, digits, dots, '_' or '-'",
        "--visitsTopic=a, b,a | has the name a twice",
        "--sessionsTopic=a b | must be 1 to 249 letters, digits, dots, '_' or '-'",
        "--lateVisitsTopic=.. | must be 1 to 249 letters, digits, dots, '_' or '-'",
        "--deadLettersTopic=é | must be 1 to 249 letters, digits, dots, '_' or '-'",
        "--sessionsTopic=visits | is used for --visitsTopic already; every topic needs a name of its own",
        "--deadLettersTopic=late-visits | is used for --lateVisitsTopic already; every topic needs a name of its own",
        "--bootstrapServers=kafka | 'kafka' is not of the form HOST:PORT",
        "--bootstrapServers=a:1,b | 'b' is not of the form HOST:PORT",
        "--bootstrapServers=a:1, | '' is not of the form HOST:PORT",
        "--bootstrapServers=:9092 | ':9092' is not of the form HOST:PORT",
        "--bootstrapServers=a:0 | 'a:0' is not of the form HOST:PORT",
        "--bootstrapServers=a:65536 | 'a:65536' is not of the form HOST:PORT",
        "--bootstrapServers=http://a:1 | 'http://a:1' is not of the form HOST:PORT",
        "--consumerConfig | needs a value",
        "--sessionGap | needs a value",
        "--config | needs a value",
        "--consumerConfig= | must be KEY=VALUE, or a properties file that can be read",
        "--producerConfig=/no/such/file | must be KEY=VALUE, or a properties file that can be read",
        "--targetParallelism=0 | must be 1 or more",
        "--targetParallelism=two | must be a whole number, 2147483647 at most",
        "--optionsId=x | must be a whole number",
        "--streaming=maybe | must be true or false",
        "--stableUniqueNames=NEVER | must be one of [ERROR, WARNING, OFF]"
      })
  void reportsInvalidValue(String flag, String problem) {
    assertEquals(List.of(flag + ": " + problem), problems(flag));
  }

  @Test
  void unknownRunnerListsRunners() {
    assertEquals(
        List.of(
            "--runner=SamzaRunner: must be DirectRunner, FlinkRunner, SparkRunner or DataflowRunner"),
        problems("--runner=SamzaRunner"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "yesterday",
        "",
        "Earliest",
        "2024-01-01",
        "2024-01-01T00:00:00",
        "1704067200000",
        "1969-12-31T23:59:59.999Z",
        "+300000000-01-01T00:00:00Z"
      })
  void invalidStartFromListsChoices(String text) {
    assertEquals(
        List.of(
            "--startFrom="
                + text
                + ": must be earliest, latest, committed or a time such as 2024-01-01T00:00:00Z"),
        problems("--startFrom=" + text));
  }

  @ParameterizedTest
  @CsvSource({
    "--visitTopic=x, --visitTopic: no such flag; did you mean --visitsTopic?",
    "--consumerConfg=a=b, --consumerConfg: no such flag; did you mean --consumerConfig?",
    "--stopWhenDrain, --stopWhenDrain: no such flag; did you mean --stopWhenDrained?",
    "--runer=x, --runer: no such flag; did you mean --runner?",
    "--gap=PT1M, --gap: no such flag; ./sessionizer run --help lists them",
    "--, --: no such flag; ./sessionizer run --help lists them",
    "visits, visits: not a flag; write --name=value",
    "-v, -v: not a flag; write --name=value",
    "'', : not a flag; write --name=value"
  })
  void suggestsFlagForUnknownWord(String arg, String problem) {
    assertEquals(List.of(problem), problems(arg));
  }

  @Test
  void acceptsValueInNextWord() throws Exception {
    assertEquals(settings("--visitsTopic=clicks"), settings("--visits-topic", "clicks"));
    assertEquals(
        List.of("false: not a flag; write --name=value"), problems("--deduplicate", "false"));
  }

  @ParameterizedTest
  @CsvSource({"a, b", "a, a"})
  void rejectsRepeatedFlag(String first, String second) {
    assertEquals(
        List.of("--sessionsTopic: given 2 times; give it once"),
        problems("--sessionsTopic=" + first, "--sessionsTopic=" + second));
  }

  @Test
  void misplacedPasswordIsNotShown() {
    assertEquals(
        List.of(
            "--consumerConfig=sasl.password: must be KEY=VALUE, or a properties file that can be read",
            "--consumerConfig: the word after its value is not a flag; write --consumerConfig=KEY=VALUE",
            "--producerConfig=ssl.key.password...: must be KEY=VALUE, or a properties file that can be read",
            "--consumerConfig=...: must be KEY=VALUE, or a properties file that can be read"),
        problems(
            "--consumerConfig",
            "sasl.password",
            "hunter2",
            "--producerConfig=ssl.key.password: hunter2",
            "--consumerConfig==hunter2"));
  }

  @Test
  void acceptsRepeatedListFlag() throws Exception {
    assertEquals(
        List.of("a", "b"),
        Flags.parse("--experiments=a", "--experiments=b")
            .options()
            .as(ExperimentalOptions.class)
            .getExperiments());
  }

  @Test
  void reportsAllProblemsAtOnce(@TempDir Path folder) {
    Path missing = folder.resolve("missing.properties");
    String[] args = {
      "--topicOfVisits=x",
      "--visitTopic=x",
      "--sessionGap=16",
      "--timeZone=Mars",
      "--sessionsTopic=visits",
      "word",
      "--consumerConfig=" + missing,
      "--runner=NoSuchRunner",
      "--idleAfter=PT1S",
      "--idleAfter=PT0S",
      "--maxRecordBytes=many",
      "--startFrom=then"
    };

    List<String> expected =
        List.of(
            "--topicOfVisits: no such flag; ./sessionizer run --help lists them",
            "--visitTopic: no such flag; did you mean --visitsTopic?",
            "word: not a flag; write --name=value",
            "--consumerConfig="
                + missing
                + ": must be KEY=VALUE, or a properties file that can be read",
            "--runner=NoSuchRunner: must be DirectRunner, FlinkRunner, SparkRunner or DataflowRunner",
            "--maxRecordBytes=many: must be a whole number, 2147483647 at most",
            "--idleAfter: given 2 times; give it once",
            "--sessionsTopic=visits: is used for --visitsTopic already; every topic needs a name of its own",
            "--sessionGap=16: must be a duration such as 16m, 1h30m or PT16M",
            "--timeZone=Mars: must be a time zone such as Europe/Paris",
            "--startFrom=then: must be earliest, latest, committed or a time such as"
                + " 2024-01-01T00:00:00Z");
    BadFlagsException e = assertThrows(BadFlagsException.class, () -> Flags.parse(args));
    assertEquals(expected, e.problems());
    assertEquals(String.join("\n", e.problems()), e.getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"consumer", "producer"})
  void keepsKafkaSettingsAsGiven(String client) throws Exception {
    Settings settings =
        settings(
            "--" + client + "Config=bootstrap.servers=a:1,b:2",
            "--" + client + "Config=sasl.jaas.config=x required user=\"a=b\" password=\"{,}\";",
            "--" + client + "Config= client.id = me ",
            "--" + client + "Config=empty=",
            "--" + client + "Config=twice=1",
            "--" + client + "Config=twice=2");

    assertEquals(
        Map.of(
            "bootstrap.servers", "a:1,b:2",
            "sasl.jaas.config", "x required user=\"a=b\" password=\"{,}\";",
            "client.id", "me",
            "empty", "",
            "twice", "2"),
        config(client, settings));
    assertEquals(Map.of(), config(client.equals("consumer") ? "producer" : "consumer", settings));
  }

  /** The settings of a client but for the consumer's group, which has a default. */
  private static Map<String, String> config(String client, Settings settings) {
    if (client.equals("producer")) {
      return settings.producerConfig();
    }
    Map<String, String> config = new HashMap<>(settings.consumerConfig());
    assertEquals("sessionizer.visits.sessions", config.remove("group.id"));
    return config;
  }

  @Test
  void readsKafkaSettingsFromFile(@TempDir Path folder) throws Exception {
    Path file = propertiesFile(folder, "# mine", "group.id = g", "a.b:c=d", "client.id=from file");

    assertEquals(
        Map.of("group.id", "g", "a.b", "c=d", "client.id", "from flag"),
        settings("--consumerConfig=" + file, "--consumerConfig=client.id=from flag")
            .consumerConfig());
  }

  @Test
  void reportsInvalidPropertiesFile(@TempDir Path folder) throws Exception {
    Path file = propertiesFile(folder, "a=\\u12");

    assertEquals(
        List.of(
            "--consumerConfig="
                + file
                + ": must be KEY=VALUE, or a properties file that can be read"),
        problems("--consumerConfig=" + file));
  }

  private static Path propertiesFile(Path folder, String... lines) throws IOException {
    return Files.write(folder.resolve("kafka.properties"), Arrays.asList(lines));
  }

  @Test
  void settingsLineShowsEffectiveSettings() throws Exception {
    assertEquals(
        "visits -> sessions at localhost:9092, group sessionizer.visits.sessions, gap PT16M,"
            + " lateness PT15M, out-of-orderness PT1M, from committed, time zone UTC",
        settings().toString());
    assertEquals(
        "v -> s at a:1, group sessionizer.v.s, gap PT1M, lateness PT2M, out-of-orderness PT3M, from 2024-01-01T00:00:00Z"
            + " until drained, time zone Europe/Paris, consumer settings [a, b], producer settings"
            + " [c]",
        settings(
                "--visitsTopic=v",
                "--sessionsTopic=s",
                "--bootstrapServers=a:1",
                "--sessionGap=PT1M",
                "--allowedLateness=PT2M",
                "--maxOutOfOrderness=PT3M",
                "--startFrom=2024-01-01T00:00:00Z",
                "--stopWhenDrained",
                "--timeZone=Europe/Paris",
                "--consumerConfig=b=hidden",
                "--consumerConfig=a=hidden",
                "--producerConfig=c=hidden")
            .toString());
  }

  @Test
  void settingsLineHasNoPassword(@TempDir Path folder) throws Exception {
    String jaas = "org.example.LoginModule required username=\"kim\" password=\"s3cret\";";
    Path file = propertiesFile(folder, "ssl.key.password=s3cret");

    assertEquals(
        DEFAULTS
            + ", consumer settings [sasl.jaas.config]"
            + ", producer settings [sasl.jaas.config, ssl.key.password]",
        settings(
                "--consumerConfig=sasl.jaas.config=" + jaas,
                "--producerConfig=sasl.jaas.config=" + jaas,
                "--producerConfig=" + file)
            .toString());
  }

  @Test
  void problemsHaveNoPassword() {
    String password = "sasl.jaas.config=x required\npassword=\"s3cret\";";

    assertEquals(
        List.of(
            "sasl.jaas.config=...: not a flag; write --name=value",
            "--consumerConfg: no such flag; did you mean --consumerConfig?"),
        problems(password, "--consumerConfg=" + password));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"cluster", "cluster:", "cluster:web", "http://cluster", "ftp://a:1", "a:0"})
  void rejectsInvalidClusterAddress(String master) {
    assertEquals(
        List.of("--flinkMaster=" + master + ": is not of the form HOST:PORT"),
        problems("--runner=FlinkRunner", "--flinkMaster=" + master));
  }

  @ParameterizedTest
  @ValueSource(strings = {"cluster:8081", "http://cluster:8081", "https://cluster:443", "[auto]"})
  void acceptsClusterAddress(String master) throws Exception {
    settings("--runner=FlinkRunner", "--flinkMaster=" + master);
  }

  @Test
  void metricsNeedJobInThisProcess() throws Exception {
    assertEquals(
        InetSocketAddress.createUnresolved("127.0.0.1", 0),
        settings("--runner=FlinkRunner", "--metricsPort=0").metrics());
    assertEquals(
        List.of(
            "--metricsPort=9400: needs a job in this process; a cluster has metrics of its own"),
        problems("--runner=FlinkRunner", "--flinkMaster=cluster:8081", "--metricsPort=9400"));
    assertEquals(
        List.of(
            "--metricsPort=9400: needs a job in this process; a cluster has metrics of its own"),
        problems(
            "--runner=DataflowRunner",
            "--project=my-project-1",
            "--region=europe-west1",
            "--tempLocation=gs://my-bucket/temp",
            "--bootstrapServers=kafka:9092",
            "--metricsPort=9400"));
  }

  @Test
  void deadLettersCommandHasNoPassword() throws Exception {
    String command =
        "./sessionizer tail --topic=dead-letters --bootstrapServers=localhost:9092 --noFollow";
    assertEquals(command, settings("--consumerConfig=max.poll.records=10").showsDeadLetters());
    assertEquals(
        command + " (with --clientConfig as --consumerConfig here)",
        settings("--consumerConfig=ssl.key.password=secret").showsDeadLetters());
  }

  @Test
  void topicsHaveFlagsUnlessUsual() {
    assertEquals("", TopicNames.USUAL.asFlags());
    assertEquals(" --visitsTopic=events", TopicNames.ofVisits(List.of("events")).asFlags());
    assertEquals(
        " --sessionsTopic=s --lateVisitsTopic=l --deadLettersTopic=d",
        new TopicNames(List.of("visits"), "s", "l", "d").asFlags());
  }

  @Test
  void inspectCommandNamesTopicOrFiles() throws Exception {
    assertEquals(
        "./sessionizer inspect --bootstrapServers=localhost:9092 --visitsTopic=events"
            + " (with --clientConfig as --consumerConfig here)",
        settings("--visitsTopic=events", "--consumerConfig=ssl.key.password=secret")
            .showsRecords());
    assertEquals(
        "./sessionizer inspect '--input=a*.jsonl' --input=b.gz",
        settings("--input=a*.jsonl", "--input=b.gz", "--output=out").showsRecords());
  }

  @Test
  void usesStatefulEngineByDefault() throws Exception {
    assertEquals(Engine.STATEFUL, settings().engine());
    assertEquals(Engine.STATEFUL, settings("--runner=FlinkRunner").engine());
    assertEquals(Engine.STATEFUL, settings("--runner=FlinkRunner", "--streaming=false").engine());
    assertEquals(Engine.WINDOWS, settings("--engine=windows").engine());
    assertEquals(Engine.WINDOWS, settings("--runner=FlinkRunner", "--engine=windows").engine());
  }

  @Nested
  class Attributes {
    @Test
    void laterOfSameNameReplaces() throws BadFlagsException {
      Settings settings =
          settings("--attribute=a=first(/x)", "--attribute=b=count()", "--attribute=a=sum(/y, z)");
      assertEquals(
          List.of("a=sum(/y, z)", "b=count()"),
          settings.attributes().stream().map(Object::toString).toList());
      assertEquals(
          List.of("/y, z"),
          settings.inputFormat().projected().stream().map(ProjectedField::text).toList());
      assertEquals("a=sum(/y, z), b=count()", settings.asFlags().get("--attribute"));
    }

    @Test
    void fieldOfRuleIsProjectedOnce() throws BadFlagsException {
      Settings settings = settings("--splitOn=/ad", "--attribute=ad=last(/ad)");
      assertEquals(1, settings.inputFormat().projected().size());
    }

    @Test
    void recordHasRoomForAttributes() throws BadFlagsException {
      Settings settings = settings("--maxSessionBytes=200000", "--attribute=d=distinct(/x)");
      assertEquals(200_000 - 65_536 - 14, settings.policy().maxBytes());
      assertEquals("200000", settings.asFlags().get("--maxSessionBytes"));
      assertEquals(
          List.of(
              "--maxSessionBytes=100000: must be 165550 to 33554432; attributes may take 65550 of"
                  + " them"),
          problems("--maxSessionBytes=100000", "--attribute=d=distinct(/x)"));
    }

    @Test
    void allProblemsAreReported() {
      assertEquals(
          List.of(
              "--attribute=page: must be NAME=EXPRESSION, for example entry_page=first(page)",
              "--attribute=a=first(): expression: at character 7: expected a field, found ')'",
              "--attribute=d_truncated=count(): the name 'd_truncated' is used by 'd' already",
              "--attribute=d=distinct(/x): no column is called x; there are visit_id, event_time",
              "--attribute=k=first(kafka:key): not with --input; only records of a topic have kafka:"
                  + " fields"),
          problems(
              "--input=a.csv",
              "--output=-",
              "--recordFormat=csv",
              "--columns=visit_id,event_time",
              "--attribute=page",
              "--attribute=a=first()",
              "--attribute=d=distinct(/x)",
              "--attribute=d_truncated=count()",
              "--attribute=k=first(kafka:key)"));
    }

    @Test
    void manyAttributesAreTooMany() {
      String[] flags =
          Stream.iterate(0, i -> i + 1)
              .limit(101)
              .map(i -> "--attribute=a" + i + "=count()")
              .toArray(String[]::new);
      assertEquals(List.of("--attribute: given with 101 names, 100 at most"), problems(flags));
    }
  }

  @Nested
  class Rules {
    @Test
    void ruleMayBeRepeated() throws BadFlagsException {
      SessionRules rules =
          settings(
                  "--splitOn=page",
                  "--splitOn=user_id",
                  "--splitOn=page",
                  "--endOn=page=a=b,c",
                  "--endOn",
                  "user_id=",
                  "--splitAtMidnight",
                  "--timeZone=Europe/Paris")
              .policy()
              .rules();
      assertEquals(
          new SessionRules(
              List.of(VisitField.PAGE, VisitField.USER_ID),
              List.of(
                  new FieldValue(VisitField.PAGE, "a=b,c"), new FieldValue(VisitField.USER_ID, "")),
              ZoneId.of("Europe/Paris")),
          rules);
      assertEquals(SessionRules.NONE, settings("--timeZone=Europe/Paris").policy().rules());
    }

    @Test
    void allProblemsAreReported() {
      assertEquals(
          List.of(
              "--splitOn=lower(/ad: the field 'lower(/ad': at character 10: expected ')', but the"
                  + " text ends",
              "--splitOn=...: a field must have 1024 characters at most, not 1025",
              "--endOn=checkout: must be FIELD=VALUE, for example page=/checkout",
              "--endOn==x: the field '': at character 1: expected a field, but the text ends",
              "--endOn=page=...: a value must have 1024 characters at most, not 1025",
              "--splitAtMidnight=null: must be true or false"),
          problems(
              "--splitOn=lower(/ad",
              "--splitOn=/" + "x".repeat(1_024),
              "--endOn=checkout",
              "--endOn==x",
              "--endOn=page=" + "x".repeat(1_025),
              "--splitAtMidnight=null"));
      assertEquals(
          List.of("--splitOn=: needs a value", "--endOn: needs a value"),
          problems("--splitOn=", "--endOn"));
    }

    @Test
    void ruleMayBeOnAnyField() throws BadFlagsException {
      SessionRules rules =
          settings(
                  "--splitOn= /context/ad_id ",
                  "--splitOn=query(/url,utm_campaign),/campaign",
                  "--endOn=/params[key=step]/value=3",
                  "--endOn=a\\=b=c=d",
                  "--endOn=/page=[x]=")
              .policy()
              .rules();
      assertEquals(
          new SessionRules(
              List.of(
                  VisitField.named("/context/ad_id"),
                  VisitField.named("query(/url,utm_campaign),/campaign")),
              List.of(
                  new FieldValue(VisitField.named("/params[key=step]/value"), "3"),
                  new FieldValue(VisitField.named("a\\=b"), "c=d"),
                  new FieldValue(VisitField.named("/page"), "[x]=")),
              null),
          rules);
    }

    @Test
    void eventIdNeedsDeduplication() throws Exception {
      assertEquals(
          List.of("--eventIdField=/id: needs --deduplicate"), problems("--eventIdField=/id"));
      assertEquals(
          Map.of("--eventIdField", "/id", "--sequenceField", "seq"),
          settings("--deduplicate", "--eventIdField=/id", "--sequenceField=seq")
              .inputFormat()
              .asFlags());
      assertEquals(Map.of(), settings("--sequenceField=none").inputFormat().asFlags());
    }

    @Test
    void fieldsOfRulesAreProjected() throws Exception {
      assertEquals(
          List.of(ProjectedField.parse("/ad"), ProjectedField.parse("lower(page)")),
          settings(
                  "--splitOn=/ad",
                  "--splitOn=page",
                  "--endOn=/ad=a",
                  "--endOn=lower(page)=/thanks",
                  "--endOn=user_id=x")
              .inputFormat()
              .projected());
      assertEquals(
          List.of(
              "--splitOn=kafka:header:ad: not with --input; only records of a topic have kafka:"
                  + " fields"),
          problems("--input=a.jsonl", "--splitOn=kafka:header:ad"));
      assertEquals(
          List.of("--splitOn=ad: no column is called ad; there are visit_id, event_time"),
          problems(
              "--recordFormat=csv",
              "--columns=visit_id,event_time",
              "--userIdField=none",
              "--pageField=none",
              "--splitOn=ad"));
    }

    @Test
    void commandLineReplacesListsOfFile(@TempDir Path folder) throws Exception {
      Path file = folder.resolve("sessionizer.yaml");
      Files.writeString(
          file,
          "splitOn: [user_id, page]\nendOn:\n  - page=/a\n  - page=/b\nsplitAtMidnight: true\n");
      SessionRules ofFile = settings("--config=" + file).policy().rules();
      assertEquals(List.of(VisitField.USER_ID, VisitField.PAGE), ofFile.splitOn());
      assertEquals("[page=/a, page=/b]", ofFile.endOn().toString());
      assertEquals(ZoneId.of("UTC"), ofFile.midnightIn());
      SessionRules both =
          settings("--config=" + file, "--endOn=page=/c", "--splitAtMidnight=false")
              .policy()
              .rules();
      assertEquals(ofFile.splitOn(), both.splitOn());
      assertEquals("[page=/c]", both.endOn().toString());
      assertEquals(null, both.midnightIn());
    }
  }

  @Nested
  class JobsOnFiles {
    @Test
    void severalFieldsAreAlternatives() throws BadFlagsException {
      assertEquals(
          "a,b+c",
          settings("--visitIdField=a", "--visitIdField", "b+c").inputFormat().visitId().text());
    }

    @Test
    void commaBelongsToGlob() throws BadFlagsException {
      assertEquals(
          List.of("{a,b}/*.gz", "c,d"),
          settings("--input={a,b}/*.gz", "--input", "c,d", "--output=out").files().input());
    }

    @Test
    void allProblemsAreReported() {
      assertEquals(
          List.of(
              "--input=-: the standard input is read alone; name no other file",
              "--deadLetters=d: is for --output=-; here they are in out/dead-letters-*.jsonl",
              "--engine=windows: not with --input; omit it"),
          problems(
              "--input=-", "--input=a", "--output=out/", "--deadLetters=d", "--engine=windows"));
    }

    @Test
    void outputIsThatOfInput() {
      assertEquals(
          List.of(
              "--output=out: needs --input; visits of a topic go to topics",
              "--deadLetters=d: needs --input and --output=-"),
          problems("--output=out", "--deadLetters=d"));
      assertEquals(
          List.of("--deadLetters=d: is for --output=-; here they are on topic dead-letters"),
          problems("--input=a", "--deadLetters=d"));
    }

    @Test
    void parquetNeedsFolder() throws BadFlagsException {
      assertEquals(
          OutputFormat.PARQUET,
          settings("--input=a", "--output=b", "--outputFormat=parquet").files().format());
      assertEquals(
          List.of("--outputFormat=parquet: needs --output=DIR"),
          problems("--input=a", "--output=-", "--outputFormat=parquet"));
      assertEquals(
          List.of("--outputFormat=csv: must be jsonl or parquet"),
          problems("--input=a", "--output=b", "--outputFormat=csv"));
    }

    @Test
    void commandsOnTopicsRejectInput() {
      BadFlagsException e =
          assertThrows(
              BadFlagsException.class, () -> Flags.parseForTopics("--input=a", "--output=b"));
      assertEquals(
          List.of("--input=...: only ./sessionizer run forms the sessions of files"), e.problems());
    }

    @Test
    void runsInThisProcessOnly() throws BadFlagsException {
      assertEquals(
          "FlinkRunner",
          Flags.parse("--input=a", "--output=b").options().getRunner().getSimpleName());
      assertEquals(
          List.of("--input=...: needs a runner in this process; omit --runner"),
          problems(
              "--input=a", "--output=b", "--runner=FlinkRunner", "--flinkMaster=localhost:8081"));
    }
  }

  @Nested
  class JobsAtSeam {
    @Test
    void archiveHasOpenVisitsBesideSessions() throws BadFlagsException {
      Settings archive = settings("--input=a", "--output=b", "--seam=2024-01-01T01:00:00+01:00");
      assertEquals(Instant.parse("2024-01-01T00:00:00Z"), archive.seam());
      assertEquals("b", archive.openVisits());
      assertEquals(
          "c", settings("--input=a", "--seam=2024-01-01T00:00:00Z", "--openVisits=c").openVisits());
      assertEquals("c", settings("--openVisits=c").openVisits());
    }

    @Test
    void seamIsThatOfArchive() {
      String seam = "--seam=2024-01-01T00:00:00Z";
      assertEquals(
          List.of(seam + ": needs --input; a job on a topic has it of --openVisits=DIR"),
          problems(seam, "--openVisits=a"));
      assertEquals(
          List.of(seam + ": needs --openVisits=DIR, or --output=DIR"), problems("--input=a", seam));
      assertEquals(
          List.of("--openVisits=c: here they are in --output=b"),
          problems("--input=a", "--output=b", seam, "--openVisits=c"));
      assertEquals(
          List.of("--openVisits=c: needs --seam with --input"),
          problems("--input=a", "--openVisits=c"));
      assertEquals(
          List.of("--seam=noon: must be a time such as 2024-01-01T00:00:00Z"),
          problems("--input=a", "--output=b", "--seam=noon"));
    }

    @Test
    void streamMissesNoVisit() {
      assertEquals(
          List.of(
              "--openVisits=a: needs --engine=stateful",
              "--startFrom=latest: not with --openVisits; visits from the seam on would be missing"),
          problems("--openVisits=a", "--startFrom=latest", "--engine=windows"));
    }
  }
}
