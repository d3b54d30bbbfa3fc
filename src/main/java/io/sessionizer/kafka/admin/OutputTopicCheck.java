package io.sessionizer.kafka.admin;

import io.sessionizer.config.Durations;
import io.sessionizer.config.NotReadyException;
import io.sessionizer.config.Settings;
import io.sessionizer.config.TopicNames;
import io.sessionizer.kafka.ParserSettings;
import io.sessionizer.kafka.WriteDeadLetters;
import io.sessionizer.sessions.SessionPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A preflight check of the topics' configuration: a topic that does not accept a record fails the
 * job when the record is written, and one that does not retain it loses it without a message.
 */
public final class OutputTopicCheck {
  private static final Logger LOG = LoggerFactory.getLogger(OutputTopicCheck.class);

  private final Settings settings;
  private final TopicNames topics;
  private final TopicFindings findings = new TopicFindings(new ArrayList<>(), new ArrayList<>());

  /**
   * The result of the check.
   *
   * @param problems with which the job cannot run
   * @param warnings of records that will be lost
   */
  record TopicFindings(List<String> problems, List<String> warnings) {}

  /**
   * The configuration of a topic.
   *
   * @param settings by name
   * @param replicas of the partition that has the fewest
   */
  record TopicSetup(Map<String, String> settings, int replicas) {
    private boolean compacts() {
      return cleanupPolicy().contains(TopicConfig.CLEANUP_POLICY_COMPACT);
    }

    private boolean deletes() {
      return cleanupPolicy().contains(TopicConfig.CLEANUP_POLICY_DELETE);
    }

    private String cleanupPolicy() {
      return settings.getOrDefault(TopicConfig.CLEANUP_POLICY_CONFIG, "");
    }

    private long number(String name, long otherwise) {
      String value = settings.get(name);
      return value == null ? otherwise : Long.parseLong(value);
    }
  }

  /** Creates a check of a job's topics; it connects to nothing yet. */
  OutputTopicCheck(Settings settings) {
    this.settings = settings;
    this.topics = settings.topics();
  }

  /**
   * Checks topics of a job, and warns of records that will be lost.
   *
   * @param input a client that may read the visits
   * @param output a client that may write the other topics
   * @param names existing topics
   * @throws NotReadyException if a topic does not accept what the job writes to it
   */
  public static void require(
      Settings settings, TopicCheck input, TopicCheck output, List<String> names)
      throws NotReadyException {
    List<String> visits = settings.topics().visits();
    OutputTopicCheck check = new OutputTopicCheck(settings);
    check.check(
        input,
        "--consumerConfig",
        AclOperation.READ,
        names.stream().filter(visits::contains).toList());
    check.check(
        output,
        "--producerConfig",
        AclOperation.WRITE,
        names.stream().filter(name -> !visits.contains(name)).toList());
    check.findings.warnings.forEach(LOG::warn);
    if (!check.findings.problems.isEmpty()) {
      throw new NotReadyException(check.findings.problems);
    }
  }

