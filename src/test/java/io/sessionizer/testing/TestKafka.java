package io.sessionizer.testing;

import io.sessionizer.broker.LocalBroker;
import io.sessionizer.broker.TemporaryFolder;
import io.sessionizer.config.NotReadyException;
import io.sessionizer.generator.KafkaVisitSink;
import io.sessionizer.generator.Traffic;
import io.sessionizer.generator.VisitGenerator;
import io.sessionizer.kafka.admin.RecordTail;
import io.sessionizer.kafka.admin.TopicCreation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** One real broker for all integration tests of a JVM, with topics of its own for each of them. */
public final class TestKafka {
  private static final AtomicInteger TESTS = new AtomicInteger();
  private static final LocalBroker BROKER = start();

  private final int test = TESTS.incrementAndGet();

  private static LocalBroker start() {
    try {
      TemporaryFolder folder = TemporaryFolder.create();
      LocalBroker broker = LocalBroker.start(folder.path(), 0);
      Runtime.getRuntime().addShutdownHook(new Thread(() -> end(broker, folder), "end-broker"));
      return broker;
    } catch (NotReadyException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void end(LocalBroker broker, TemporaryFolder folder) {
    broker.close();
    try {
      folder.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The broker, {@code HOST:PORT}. */
  public static String address() {
    return BROKER.address();
  }

  /** Client settings. */
  public static Map<String, Object> config() {
    return Map.of(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, address());
  }

  /** The name of a topic of this test. */
  public String topic(String name) {
    return name + "-" + test;
  }

  /** Creates all topics, each with two partitions. */
  public TestKafka createTopics() throws InterruptedException, ExecutionException {
    return createTopics(2);
  }

  /** Creates all topics. With one partition, its newest visit alone makes the watermark. */
  public TestKafka createTopics(int partitions) throws InterruptedException, ExecutionException {
    Map<String, String> compacted =
        Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT);
    List<NewTopic> topics = new ArrayList<>();
    for (String name : List.of("visits", "sessions", "late-visits", "dead-letters")) {
      topics.add(newTopic(name, partitions, name.equals("sessions") ? compacted : Map.of()));
    }
    create(topics);
    return this;
  }

  /** Creates a topic with two partitions. */
  public void create(String name, Map<String, String> config)
      throws InterruptedException, ExecutionException {
    create(List.of(newTopic(name, 2, config)));
  }

  private NewTopic newTopic(String name, int partitions, Map<String, String> config) {
    return new NewTopic(topic(name), Optional.of(partitions), Optional.empty()).configs(config);
  }

  private static void create(List<NewTopic> topics)
      throws InterruptedException, ExecutionException {
    try (Admin admin = Admin.create(config())) {
      admin.createTopics(topics).all().get();
      TopicCreation.waitUntilWritable(admin, topics.stream().map(NewTopic::name).toList());
    }
  }

  /** Changes settings of a topic. */
  public void configure(String name, Map<String, String> settings)
      throws InterruptedException, ExecutionException {
    ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, topic(name));
    List<AlterConfigOp> changes =
        settings.entrySet().stream()
            .map(
                setting ->
                    new AlterConfigOp(
                        new ConfigEntry(setting.getKey(), setting.getValue()),
                        AlterConfigOp.OpType.SET))
            .toList();
    try (Admin admin = Admin.create(config())) {
      admin.incrementalAlterConfigs(Map.of(topic, changes)).all().get();
    }
  }

  /** The consumer group of a job with the topics of this test. */
  public String group() {
    return "sessionizer." + topic("visits") + "." + topic("sessions");
  }

  /** The flags that name the broker and the topics of this test, and {@code more}. */
  public String[] flags(String... more) {
    List<String> flags =
        new ArrayList<>(
            List.of(
                "--bootstrapServers=" + address(),
                "--visitsTopic=" + topic("visits"),
                "--sessionsTopic=" + topic("sessions"),
                "--lateVisitsTopic=" + topic("late-visits"),
                "--deadLettersTopic=" + topic("dead-letters")));
    flags.addAll(List.of(more));
    return flags.toArray(String[]::new);
  }

  /** A producer of bytes, with more settings. */
  public static KafkaProducer<byte[], byte[]> producer(Map<String, Object> more) {
    Map<String, Object> config = new HashMap<>(config());
    config.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, 8 << 20);
    config.putAll(more);
    return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
  }

  /** Writes values to a partition of the visits topic. */
  public void writeVisits(int partition, byte[]... values)
      throws InterruptedException, ExecutionException {
    try (var producer = producer(Map.of())) {
      for (byte[] value : values) {
        producer.send(new ProducerRecord<>(topic("visits"), partition, null, null, value)).get();
      }
    }
  }

  /** Opens the visits topic for writing, with patience for a broker that is short of CPU time. */
  public KafkaVisitSink visits() {
    Map<String, Object> patient = new HashMap<>(config());
    patient.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 300_000);
    patient.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 300_000);
    return KafkaVisitSink.open(topic("visits"), patient);
  }

  /** Writes generated visits to the visits topic. */
  public void generate(Traffic traffic) throws IOException, InterruptedException {
    try (KafkaVisitSink sink = visits()) {
      for (VisitGenerator visits = new VisitGenerator(traffic); visits.hasNext(); ) {
        sink.write(visits.next());
      }
      sink.flush();
    }
  }

  /** Writes records. */
  public static void write(List<ProducerRecord<byte[], byte[]>> records)
      throws InterruptedException, ExecutionException {
    try (var producer = producer(Map.of())) {
      List<Future<?>> writes = new ArrayList<>();
      records.forEach(record -> writes.add(producer.send(record)));
      for (Future<?> write : writes) {
        write.get();
      }
    }
  }

  /** Deletes the records of a partition of the visits topic before an offset, as retention does. */
  public void deleteVisits(int partition, long before)
      throws InterruptedException, ExecutionException {
    TopicPartition visits = new TopicPartition(topic("visits"), partition);
    try (Admin admin = Admin.create(config())) {
      admin.deleteRecords(Map.of(visits, RecordsToDelete.beforeOffset(before))).all().get();
    }
  }

  /** Deletes the visits topic and creates it anew. */
  public void createVisitsAnew(int partitions) throws InterruptedException, ExecutionException {
    NewTopic visits = new NewTopic(topic("visits"), Optional.of(partitions), Optional.empty());
    try (Admin admin = Admin.create(config())) {
      admin.deleteTopics(List.of(visits.name())).all().get();
      while (true) {
        try {
          admin.createTopics(List.of(visits)).all().get();
          TopicCreation.waitUntilWritable(admin, List.of(visits.name()));
          return;
        } catch (ExecutionException e) {
          if (!(e.getCause() instanceof TopicExistsException)) {
            throw e;
          }
        }
      }
    }
  }

  /** The id of the visits topic. */
  public String visitsId() throws InterruptedException, ExecutionException {
    String visits = topic("visits");
    try (Admin admin = Admin.create(config())) {
      return admin
          .describeTopics(List.of(visits))
          .topicNameValues()
          .get(visits)
          .get()
          .topicId()
          .toString();
    }
  }

  /** Commits an offset of the visits topic for a group that does not run. */
  public void commit(String group, int partition, long offset)
      throws InterruptedException, ExecutionException {
    TopicPartition visits = new TopicPartition(topic("visits"), partition);
    try (Admin admin = Admin.create(config())) {
      admin
          .alterConsumerGroupOffsets(group, Map.of(visits, new OffsetAndMetadata(offset)))
          .all()
          .get();
    }
  }

  /** Adds partitions to the visits topic. */
  public void growVisitsTo(int partitions) throws InterruptedException, ExecutionException {
    try (Admin admin = Admin.create(config())) {
      admin
          .createPartitions(Map.of(topic("visits"), NewPartitions.increaseTo(partitions)))
          .all()
          .get();
      while (admin.describeTopics(List.of(topic("visits"))).allTopicNames().get().values().stream()
          .anyMatch(topic -> topic.partitions().size() < partitions)) {
        Thread.onSpinWait();
      }
      TopicCreation.waitUntilWritable(admin, List.of(topic("visits")));
    }
  }

  /** The offsets that the job's group has committed, by partition of the visits topic. */
  public SortedMap<Integer, OffsetAndMetadata> committed()
      throws InterruptedException, ExecutionException {
    SortedMap<Integer, OffsetAndMetadata> committed = new TreeMap<>();
    try (Admin admin = Admin.create(config())) {
      admin
          .listConsumerGroupOffsets(group())
          .partitionsToOffsetAndMetadata()
          .get()
          .forEach(
              (partition, offset) -> {
                if (partition.topic().equals(topic("visits"))) {
                  committed.put(partition.partition(), offset);
                }
              });
    }
    return committed;
  }

  /** Reads a topic of this test up to its end, partition by partition in order. */
  public List<ConsumerRecord<byte[], byte[]>> read(String name) {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    Consumer<ConsumerRecord<byte[], byte[]>> add = records::add;
    try (RecordTail tail = RecordTail.fromBeginning(topic(name), config())) {
      tail.drain(add);
    }
    return records;
  }

  /**
   * Waits until there are so many records on a topic of this test.
   *
   * @param check fails if there will not be any more
   */
  public void awaitRecords(String name, int count, Runnable check) {
    AtomicInteger records = new AtomicInteger();
    try (RecordTail tail = RecordTail.fromBeginning(topic(name), config())) {
      while (records.get() < count) {
        check.run();
        tail.poll(record -> records.incrementAndGet());
      }
    }
  }

  /** The headers of a record as texts. */
  public static Map<String, String> headers(ConsumerRecord<byte[], byte[]> record) {
    Map<String, String> headers = new HashMap<>();
    for (Header header : record.headers()) {
      headers.put(header.key(), new String(header.value(), StandardCharsets.UTF_8));
    }
    return headers;
  }
}
