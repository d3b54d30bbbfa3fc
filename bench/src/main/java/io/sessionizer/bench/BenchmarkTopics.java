package io.sessionizer.bench;

import io.sessionizer.kafka.admin.TopicCreation;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.TopicConfig;

/** Makes topics, deletes them, and looks how long they are. */
final class BenchmarkTopics implements AutoCloseable {
  private final Admin admin;
  private final int partitions;

  BenchmarkTopics(String servers, int partitions) {
    this.admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, servers));
    this.partitions = partitions;
  }

  /** Makes topics whose records have the time at which the broker took them. */
  void create(Collection<String> names) throws IOException, InterruptedException {
    Map<String, String> config =
        Map.of(
            TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG,
            "LogAppendTime",
            TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
            String.valueOf(8 << 20));
    List<NewTopic> topics =
        names.stream()
            .map(name -> new NewTopic(name, Optional.of(partitions), Optional.empty()))
            .map(topic -> topic.configs(config))
            .toList();
    get(admin.createTopics(topics).all());
    try {
      TopicCreation.waitUntilWritable(admin, names);
    } catch (ExecutionException e) {
      throw failure(e);
    }
  }

  /** Deletes all topics whose names begin like this. */
  void deleteAll(String prefix) throws IOException, InterruptedException {
    Set<String> names = new TreeSet<>(get(admin.listTopics().names()));
    names.removeIf(name -> !name.startsWith(prefix));
    get(admin.deleteTopics(names).all());
  }

  /** Returns how many records were ever written to a topic. */
  long records(String name) throws IOException, InterruptedException {
    Map<TopicPartition, OffsetSpec> latest =
        IntStream.range(0, partitions)
            .mapToObj(partition -> new TopicPartition(name, partition))
            .collect(Collectors.toMap(Function.identity(), partition -> OffsetSpec.latest()));
    return get(admin.listOffsets(latest).all()).values().stream()
        .mapToLong(ListOffsetsResultInfo::offset)
        .sum();
  }

  @Override
  public void close() {
    admin.close();
  }

  private static <T> T get(KafkaFuture<T> future) throws IOException, InterruptedException {
    try {
      return future.get();
    } catch (ExecutionException e) {
      throw failure(e);
    }
  }

  private static IOException failure(ExecutionException e) {
    return new IOException("the broker: " + e.getCause().getMessage(), e);
  }
}
