package io.sessionizer.kafka.admin;

import io.sessionizer.config.BadFlagsException;
import io.sessionizer.config.NotReadyException;
import io.sessionizer.config.Settings;
import io.sessionizer.config.StartFrom;
import io.sessionizer.config.TopicNames;
import io.sessionizer.kafka.ByteLimitedConsumer;
import io.sessionizer.kafka.CommittedOffset;
import io.sessionizer.kafka.InstanceReport;
import io.sessionizer.kafka.JobFingerprint;
import io.sessionizer.kafka.OtherInstances;
import io.sessionizer.kafka.ParserSettings;
import io.sessionizer.kafka.PartitionProgress;
import io.sessionizer.kafka.RecordMapping;
import io.sessionizer.kafka.Rewind;
import io.sessionizer.kafka.TopicPartitions;
import io.sessionizer.kafka.WrittenDeadLetters;
import io.sessionizer.records.DeadLetterRecord;
import io.sessionizer.records.LateVisitRecord;
import io.sessionizer.records.MalformedRecordException;
import io.sessionizer.sessions.EarlierJob;
import io.sessionizer.sessions.EarlierSessions;
import io.sessionizer.sessions.Engine;
import io.sessionizer.visits.LateVisitParser;
import io.sessionizer.visits.Visit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Inquiries about brokers and topics, before the job is built and after it has finished. */
public final class TopicCheck {
  private static final Logger LOG = LoggerFactory.getLogger(TopicCheck.class);
  private static final Duration TIMEOUT = ClientFailure.TIMEOUT;

  /** Of each partition; those of more than some seconds at any rate that is not a failure. */
  private static final int NEWEST_RECORDS = 100_000;

  private final String bootstrapServers;
  private final Map<String, String> clientConfig;
  private final ClientFailure failure;

  /**
   * Creates a check of the brokers at {@code bootstrapServers}; it connects to nothing yet.
   *
   * @param clientConfig settings of the user
   * @param configFlag the flag that they come from
   */
  public TopicCheck(String bootstrapServers, Map<String, String> clientConfig, String configFlag) {
    this.bootstrapServers = bootstrapServers;
    this.clientConfig = clientConfig;
    this.failure = new ClientFailure(bootstrapServers, clientConfig, configFlag);
  }

  /** Creates a check of the brokers of a job with its settings for reading. */
  public static TopicCheck ofInput(Settings settings) {
    return new TopicCheck(
        settings.bootstrapServers(), settings.consumerConfig(), "--consumerConfig");
  }

  /** Creates a check of the brokers of a job with its settings for writing. */
  public static TopicCheck ofOutput(Settings settings) {
    return new TopicCheck(
        settings.bootstrapServers(), settings.producerConfig(), "--producerConfig");
  }

  /**
   * Requires that a broker responds and that the topics exist.
   *
   * @param names of all topics of a job
   * @throws NotReadyException if not
   */
  public void requireTopics(List<String> topics, TopicNames names) throws NotReadyException {
    requireNone(missing(topics), names);
  }

  /**
   * Returns those of the topics that do not exist.
   *
   * @throws NotReadyException if no broker responds
   */
  public List<String> missing(List<String> topics) throws NotReadyException {
    List<String> missing = new ArrayList<>(topics);
    missing.removeAll(existing(topics).keySet());
    return missing;
  }

  /**
   * Returns those of the topics that exist.
   *
   * @throws NotReadyException if no broker responds
   */
  Map<String, TopicDescription> existing(List<String> topics) throws NotReadyException {
    Map<String, TopicDescription> existing = new LinkedHashMap<>();
    try (Admin admin = admin()) {
      var descriptions = admin.describeTopics(topics).topicNameValues();
      for (String topic : topics) {
        description(descriptions, topic).ifPresent(known -> existing.put(topic, known));
      }
      return existing;
    } catch (KafkaException e) {
      throw notReady(e);
    }
  }

  /**
   * Requires that no topic is missing.
   *
   * @param names of all topics of a job
   * @throws NotReadyException with those that are
   */
  public void requireNone(List<String> missing, TopicNames names) throws NotReadyException {
    if (!missing.isEmpty()) {
      throw new NotReadyException(
          "%s: name another one, or create the topics of a job with ./sessionizer topics --bootstrapServers=%s%s"
              .formatted(missing(missing, bootstrapServers), bootstrapServers, names.asFlags()));
    }
  }

  /**
   * Requires that no topic of a job is missing.
   *
   * @param topicsCommand the command that creates it
   * @throws NotReadyException with those that are, and the command
   */
  public void requireNone(List<String> missing, String topicsCommand) throws NotReadyException {
    if (!missing.isEmpty()) {
      throw new NotReadyException(
          "%s; create %s with %s"
              .formatted(
                  missing(missing, bootstrapServers),
                  missing.size() == 1 ? "it" : "them",
                  topicsCommand));
    }
  }

