package io.sessionizer.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.sessionizer.broker.FreePort;
import io.sessionizer.config.NotReadyException;
import io.sessionizer.config.TopicNames;
import io.sessionizer.generator.Traffic;
import io.sessionizer.generator.TrafficMix;
import io.sessionizer.generator.VisitGenerator;
import io.sessionizer.kafka.admin.TopicCheck;
import io.sessionizer.records.Session;
import io.sessionizer.records.SessionJson;
import io.sessionizer.testing.Command;
import io.sessionizer.testing.ModelSessionizer;
import io.sessionizer.testing.SecureKafka;
import io.sessionizer.visits.Visit;
import io.sessionizer.visits.VisitJson;
import java.io.IOException;
import java.io.Writer;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.config.SslConfigs;
import org.apache.kafka.common.config.provider.FileConfigProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands with a broker that requires TLS and credentials; none of them prints a password. */
class SecureKafkaIT {
  private static final String WRONG_PASSWORD = "openbarley-4e02";

  private static final Traffic TRAFFIC =
      new Traffic(500, 20, Instant.parse("2024-01-01T00:00:00Z"), 5, TrafficMix.ALL_ON_TIME);

  /** Undoes what our own configuration of the log keeps quiet. */
  private static final List<String> TALKATIVE =
      Stream.of(
              "defaultLogLevel",
              "log.org.apache.kafka.clients.NetworkClient",
              "log.org.apache.kafka.clients.admin.AdminClientConfig",
              "log.org.apache.kafka.clients.admin.internals.AdminMetadataManager",
              "log.org.apache.kafka.clients.consumer.ConsumerConfig",
              "log.org.apache.kafka.clients.producer.internals.Sender",
              "log.org.apache.kafka.common.config.provider",
              "log.org.apache.kafka.common.security.ssl.DefaultSslEngineFactory",
              "log.org.apache.beam.sdk.io.kafka.KafkaUnboundedReader")
          .map(logger -> "-Dorg.slf4j.simpleLogger." + logger + "=info")
          .toList();

  @TempDir private static Path folder;
  private static SecureKafka kafka;

  private final List<Command> started = new ArrayList<>();

  @BeforeAll
  static void visitsAreOnASecureBroker() throws Exception {
    kafka = SecureKafka.start(folder);
    try (Command generate =
        Command.start(
            folder,
            List.of(),
            "generate",
            "--bootstrapServers=" + kafka.address(),
            "--clientConfig=" + file("generate", kafka.clientConfig()),
            "--visits=500",
            "--visitors=20",
            "--seed=5")) {
      assertEquals(0, generate.exitCode(300), generate.err());
    }
  }

  @AfterAll
  static void theBrokerEnds() {
    if (kafka != null) {
      kafka.close();
    }
  }

  @AfterEach
  void noCommandPrintedAPassword() throws IOException {
    started.forEach(Command::close);
    for (Command command : started) {
      String printed = command.out() + command.err();
      for (String secret :
          List.of(SecureKafka.PASSWORD, SecureKafka.STORE_PASSWORD, WRONG_PASSWORD)) {
        assertFalse(printed.contains(secret), printed);
      }
    }
  }

  @Test
  void drainedJobWritesSessionsOfModel() throws Exception {
    kafka.createTopic("sessions-1");
    Path config = file("client", kafka.clientConfig());
    Command run = start(TALKATIVE, "run", jobFlags("sessions-1", config, config));
    assertEquals(0, run.exitCode(300), run.err());
    assertTrue(run.err().contains("sasl.jaas.config = [hidden]"), "was not talkative");
    assertEquals(sessionsOfTheModel(), sessions("sessions-1", config));
  }

  @Test
  void readsPasswordFromConfigProvider() throws Exception {
    kafka.createTopic("sessions-2");
    Properties secrets = new Properties();
    secrets.setProperty("login", SecureKafka.jaas(SecureKafka.PASSWORD));
    secrets.setProperty("truststore", SecureKafka.STORE_PASSWORD);
    Path config = file("references", references(file("secrets", secrets)));
    Command run = start("run", jobFlags("sessions-2", config, config, "--runner=FlinkRunner"));
    assertEquals(0, run.exitCode(300), run.err());
    assertEquals(sessionsOfTheModel(), sessions("sessions-2", config));
  }

  @Test
  void flinkShowsNoPassword() throws Exception {
    kafka.createTopic("sessions-3");
    Path config = file("client", kafka.clientConfig());
    int port = FreePort.choose();
    Path conf = Files.createDirectories(folder.resolve("conf"));
    Files.writeString(conf.resolve("config.yaml"), "rest.bind-port: " + port);
    Command run =
        start(
            "run",
            "--runner=FlinkRunner",
            "--flinkConfDir=" + conf,
            "--bootstrapServers=" + kafka.address(),
            "--sessionsTopic=sessions-3",
            "--consumerConfig=" + config,
            "--producerConfig=" + config);
    String rest = "http://127.0.0.1:%d/jobs".formatted(port);
    JsonNode jobs = get(rest);
    while (!jobs.at("/jobs/0/status").asText().equals("RUNNING")) {
      assertFalse(run.process().waitFor(100, TimeUnit.MILLISECONDS), run.err());
      jobs = get(rest);
    }
    String shown = get(rest + "/" + jobs.at("/jobs/0/id").asText() + "/config").toString();
    assertTrue(shown.contains("sessions-3"), shown);
    assertFalse(shown.contains(SecureKafka.PASSWORD), shown);
    assertFalse(shown.contains(SecureKafka.STORE_PASSWORD), shown);
  }

