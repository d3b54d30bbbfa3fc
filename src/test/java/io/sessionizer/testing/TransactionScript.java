package io.sessionizer.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Plays scripts of transactional producers, a line each: PRODUCER, a blank, and {@code begin},
 * {@code commit}, {@code abort}, or a record: PARTITION, tab, key ({@code \N} is null), tab, value.
 * Closing it leaves open transactions open.
 */
public final class TransactionScript implements AutoCloseable {
  private final String topic;
  private final Map<String, KafkaProducer<byte[], byte[]>> producers = new HashMap<>();

  /** Plays scripts on a topic. */
  public TransactionScript(String topic) {
    this.topic = topic;
  }

  /** Plays a script of the test resources, which has one partition, on another partition. */
  public TransactionScript playFile(String name, int partition)
      throws IOException, InterruptedException, ExecutionException {
    String script = Files.readString(Path.of("src", "test", "resources", "transactions", name));
    return play(script.replace(" 0\t", " " + partition + "\t"));
  }

  /** Plays a script, or continues one. */
  public TransactionScript play(String script) throws InterruptedException, ExecutionException {
    for (String line : script.lines().toList()) {
      String[] parts = line.split(" ", 2);
      KafkaProducer<byte[], byte[]> producer =
          producers.computeIfAbsent(parts[0], this::startProducer);
      switch (parts[1]) {
        case "begin" -> producer.beginTransaction();
        case "commit" -> producer.commitTransaction();
        case "abort" -> producer.abortTransaction();
        default -> producer.send(record(parts[1].split("\t", 3))).get();
      }
    }
    return this;
  }

  private KafkaProducer<byte[], byte[]> startProducer(String name) {
    KafkaProducer<byte[], byte[]> producer =
        TestKafka.producer(Map.of(ProducerConfig.TRANSACTIONAL_ID_CONFIG, topic + "-" + name));
    producer.initTransactions();
    return producer;
  }

  private ProducerRecord<byte[], byte[]> record(String[] fields) {
    byte[] key = fields[1].equals("\\N") ? null : fields[1].getBytes(UTF_8);
    return new ProducerRecord<>(topic, Integer.valueOf(fields[0]), key, fields[2].getBytes(UTF_8));
  }

  @Override
  public void close() {
    producers.values().forEach(producer -> producer.close(Duration.ZERO));
  }
}
