package io.sessionizer.bench.peers;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * What this machine can do at most: a consumer, a hash map and a producer for each partition, and
 * nothing that would survive a failure.
 */
final class FloorJob {
  private FloorJob() {}

  /** Runs the job; takes {@link PeerFlags}. */
  public static void main(String[] args) throws InterruptedException {
    PeerFlags flags = PeerFlags.parse(args);
    List<Thread> threads =
        IntStream.range(0, flags.parallelism())
            .mapToObj(partition -> new Thread(new FloorPartition(flags, partition)::run))
            .toList();
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      thread.join();
    }
  }

  /** Sessions of the visits of one partition. Those of a visit id are all in the same one. */
  private static final class FloorPartition {
    private static final long GAP = PeerFlags.GAP.toMillis();
    private static final long OUT_OF_ORDER = PeerFlags.MAX_OUT_OF_ORDERNESS.toMillis();
    private static final Duration POLL = Duration.ofMillis(100);

    private final PeerFlags flags;
    private final TopicPartition partition;
    private final PeerVisitReader reader = new PeerVisitReader();
    private final PeerSessionWriter writer = new PeerSessionWriter();
    private final Map<String, Open> open = new HashMap<>();

    /** Sessions by the second in which they end, as it was when they were put here. */
    private final TreeMap<Long, List<Open>> byCloseTime = new TreeMap<>();

    private final KafkaProducer<byte[], byte[]> producer;
    private long watermark = Long.MIN_VALUE;

    FloorPartition(PeerFlags flags, int number) {
      this.flags = flags;
      this.partition = new TopicPartition(flags.input(), number);
      Map<String, Object> config = new HashMap<>(KafkaClients.PRODUCER);
      config.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, flags.bootstrapServers());
      this.producer =
          new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    }

    void run() {
      Map<String, Object> config = new HashMap<>(KafkaClients.CONSUMER);
      config.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, flags.bootstrapServers());
      config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, KafkaClients.MAX_POLL_RECORDS);
      try (producer;
          KafkaConsumer<byte[], byte[]> consumer =
              new KafkaConsumer<>(
                  config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
        consumer.assign(List.of(partition));
        consumer.seekToBeginning(List.of(partition));
        long end =
            flags.bounded()
                ? consumer.endOffsets(List.of(partition)).get(partition)
                : Long.MAX_VALUE;
        while (consumer.position(partition) < end) {
          for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
            add(record.value());
          }
          close(watermark);
        }
        close(Long.MAX_VALUE);
      }
    }

    private void add(byte[] value) {
      PeerVisit visit;
      try {
        visit = reader.read(value);
      } catch (IOException e) {
        return;
      }
      Open first = open.get(visit.visitId);
      if (first != null && first.next == null && first.isNear(visit.timeMillis)) {
        first.add(visit);
      } else if (first != null || visit.timeMillis + GAP > watermark) {
        addToAnyOf(first, visit);
      }
      watermark = Math.max(watermark, visit.timeMillis - OUT_OF_ORDER);
    }

    /** Adds a visit to what it is near to, all of which becomes one session. */
    private void addToAnyOf(Open first, PeerVisit visit) {
      Open home = null;
      Open others = null;
      Open each = first;
      while (each != null) {
        Open next = each.next;
        if (!each.isNear(visit.timeMillis)) {
          each.next = others;
          others = each;
        } else if (home == null) {
          home = each;
        } else {
          home.takeOver(each);
        }
        each = next;
      }
      boolean isNew = home == null;
      if (home == null) {
        home = new Open();
      }
      home.add(visit);
      home.next = others;
      open.put(visit.visitId, home);
      if (isNew) {
        closeLater(home);
      }
    }

    private void closeLater(Open session) {
      byCloseTime
          .computeIfAbsent(session.endMillis() / 1000 + 1, second -> new ArrayList<>())
          .add(session);
    }

    private void close(long time) {
      while (!byCloseTime.isEmpty() && byCloseTime.firstKey() <= time / 1000) {
        for (Open session : byCloseTime.pollFirstEntry().getValue()) {
          if (session.isGone) {
            continue;
          }
          if (session.endMillis() <= time) {
            remove(session);
            write(session.session);
          } else {
            closeLater(session);
          }
        }
      }
    }

    private void remove(Open session) {
      String id = session.session.visitId;
      Open left = null;
      Open each = open.get(id);
      while (each != null) {
        Open next = each.next;
        if (each != session) {
          each.next = left;
          left = each;
        }
        each = next;
      }
      if (left == null) {
        open.remove(id);
      } else {
        open.put(id, left);
      }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // whoever reads the output sees what is missing
    private void write(PeerSession session) {
      session.sort();
      producer.send(
          new ProducerRecord<>(flags.output(), writer.key(session), writer.value(session)));
    }
  }

  /** A session that is not over; one of several of its visit id, sometimes. */
  private static final class Open {
    private final PeerSession session = new PeerSession();
    private long first = Long.MAX_VALUE;
    private long last = Long.MIN_VALUE;
    private Open next;
    private boolean isGone;

    boolean isNear(long timeMillis) {
      return timeMillis > first - FloorPartition.GAP && timeMillis < last + FloorPartition.GAP;
    }

    long endMillis() {
      return last + FloorPartition.GAP;
    }

    void add(PeerVisit visit) {
      session.add(visit);
      first = Math.min(first, visit.timeMillis);
      last = Math.max(last, visit.timeMillis);
    }

    void takeOver(Open other) {
      session.addAll(other.session);
      first = Math.min(first, other.first);
      last = Math.max(last, other.last);
      other.isGone = true;
    }
  }
}