  private void check(TopicCheck client, String flag, AclOperation operation, List<String> names)
      throws NotReadyException {
    if (names.isEmpty()) {
      return;
    }
    Map<String, List<String>> unchecked = new TreeMap<>();
    try (Admin admin = client.admin()) {
      var descriptions =
          admin
              .describeTopics(names, new DescribeTopicsOptions().includeAuthorizedOperations(true))
              .topicNameValues();
      var configs =
          admin
              .describeConfigs(
                  names.stream()
                      .map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name))
                      .toList())
              .values();
      for (String name : names) {
        try {
          TopicDescription description = TopicCheck.get(descriptions, name);
          if (!mayUse(description, operation, flag)) {
            continue;
          }
          Config config =
              TopicCheck.get(configs, new ConfigResource(ConfigResource.Type.TOPIC, name));
          TopicSetup setup = new TopicSetup(values(config), replicas(description));
          check(name, setup);
        } catch (KafkaException e) { // Some brokers do not return a topic's configuration.
          String why =
              e instanceof AuthorizationException
                  ? "the credentials of " + flag + " may not read them"
                  : e.getMessage();
          unchecked.computeIfAbsent(why, reason -> new ArrayList<>()).add(name);
        }
      }
    }
    unchecked.forEach(
        (why, those) ->
            LOG.info("the settings of {} are not checked: {}", String.join(", ", those), why));
  }

  private boolean mayUse(TopicDescription description, AclOperation operation, String flag) {
    var operations = description.authorizedOperations();
    boolean may = operations == null || operations.isEmpty() || operations.contains(operation);
    if (!may) {
      boolean reads = operation == AclOperation.READ;
      findings.problems.add(
          "the credentials of %s may not %s topic %s: allow it with kafka-acls.sh --add --operation %s"
              .formatted(
                  flag, reads ? "read" : "write to", description.name(), reads ? "Read" : "Write"));
    }
    return may;
  }

  /** Adds the problems and warnings of a topic, and returns all there are. */
  TopicFindings check(String name, TopicSetup setup) {
    checkCleanup(name, setup);
    checkSize(name, setup);
    checkReplicas(name, setup);
    return findings;
  }

  private void checkCleanup(String name, TopicSetup setup) {
    String policy = "topic " + name + " has cleanup.policy=" + setup.cleanupPolicy();
    boolean hasOriginals =
        name.equals(topics.lateVisits()) && ParserSettings.keepsOriginals(settings);
    boolean keysAreVisitIds =
        topics.visits().contains(name) || (name.equals(topics.lateVisits()) && !hasOriginals);
    if (name.equals(topics.deadLetters()) && setup.compacts()) {
      findings.problems.add(
          "%s and accepts no record without a key, as most dead letters are: change it with %s, or name another topic with --deadLettersTopic"
              .formatted(policy, alter(name, "cleanup.policy=delete")));
    }
    if (hasOriginals && setup.compacts()) {
      findings.problems.add(
          "%s and accepts no record without a key, as a late visit may be: change it with %s, or name another topic with --lateVisitsTopic"
              .formatted(policy, alter(name, "cleanup.policy=delete")));
    }
    if (keysAreVisitIds && setup.compacts()) {
      findings.warnings.add(
          policy + ": of the visits with one key Kafka keeps the newest only, the others are lost");
    }
    if (name.equals(topics.sessions()) && setup.deletes()) {
      sessionsExpire(setup)
          .ifPresent(
              retention ->
                  findings.warnings.add(
                      "%s and %s: sessions are deleted then; to keep the newest record of each, use %s"
                          .formatted(policy, retention, alter(name, "cleanup.policy=compact"))));
    }
  }

  private void checkSize(String name, TopicSetup setup) {
    int largest = largestRecord(name);
    long room = setup.number(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, largest);
    if (room < largest) {
      boolean isSessions = name.equals(topics.sessions());
      findings.problems.add(
          "topic %s accepts records of up to %s bytes (max.message.bytes), but the job may write %s%s: raise it with %s%s"
              .formatted(
                  name,
                  room,
                  largest,
                  isSessions ? " (--maxSessionBytes)" : "",
                  alter(name, "max.message.bytes=" + createdWith(name)),
                  isSessions ? ", or lower --maxSessionBytes" : ""));
    }
  }

  private void checkReplicas(String name, TopicSetup setup) {
    long needed = setup.number(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, 1);
    if (!topics.visits().contains(name) && needed > setup.replicas()) {
      findings.problems.add(
          "topic %s has min.insync.replicas=%s but replication factor %s, so it accepts no record: raise the replication factor, or lower the other with %s"
              .formatted(
                  name,
                  needed,
                  setup.replicas(),
                  alter(name, "min.insync.replicas=" + setup.replicas())));
    }
  }

  /** Returns the command that changes a setting of a topic. */
  private String alter(String name, String setting) {
    return "kafka-configs.sh --bootstrap-server %s --alter --entity-type topics --entity-name %s --add-config %s"
        .formatted(settings.bootstrapServers(), name, setting);
  }

  /** Returns the {@code max.message.bytes} of a topic that is created. */
  private String createdWith(String name) {
    return JobTopic.all(settings).stream()
        .filter(topic -> topic.name().equals(name))
        .map(topic -> topic.settings().getOrDefault(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, ""))
        .findFirst()
        .orElseThrow();
  }

  /** Returns the largest record that the job may write to a topic, in bytes. */
  private int largestRecord(String name) {
    if (name.equals(topics.sessions())) {
      return settings.policy().maxBytes();
    }
    if (name.equals(topics.lateVisits())) {
      return SessionPolicy.LEAST_BYTES;
    }
    return name.equals(topics.deadLetters()) ? WriteDeadLetters.OVERHEAD_BYTES : 0;
  }

  private static Optional<String> sessionsExpire(TopicSetup setup) {
    long millis = setup.number(TopicConfig.RETENTION_MS_CONFIG, -1);
    long bytes = setup.number(TopicConfig.RETENTION_BYTES_CONFIG, -1);
    if (millis >= 0) {
      return Optional.of(
          "retention.ms=%s (%s)".formatted(millis, Durations.format(Duration.ofMillis(millis))));
    }
    return bytes >= 0 ? Optional.of("retention.bytes=" + bytes) : Optional.empty();
  }

  private static Map<String, String> values(Config config) {
    Map<String, String> values = new HashMap<>();
    config.entries().stream()
        .filter(entry -> entry.value() != null)
        .forEach(entry -> values.put(entry.name(), entry.value()));
    return values;
  }

  /** Returns the replicas of the partition that has the fewest. */
  static int replicas(TopicDescription topic) {
    return topic.partitions().stream()
        .mapToInt(partition -> partition.replicas().size())
        .min()
        .orElse(0);
  }
}
