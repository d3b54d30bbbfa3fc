package io.sessionizer.kafka.admin;

import io.sessionizer.config.NotReadyException;
import io.sessionizer.config.Settings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.CreateTopicsResult;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Creates the missing topics of a job, and checks the others as the job does when it starts. A
 * topic that exists is never changed.
 *
 * <p>The settings of the job's producers are used to create topics and to check those that the job
 * writes, the settings of its consumers to check the topics of visits.
 */
public final class TopicCreation {
  private static final Logger LOG = LoggerFactory.getLogger(TopicCreation.class);
  private static final Duration METADATA_TIMEOUT = Duration.ofSeconds(30);

  private final Settings settings;
  private final TopicSize size;
  private final boolean isDryRun;
  private final TopicCheck input;
  private final TopicCheck output;

  /** Names of created topics, with size and settings. */
  private final Map<String, String> created = new LinkedHashMap<>();

  /** Names of topics that could not be created, with the reason. */
  private final Map<String, String> failed = new LinkedHashMap<>();

  /**
   * The size of topics that are created.
   *
   * @param partitions number of partitions; if absent, as many as the largest topic of visits has,
   *     or if none exists, the broker's default
   * @param replicationFactor number of replicas of each partition; if absent, the broker's default
   */
  public record TopicSize(Optional<Integer> partitions, Optional<Short> replicationFactor) {
    /** As the topics of visits and the broker's defaults have it. */
    public static final TopicSize DEFAULT = new TopicSize(Optional.empty(), Optional.empty());
  }

  /** What happened to a topic, or would happen. */
  public enum Creation {
    CREATED,
    EXISTS,
    /** The job's engine does not write it. */
    UNUSED,
    FAILED
  }

  /**
   * A topic of the job.
   *
   * @param name its name
   * @param creation what happened, or would happen
   * @param details its size and settings as text, or why it is unused; empty if it failed
   */
  public record TopicState(String name, Creation creation, String details) {}

  /**
   * All topics of the job.
   *
   * @param topics one by one
   * @param problems with which the job cannot start, one line each
   */
  public record TopicSummary(List<TopicState> topics, List<String> problems) {}

  private TopicCreation(Settings settings, TopicSize size, boolean isDryRun) {
    this.settings = settings;
    this.size = size;
    this.isDryRun = isDryRun;
    this.input = TopicCheck.ofInput(settings);
    this.output = TopicCheck.ofOutput(settings);
  }

  /**
   * Creates what is missing.
   *
   * @throws NotReadyException if no broker responds, or a Kafka setting is not valid
   */
  public static TopicSummary create(Settings settings, TopicSize size) throws NotReadyException {
    return new TopicCreation(settings, size, false).run();
  }

  /**
   * Has the broker check what would be created; changes nothing.
   *
   * @throws NotReadyException if no broker responds, or a Kafka setting is not valid
   */
  public static TopicSummary dryRun(Settings settings, TopicSize size) throws NotReadyException {
    return new TopicCreation(settings, size, true).run();
  }

  private TopicSummary run() throws NotReadyException {
    KafkaSettingsCheck.require(settings, settings.policy().maxBytes());
    List<String> visits = settings.topics().visits();
    List<String> needed = new ArrayList<>(visits);
    needed.addAll(JobTopic.writtenBy(settings));
    Map<String, TopicDescription> existing = existing(visits);
    List<JobTopic> all = JobTopic.all(settings, visitBytes(visits, existing.keySet()));
    List<JobTopic> missing =
        all.stream()
            .filter(topic -> needed.contains(topic.name()))
            .filter(topic -> !existing.containsKey(topic.name()))
            .toList();
    create(
        plan(
            missing,
            size,
            visits.stream()
                .flatMap(name -> Optional.ofNullable(existing.get(name)).stream())
                .map(topic -> topic.partitions().size())
                .max(Comparator.naturalOrder())));
    if (created.size() + failed.size() < missing.size()) {
      existing.putAll(existing(visits)); // Another process has created one in the meantime.
    }
    List<TopicState> states = all.stream().map(topic -> state(topic, existing)).toList();
    return new TopicSummary(states, problems(existing));
  }

  /** Returns the largest record of visits, in bytes. */
  private int visitBytes(List<String> visits, Set<String> existing) throws NotReadyException {
    int largest = 0;
    for (String name : visits) {
      largest =
          Math.max(
              largest,
              existing.contains(name)
                  ? input.maxMessageBytes(name)
                  : JobTopic.visitBytes(settings));
    }
    return largest;
  }

  private Map<String, TopicDescription> existing(List<String> visits) throws NotReadyException {
    Map<String, TopicDescription> existing = new LinkedHashMap<>(input.existing(visits));
    existing.putAll(output.existing(JobTopic.writtenBy(settings)));
    return existing;
  }

  /**
   * Returns the topics to create.
   *
   * @param visitsPartitions how many partitions the topic of visits has, the largest that exists
   */
  static List<NewTopic> plan(
      List<JobTopic> missing, TopicSize size, Optional<Integer> visitsPartitions) {
    Optional<Integer> partitions = size.partitions().or(() -> visitsPartitions);
    return missing.stream()
        .map(
            topic ->
                new NewTopic(topic.name(), partitions, size.replicationFactor())
                    .configs(topic.settings()))
        .toList();
  }

