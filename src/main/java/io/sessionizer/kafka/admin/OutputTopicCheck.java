package io.sessionizer.kafka.admin;

import io.sessionizer.config.NotReadyException;
import io.sessionizer.config.Settings;
import io.sessionizer.config.TopicNames;
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

  private final TopicNames topics;
  private final int maxSessionBytes;
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

  private OutputTopicCheck(Settings settings) {
    this.topics = settings.topics();
    this.maxSessionBytes = settings.policy().maxBytes();
  }

  /**
   * Checks the topics, and warns of records that will be lost.
   *
   * @param input a client that may read the visits
   * @param output a client that may write {@code outputs}
   * @throws NotReadyException if a topic does not accept what the job writes to it
   */
  public static void require(
      Settings settings, TopicCheck input, TopicCheck output, List<String> outputs)
      throws NotReadyException {
    OutputTopicCheck check = new OutputTopicCheck(settings);
    check.check(input, "--consumerConfig", AclOperation.READ, List.of(check.topics.visits()));
    check.check(output, "--producerConfig", AclOperation.WRITE, outputs);
    check.findings.warnings.forEach(LOG::warn);
    if (!check.findings.problems.isEmpty()) {
      throw new NotReadyException(check.findings.problems);
    }
  }

  private void check(TopicCheck client, String flag, AclOperation operation, List<String> names)
      throws NotReadyException {
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
          check(name, setup, topics, maxSessionBytes, findings);
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
      findings.problems.add(
          "the credentials of %s may not %s topic %s: allow it with kafka-acls.sh --add --operation %s"
              .formatted(
                  flag,
                  operation == AclOperation.READ ? "read" : "write to",
                  description.name(),
                  operation == AclOperation.READ ? "Read" : "Write"));
    }
    return may;
  }

  /** Adds the problems and warnings of a topic. */
  static void check(
      String name,
      TopicSetup setup,
      TopicNames topics,
      int maxSessionBytes,
      TopicFindings findings) {
    String policy = "topic " + name + " has cleanup.policy=" + setup.cleanupPolicy();
    boolean keysAreVisitIds = name.equals(topics.visits()) || name.equals(topics.lateVisits());
    if (name.equals(topics.deadLetters()) && setup.compacts()) {
      findings.problems.add(
          policy
              + ", and accepts no record without a key, as most dead letters are: set"
              + " cleanup.policy=delete with kafka-configs.sh --alter, or name another topic with"
              + " --deadLettersTopic");
    }
    if (keysAreVisitIds && setup.compacts()) {
      findings.warnings.add(policy + ": of all visits with one key only the newest remains there");
    }
    if (name.equals(topics.sessions()) && setup.deletes()) {
      sessionsExpire(setup)
          .ifPresent(
              retention ->
                  findings.warnings.add(
                      policy
                          + " and "
                          + retention
                          + ": sessions are deleted then; with cleanup.policy=compact it keeps the"
                          + " newest record of each"));
    }
    int largest = largestRecord(name, topics, maxSessionBytes);
    long room = setup.number(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, largest);
    if (room < largest) {
      findings.problems.add(
          "topic %s accepts records of up to %s bytes (max.message.bytes), and the job may write %s%s"
              .formatted(
                  name,
                  room,
                  largest,
                  name.equals(topics.sessions())
                      ? " (--maxSessionBytes): raise the first or lower the second"
                      : ": raise it with kafka-configs.sh --alter"));
    }
    long replicasNeeded = setup.number(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, 1);
    if (!name.equals(topics.visits()) && replicasNeeded > setup.replicas()) {
      findings.problems.add(
          "topic %s has min.insync.replicas=%s and replication factor %s, so it accepts no record: lower the former, or raise the latter"
              .formatted(name, replicasNeeded, setup.replicas()));
    }
  }

  /** Returns the largest record that the job may write to a topic, in bytes. */
  private static int largestRecord(String name, TopicNames topics, int maxSessionBytes) {
    if (name.equals(topics.sessions())) {
      return maxSessionBytes;
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
      return Optional.of("retention.ms=%s (%s)".formatted(millis, Duration.ofMillis(millis)));
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

  private static int replicas(TopicDescription topic) {
    return topic.partitions().stream()
        .mapToInt(partition -> partition.replicas().size())
        .min()
        .orElse(0);
  }
}