  /** Returns the JSON that Flink responds with; a missing node while Flink is starting. */
  private static JsonNode get(String url) throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(URI.create(url)).build();
    try {
      return new ObjectMapper()
          .readTree(HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body());
    } catch (ConnectException e) {
      return MissingNode.getInstance();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"--consumerConfig", "--producerConfig"})
  void jobReportsWrongPasswordInOneLine(String flag) throws Exception {
    Path good = file("client", kafka.clientConfig());
    Path wrong = file("wrong", wrongPassword());
    Command run =
        start(
            "run",
            flag.equals("--consumerConfig")
                ? jobFlags("sessions", wrong, good)
                : jobFlags("sessions", good, wrong));
    assertEquals(3, run.exitCode(300), run.err());
    assertEquals(rejectedCredentials(flag), run.err());
  }

  @ParameterizedTest
  @ValueSource(strings = {"generate", "tail"})
  void clientReportsWrongPasswordInOneLine(String command) throws Exception {
    Command client =
        start(
            command,
            "--bootstrapServers=" + kafka.address(),
            "--clientConfig=" + file("wrong", wrongPassword()));
    assertEquals(3, client.exitCode(300), client.err());
    assertEquals(rejectedCredentials("--clientConfig"), client.err());
  }

  @Test
  void verboseLogHasNoPassword() throws Exception {
    Path wrong = file("wrong", wrongPassword());
    Command run = start(TALKATIVE, "run", jobFlags("sessions", wrong, wrong));
    assertEquals(3, run.exitCode(300), run.err());
    assertTrue(run.err().contains("sasl.jaas.config = [hidden]"), "was not talkative");
  }

  @Test
  void reportsUntrustedCertificateInOneLine() throws Exception {
    Properties config = kafka.clientConfig();
    config.remove(SslConfigs.SSL_TRUSTSTORE_LOCATION_CONFIG);
    config.remove(SslConfigs.SSL_TRUSTSTORE_PASSWORD_CONFIG);
    assertEquals(
        "sessionizer: no TLS connection to Kafka at %s with the settings of --consumerConfig: SSL"
                .formatted(kafka.address())
            + " handshake failed (javax.net.ssl.SSLHandshakeException: PKIX path building failed:"
            + " sun.security.provider.certpath.SunCertPathBuilderException: unable to find valid"
            + " certification path to requested target)\n",
        whyNotReady(config).replace("(certificate_unknown) ", "")); // which a newer Java adds
  }

  @Test
  void reportsMissingTruststoreInOneLine() throws Exception {
    Properties config = kafka.clientConfig();
    config.setProperty(SslConfigs.SSL_TRUSTSTORE_LOCATION_CONFIG, "/nowhere/truststore.p12");
    assertEquals(
        "sessionizer: invalid Kafka settings in --consumerConfig: Failed to load SSL"
            + " keystore /nowhere/truststore.p12 of type JKS"
            + " (java.nio.file.NoSuchFileException: /nowhere/truststore.p12)\n",
        whyNotReady(config));
  }

  @Test
  void reportsMissingConfigProviderFileInOneLine() throws Exception {
    String problem =
        "sessionizer: invalid Kafka settings in %s: Could not read properties from file"
            + " /nowhere/secrets\n";
    assertEquals(
        problem.formatted("--consumerConfig") + problem.formatted("--producerConfig"),
        whyNotReady(references(Path.of("/nowhere/secrets"))));
  }

  @Test
  void suggestsTlsToPlaintextClient() {
    TopicCheck check = new TopicCheck(kafka.address(), Map.of(), "--clientConfig");
    assertEquals(
        "the listener at %s expects TLS: set security.protocol=SSL (or SASL_SSL) in --clientConfig=FILE"
            .formatted(kafka.address()),
        assertThrows(
                NotReadyException.class,
                () -> check.requireTopics(List.of("visits"), TopicNames.USUAL))
            .getMessage());
  }

  @Test
  void skipsCheckOfUnreadableTopicSettings() throws Exception {
    kafka.createTopic("sessions-4", AclOperation.WRITE, AclOperation.READ);
    Path config = file("client", kafka.clientConfig());
    Command run = start("run", jobFlags("sessions-4", config, config));
    assertEquals(0, run.exitCode(300), run.err());
    assertEquals(
        1,
        run.err()
            .lines()
            .filter(
                line ->
                    line.endsWith(
                        "INFO OutputTopicCheck - the settings of sessions-4 are not checked: the"
                            + " credentials of --producerConfig may not read them"))
            .count(),
        run.err());
    assertEquals(sessionsOfTheModel(), sessions("sessions-4", config));
  }

  @Test
  void missingWritePermissionFailsAtStart() throws Exception {
    kafka.createTopic("sessions-5", AclOperation.DESCRIBE);
    assertEquals(
        "sessionizer: the credentials of --producerConfig may not write to topic sessions-5: allow"
            + " it with kafka-acls.sh --add --operation Write\n",
        whyNotReady("sessions-5", kafka.clientConfig()));
  }

  @Test
  void missingCreatePermissionFailsInOneLine() throws Exception {
    kafka.allowOnCluster(AclOperation.DESCRIBE, AclOperation.IDEMPOTENT_WRITE);
    kafka.allowOnTopic("sessions-6", AclOperation.DESCRIBE, AclOperation.WRITE);
    Path config = file("client", kafka.clientConfig());
    Command topics =
        start(
            "topics",
            "--bootstrapServers=" + kafka.address(),
            "--sessionsTopic=sessions-6",
            "--consumerConfig=" + config,
            "--producerConfig=" + config);
    assertEquals(3, topics.exitCode(300), topics.err());
    assertEquals(
        "sessionizer: cannot create sessions-6: the credentials of --producerConfig may not create"
            + " topics: allow it with kafka-acls.sh --add --operation Create\n",
        topics.err());
    assertTrue(topics.out().contains("\nfailed  sessions-6\n"), topics.out());
  }

  private String whyNotReady(Properties clientConfig) throws Exception {
    return whyNotReady("sessions", clientConfig);
  }

  private String whyNotReady(String sessions, Properties clientConfig) throws Exception {
    Path config = file("bad", clientConfig);
    Command run = start("run", jobFlags(sessions, config, config));
    assertEquals(3, run.exitCode(300), run.err());
    return run.err();
  }

  private static String rejectedCredentials(String flag) {
    return "sessionizer: Kafka at %s rejects the credentials in %s: Authentication failed during"
            .formatted(kafka.address(), flag)
        + " authentication due to invalid credentials with SASL mechanism SCRAM-SHA-512\n";
  }

  private static Properties wrongPassword() {
    Properties config = kafka.clientConfig();
    config.setProperty(SaslConfigs.SASL_JAAS_CONFIG, SecureKafka.jaas(WRONG_PASSWORD));
    return config;
  }

  /** Settings that name the secrets of this file instead of having them. */
  private static Properties references(Path secrets) {
    Properties config = kafka.clientConfig();
    config.setProperty(AbstractConfig.CONFIG_PROVIDERS_CONFIG, "file");
    config.setProperty("config.providers.file.class", FileConfigProvider.class.getName());
    config.setProperty(SaslConfigs.SASL_JAAS_CONFIG, "${file:" + secrets + ":login}");
    config.setProperty(
        SslConfigs.SSL_TRUSTSTORE_PASSWORD_CONFIG, "${file:" + secrets + ":truststore}");
    return config;
  }

  private static String[] jobFlags(String sessions, Path consumer, Path producer, String... more) {
    List<String> flags =
        new ArrayList<>(
            List.of(
                "--bootstrapServers=" + kafka.address(),
                "--sessionsTopic=" + sessions,
                "--consumerConfig=" + consumer,
                "--producerConfig=" + producer,
                "--stopWhenDrained"));
    flags.addAll(List.of(more));
    return flags.toArray(String[]::new);
  }

  /** What {@code tail} shows of a topic. */
  private Set<JsonNode> sessions(String topic, Path config) throws Exception {
    Command tail =
        start(
            "tail",
            "--noFollow",
            "--topic=" + topic,
            "--bootstrapServers=" + kafka.address(),
            "--clientConfig=" + config);
    assertEquals(0, tail.exitCode(300), tail.err());
    Set<JsonNode> sessions = new HashSet<>();
    for (String line : tail.out().lines().toList()) {
      assertTrue(sessions.add(new ObjectMapper().readTree(line).get("value")), "twice: " + line);
    }
    return sessions;
  }

  private static Set<JsonNode> sessionsOfTheModel() throws Exception {
    List<Visit> visits = new ArrayList<>();
    for (var generated = new VisitGenerator(TRAFFIC); generated.hasNext(); ) {
      visits.add(VisitJson.parse(generated.next().value()));
    }
    SessionJson json = new SessionJson(ZoneOffset.UTC);
    Set<JsonNode> sessions = new HashSet<>();
    for (Session session : ModelSessionizer.sessions(visits, Duration.ofMinutes(16))) {
      sessions.add(new ObjectMapper().readTree(new String(json.write(session), UTF_8)));
    }
    return sessions;
  }

  private Command start(String name, String... args) throws IOException {
    return start(List.of(), name, args);
  }

  private Command start(List<String> javaOptions, String name, String... args) throws IOException {
    Command command = Command.start(folder, javaOptions, name, args);
    started.add(command);
    return command;
  }

  private static Path file(String name, Properties properties) throws IOException {
    Path file = folder.resolve(name + ".properties");
    try (Writer writer = Files.newBufferedWriter(file)) {
      properties.store(writer, null);
    }
    return file;
  }
}