  private void create(List<NewTopic> topics) throws NotReadyException {
    if (topics.isEmpty()) {
      return;
    }
    try (Admin admin = output.admin()) {
      CreateTopicsResult result =
          admin.createTopics(topics, new CreateTopicsOptions().validateOnly(isDryRun));
      for (NewTopic topic : topics) {
        try {
          TopicCheck.get(result.values(), topic.name());
          created.put(topic.name(), details(topic, result));
        } catch (TopicExistsException e) {
          LOG.debug("another process has created {} in the meantime", topic.name(), e);
        } catch (TimeoutException e) {
          throw output.notReady(e);
        } catch (KafkaException e) {
          failed.put(topic.name(), reason(e));
        }
      }
      if (!isDryRun) {
        waitUntilWritable(admin, created.keySet());
      }
    } catch (ExecutionException e) {
      throw output.notReady(new KafkaException(e.getCause()));
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }

  /**
   * Waits until topics that were created can be written. A broker's metadata lags; and it has a
   * leader before that accepts records. A producer that begins to write in between may lose its
   * first batch: the leader accepts the second one, and then rejects the first one for good, since
   * it is out of order (KAFKA-15591).
   */
  public static void waitUntilWritable(Admin admin, Collection<String> names)
      throws InterruptedException, ExecutionException {
    Map<TopicPartition, OffsetSpec> partitions = new HashMap<>();
    for (TopicDescription topic : describeVisible(admin, names)) {
      for (TopicPartitionInfo partition : topic.partitions()) {
        partitions.put(
            new TopicPartition(topic.name(), partition.partition()), OffsetSpec.earliest());
      }
    }
    admin
        .listOffsets(partitions)
        .all()
        .get(); // a request to each leader, repeated until it is ready
  }

  private static Collection<TopicDescription> describeVisible(Admin admin, Collection<String> names)
      throws InterruptedException, ExecutionException {
    long deadline = System.nanoTime() + METADATA_TIMEOUT.toNanos();
    while (true) {
      try {
        return admin.describeTopics(names).allTopicNames().get().values();
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof UnknownTopicOrPartitionException)
            || System.nanoTime() > deadline) {
          throw e;
        }
      }
    }
  }

  /** Returns the size that the broker has chosen, if it reports that, and the settings. */
  private static String details(NewTopic topic, CreateTopicsResult result) {
    List<String> details = new ArrayList<>();
    try {
      details.add(
          size(
              TopicCheck.get(result.numPartitions(topic.name())),
              TopicCheck.get(result.replicationFactor(topic.name()))));
    } catch (KafkaException e) {
      LOG.debug("the size of {} is not known", topic.name(), e); // no permission to describe it
    }
    topic.configs().forEach((name, value) -> details.add(name + "=" + value));
    return String.join(", ", details);
  }

  private static String size(int partitions, int replicationFactor) {
    return "%s %s, replication factor %s"
        .formatted(partitions, partitions == 1 ? "partition" : "partitions", replicationFactor);
  }

  private String reason(KafkaException e) {
    if (e instanceof AuthorizationException) {
      return "the credentials of --producerConfig may not create topics: allow it with kafka-acls.sh --add --operation Create";
    }
    return e instanceof InvalidReplicationFactorException && size.replicationFactor().isPresent()
        ? "--replicationFactor=%s: %s".formatted(size.replicationFactor().get(), e.getMessage())
        : String.valueOf(e.getMessage());
  }

  private TopicState state(JobTopic topic, Map<String, TopicDescription> existing) {
    String name = topic.name();
    String details = created.get(name);
    if (details != null) {
      return new TopicState(name, Creation.CREATED, details);
    }
    TopicDescription description = existing.get(name);
    if (description != null) {
      return new TopicState(
          name,
          Creation.EXISTS,
          size(description.partitions().size(), OutputTopicCheck.replicas(description)));
    }
    return failed.containsKey(name)
        ? new TopicState(name, Creation.FAILED, "")
        : new TopicState(
            name, Creation.UNUSED, "not written with --engine=" + settings.engine().flagValue());
  }

  /** Returns why the job cannot start: topics that are missing, and findings of its own check. */
  private List<String> problems(Map<String, TopicDescription> existing) throws NotReadyException {
    Map<String, List<String>> byReason = new LinkedHashMap<>();
    failed.forEach(
        (name, reason) -> byReason.computeIfAbsent(reason, r -> new ArrayList<>()).add(name));
    List<String> problems = new ArrayList<>();
    byReason.forEach(
        (reason, names) ->
            problems.add("cannot create %s: %s".formatted(String.join(", ", names), reason)));
    List<String> present = new ArrayList<>(existing.keySet());
    try {
      if (!isDryRun) {
        present.addAll(created.keySet());
        if (failed.isEmpty()) {
          ProducerCheck.require(settings, JobTopic.writtenBy(settings));
        }
      }
      OutputTopicCheck.require(settings, input, output, present);
    } catch (NotReadyException e) {
      problems.addAll(e.problems());
    }
    return problems;
  }
}