  private static String missing(List<String> topics, String bootstrapServers) {
    return "%s %s %s not exist at %s"
        .formatted(
            topics.size() == 1 ? "topic" : "topics",
            String.join(", ", topics),
            topics.size() == 1 ? "does" : "do",
            bootstrapServers);
  }

  /** Returns the largest record that a topic accepts, in bytes. */
  public int maxMessageBytes(String name) throws NotReadyException {
    ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, name);
    try (Admin admin = admin()) {
      return Integer.parseInt(
          get(admin.describeConfigs(List.of(topic)).values(), topic)
              .get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG)
              .value());
    } catch (KafkaException e) {
      return JobTopic
          .DEFAULT_MAX_MESSAGE_BYTES; // The credentials may not read a topic's configuration.
    }
  }

  /** Returns the partitions that topics have now. */
  public List<TopicPartition> partitions(List<String> topics) throws NotReadyException {
    try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
      return TopicPartitions.of(consumer, topics);
    } catch (KafkaException e) {
      throw notReady(e);
    }
  }

  /**
   * Returns the end of the log of every partition of topics, for a consumer with the user's
   * settings. The last offsets may have no record that a consumer gets.
   */
  public Map<TopicPartition, Long> ends(List<String> topics) throws NotReadyException {
    try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
      return consumer.endOffsets(TopicPartitions.of(consumer, topics));
    } catch (KafkaException e) {
      throw notReady(e);
    }
  }

  /**
   * Returns the ids of topics by name, which change when they are created anew, as far as they are
   * known.
   */
  public Map<String, String> ids(List<String> topics) throws NotReadyException {
    Map<String, String> ids = new HashMap<>();
    try (Admin admin = admin()) {
      var descriptions = admin.describeTopics(topics).topicNameValues();
      for (String topic : topics) {
        Uuid id = get(descriptions, topic).topicId();
        if (!id.equals(Uuid.ZERO_UUID)) {
          ids.put(topic, id.toString());
        }
      }
      return ids;
    } catch (KafkaException e) {
      throw notReady(e);
    }
  }

  /**
   * Requires that the consumer group has no offsets of a job whose sessions differ.
   *
   * @throws NotReadyException with what differs
   */
  public void requireSameJob(Settings settings) throws NotReadyException {
    JobFingerprint job = JobFingerprint.of(settings);
    for (OffsetAndMetadata offset : committed(settings.topics().visits()).values()) {
      Optional<JobFingerprint> earlier = JobFingerprint.in(offset);
      if (earlier.isPresent() && !job.differencesFrom(earlier.get()).isEmpty()) {
        throw new NotReadyException(
            "the offsets of group %s belong to a job with %s, and this job has %s: use the flags of that job; or give this one topics and a group of its own (--consumerConfig=group.id=NAME); or continue with --takeOver"
                .formatted(
                    settings.group(),
                    String.join(" ", earlier.get().differencesFrom(job)),
                    String.join(" ", job.differencesFrom(earlier.get()))));
      }
    }
  }

  /**
   * Requires that no other job of the group runs. If one was killed, this waits until its reports
   * have expired.
   *
   * @throws NotReadyException if there is one
   */
  public void requireOnlyInstance(Settings settings) throws NotReadyException {
    OtherInstances others = instances(settings);
    Optional<InstanceReport> running;
    try {
      running = others.find(settings.topics().visits());
    } catch (KafkaException e) {
      throw notReady(e);
    }
    if (running.isPresent()) {
      throw new NotReadyException(others.message(running.get()));
    }
  }

  /** Retracts the reports of a job that has stopped. */
  public void retractReports(Settings settings, UUID run) {
    instances(settings).retract(settings.topics().visits(), run, Duration.ofSeconds(3));
  }

  private OtherInstances instances(Settings settings) {
    Map<String, Object> config = new HashMap<>(clientConfig);
    config.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    config.put(ConsumerConfig.GROUP_ID_CONFIG, settings.group());
    return new OtherInstances(config, null);
  }

  /**
   * Returns the run of the job that was the last one to commit offsets of the group: a job that
   * resumes from its state is the same run. Empty if none is known.
   */
  public Optional<UUID> lastRun(Settings settings) throws NotReadyException {
    return committed(settings.topics().visits()).values().stream()
        .map(OffsetAndMetadata::metadata)
        .filter(metadata -> PartitionProgress.ofAnyJob(metadata).isPresent())
        .max(Comparator.comparingLong(TopicCheck::asOf))
        .flatMap(PartitionProgress::job);
  }

  private static long asOf(String metadata) {
    return PartitionProgress.ofAnyJob(metadata).map(PartitionProgress::asOf).orElse(0L);
  }

  /** Returns the offsets of topics that the group has committed. */
  private Map<TopicPartition, OffsetAndMetadata> committed(List<String> topics)
      throws NotReadyException {
    try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
      Map<TopicPartition, OffsetAndMetadata> committed = new HashMap<>();
      consumer
          .committed(new HashSet<>(TopicPartitions.of(consumer, topics)))
          .forEach(
              (partition, offset) -> {
                if (offset != null) {
                  committed.put(partition, offset);
                }
              });
      return committed;
    } catch (KafkaException e) {
      throw notReady(e);
    }
  }

  /**
   * Says why a job of a group that has committed nothing reads everything: the group is new, or has
   * sessions, but no offsets. A job that is stopped soon after its start has committed none: the
   * DirectRunner commits a batch when it reads the next one.
   */
  public String whyNothingIsCommitted(Settings settings) throws NotReadyException {
    String beginning =
        settings.topics().visits().size() == 1
            ? "the beginning of the topic"
            : "the beginnings of the topics";
    boolean hasSessions;
    try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
      hasSessions =
          consumer
              .endOffsets(TopicPartitions.of(consumer.partitionsFor(settings.topics().sessions())))
              .values()
              .stream()
              .anyMatch(end -> end > 0);
    } catch (AuthorizationException e) {
      hasSessions = false; // A job need not be allowed to read what it writes.
    } catch (KafkaException e) {
      throw notReady(e);
    }
    return hasSessions
        ? "group %s has committed no offsets, though there are records on %s: a job that was stopped before its first commit wrote these, or a job of another group, or the group's offsets have expired; visits are read from %s"
            .formatted(settings.group(), settings.topics().sessions(), beginning)
        : "group %s is new: visits are read from %s".formatted(settings.group(), beginning);
  }

  /**
   * Returns where a job starts that continues an earlier one without its state.
   *
   * @throws BadFlagsException if the rewind is too short
   */
  public Rewind rewind(Settings settings) throws BadFlagsException, NotReadyException {
    if (settings.startFrom().position() != StartFrom.Position.COMMITTED) {
      return Rewind.NONE;
    }
    try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
      List<TopicPartition> partitions = TopicPartitions.of(consumer, settings.topics().visits());
      return new RewindSearch(consumer, partitions, settings).find();
    } catch (KafkaException e) {
      throw notReady(e);
    }
  }

  /**
   * Returns the dead letters that an earlier job has written, of the records that are read again.
   * All before its flushed offsets are; of later ones those count that are on their topic.
   */
  public WrittenDeadLetters writtenDeadLetters(Settings settings, Rewind rewind)
      throws NotReadyException {
    WrittenDeadLetters written = WrittenDeadLetters.before(rewind, System.currentTimeMillis());
    if (written.flushed().isEmpty()) {
      return written;
    }
    try (RecordTail tail = newest(settings.topics().deadLetters())) {
      tail.drain(record -> read(record).ifPresent(written::add));
    } catch (AuthorizationException e) {
      LOG.warn(
          "dead letters that were written since the last but one commit may be written again: {}",
          e.getMessage());
    } catch (KafkaException e) {
      throw notReady(e);
    }
    return written;
  }

  /**
   * Returns what is known of the job that one continues which starts without its state.
   *
   * @param rewind of the job that starts; {@link Rewind#NONE} if it does not start where the group
   *     stopped
   */
  public EarlierJob earlierJob(Settings settings, Rewind rewind) throws NotReadyException {
    EarlierJob earlier = rewind.earlierJob();
    if (settings.engine() == Engine.WINDOWS) {
      return earlier;
    }
    if (!rewind.isNone()) {
      addLateVisits(settings, earlier);
    }
    return earlier.with(writtenSessions(settings, rewind));
  }

  private void addLateVisits(Settings settings, EarlierJob earlier) throws NotReadyException {
    String topic = settings.topics().lateVisits();
    LateVisitParser parser = ParserSettings.of(settings).lateVisitParser();
    try (RecordTail tail = newest(topic)) {
      tail.drain(record -> addLateVisit(record, parser, earlier));
    } catch (AuthorizationException e) {
      LOG.warn(
          "late visits of records that are read again may be written again, or be in a session as well: {}",
          e.getMessage());
    } catch (KafkaException e) {
      throw notReady(e);
    }
  }

  /** Returns the sessions that an earlier job has written of visits that are read again. */
  private EarlierSessions writtenSessions(Settings settings, Rewind rewind)
      throws NotReadyException {
    try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
      Map<TopicPartition, Long> starts =
          rewind.isNone()
              ? firstOffsets(consumer, settings.topics().visits(), settings.startFrom())
              : rewind.starts();
      return new WrittenSessions(consumer).find(settings.topics().sessions(), starts);
    } catch (AuthorizationException e) {
      LOG.warn(
          "a session of an earlier job is not retracted if new visits merge it into another one, or start it earlier: {}",
          e.getMessage());
      return EarlierSessions.NONE;
    } catch (KafkaException e) {
      throw notReady(e);
    }
  }

  /** Returns where a job starts for which no group's offsets count. */
  private static Map<TopicPartition, Long> firstOffsets(
      KafkaConsumer<byte[], byte[]> consumer, List<String> topics, StartFrom start) {
    List<TopicPartition> partitions = TopicPartitions.of(consumer, topics);
    return switch (start.position()) {
      case EARLIEST, COMMITTED -> consumer.beginningOffsets(partitions);
      case LATEST -> Map.of();
      case TIME -> {
        Map<TopicPartition, Long> times = new HashMap<>();
        partitions.forEach(partition -> times.put(partition, start.timeMillis()));
        Map<TopicPartition, Long> offsets = new HashMap<>();
        consumer
            .offsetsForTimes(times)
            .forEach(
                (partition, first) -> {
                  if (first != null) {
                    offsets.put(partition, first.offset());
                  }
                });
        yield offsets;
      }
    };
  }

  private static void addLateVisit(
      ConsumerRecord<byte[], byte[]> record, LateVisitParser parser, EarlierJob earlier) {
    try {
      LateVisitRecord late = LateVisitRecord.read(RecordMapping.contents(record));
      if (parser.parse(late) instanceof Visit visit) {
        earlier.addLateVisit(late.source(), visit.eventTimeMillis());
      }
    } catch (MalformedRecordException e) {
      LOG.debug("a record of another program on {}", record.topic(), e);
    }
  }

  private RecordTail newest(String topic) {
    Map<String, Object> config = new HashMap<>(clientConfig);
    config.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    return RecordTail.fromNewest(List.of(topic), NEWEST_RECORDS, config);
  }

  private static Optional<DeadLetterRecord> read(ConsumerRecord<byte[], byte[]> record) {
    try {
      return Optional.of(DeadLetterRecord.read(RecordMapping.contents(record)));
    } catch (MalformedRecordException e) {
      return Optional.empty(); // another program's
    }
  }

  /**
   * Commits offsets of the group that reads the visits, where a job has drained the topic. Not
   * every runner does, and none says that all sessions are written. A failure is only logged: no
   * result depends on it.
   *
   * @param job the job that has
   */
  public void commit(Map<TopicPartition, Long> offsets, JobFingerprint job) {
    Map<TopicPartition, Long> reached = new HashMap<>(offsets);
    Map<TopicPartition, OffsetAndMetadata> all = new HashMap<>();
    try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
      LogEnds.lower(consumer, reached);
      reached.forEach(
          (partition, offset) -> all.put(partition, job.addTo(CommittedOffset.drained(offset))));
      consumer.commitSync(all);
    } catch (KafkaException | NotReadyException e) {
      LOG.warn("the offsets where the job stopped cannot be committed: {}", e.getMessage());
    }
  }

  /** Opens an admin client. */
  Admin admin() throws NotReadyException {
    Map<String, Object> config = new HashMap<>(clientConfig);
    config.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    config.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) TIMEOUT.toMillis());
    config.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) TIMEOUT.toMillis());
    try {
      return Admin.create(config);
    } catch (KafkaException e) {
      throw unusable(e);
    }
  }

  /**
   * Opens a consumer of the group that reads the visits. It commits nothing by itself, and resumes
   * at the first record there is if its next one was deleted.
   *
   * @throws NotReadyException if the user's settings are invalid
   */
  public KafkaConsumer<byte[], byte[]> consumer() throws NotReadyException {
    Map<String, Object> config = new HashMap<>(clientConfig);
    config.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    try {
      return new ByteLimitedConsumer(config);
    } catch (KafkaException e) {
      throw unusable(e);
    }
  }

  private static Optional<TopicDescription> description(
      Map<String, KafkaFuture<TopicDescription>> descriptions, String topic) {
    try {
      return Optional.of(get(descriptions, topic));
    } catch (UnknownTopicOrPartitionException e) {
      return Optional.empty();
    }
  }

  /** Waits for the part of a response that is about {@code name}, which was requested. */
  static <K, T> T get(Map<K, KafkaFuture<T>> response, K name) {
    return get(Objects.requireNonNull(response.get(name), "a response has every requested name"));
  }

  /** Waits for a response, or a part of one. */
  static <T> T get(KafkaFuture<T> future) {
    try {
      return future.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof KafkaException cause ? cause : new KafkaException(e.getCause());
    } catch (InterruptedException e) {
      throw new org.apache.kafka.common.errors.InterruptException(e);
    }
  }

  private NotReadyException unusable(KafkaException e) {
    return failure.unusable(e);
  }

  /** Returns why a client got no good response. */
  NotReadyException notReady(KafkaException e) {
    return failure.notReady(e);
  }
}
