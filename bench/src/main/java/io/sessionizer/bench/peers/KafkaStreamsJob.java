package io.sessionizer.bench.peers;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.EmitStrategy;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.SessionWindows;
import org.apache.kafka.streams.state.BuiltInDslStoreSuppliers;
import org.apache.kafka.streams.state.SessionStore;

/**
 * Kafka Streams: session windows that are emitted when they close. Runs until it is stopped: it
 * knows no end of a topic.
 */
final class KafkaStreamsJob {
  /** By default what is older than gap and grace is lost, also if it has not been emitted yet. */
  private static final Duration RETENTION = Duration.ofDays(30);

  private KafkaStreamsJob() {}

  /** Runs the job; takes {@link PeerFlags}. */
  public static void main(String[] args) throws InterruptedException {
    PeerFlags flags = PeerFlags.parse(args);
    KafkaStreams streams = new KafkaStreams(topology(flags), config(flags));
    CountDownLatch ended = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  streams.close(Duration.ofSeconds(20));
                  ended.countDown();
                }));
    streams.start();
    ended.await();
  }

  private static Topology topology(PeerFlags flags) {
    StreamsBuilder builder = new StreamsBuilder();
    Serde<PeerVisit> visits = Serdes.serdeFrom(new NoSerializer<>(), new PeerVisitDeserializer());
    builder.stream(
            flags.input(),
            Consumed.with(Serdes.String(), visits)
                .withTimestampExtractor(
                    (record, time) ->
                        record.value() instanceof PeerVisit visit ? visit.timeMillis : -1))
        .groupByKey(Grouped.with(Serdes.String(), visits))
        .windowedBy(
            SessionWindows.ofInactivityGapAndGrace(
                PeerFlags.GAP_OF_CLOSED_WINDOWS, PeerFlags.MAX_OUT_OF_ORDERNESS))
        .emitStrategy(EmitStrategy.onWindowClose())
        .aggregate(
            PeerSession::new,
            (id, visit, session) -> {
              session.add(visit);
              return session;
            },
            (id, one, other) -> {
              one.addAll(other);
              return one;
            },
            Materialized.<String, PeerSession, SessionStore<Bytes, byte[]>>as("sessions")
                .withKeySerde(Serdes.String())
                .withValueSerde(
                    Serdes.serdeFrom(new SessionSerializer(), new SessionDeserializer()))
                .withRetention(RETENTION))
        .toStream()
        .map(new WriteSession()::write)
        .to(flags.output(), Produced.with(Serdes.ByteArray(), Serdes.ByteArray()));
    return builder.build();
  }

  private static Properties config(PeerFlags flags) {
    Properties config = new Properties();
    config.put(StreamsConfig.APPLICATION_ID_CONFIG, flags.output() + "-streams");
    config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, flags.bootstrapServers());
    config.put(StreamsConfig.STATE_DIR_CONFIG, flags.folder().toString());
    config.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, flags.parallelism());
    config.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, PeerFlags.CHECKPOINT_INTERVAL.toMillis());
    config.put(
        StreamsConfig.DSL_STORE_SUPPLIERS_CLASS_CONFIG,
        flags.state().equals("heap")
            ? BuiltInDslStoreSuppliers.InMemoryDslStoreSuppliers.class
            : BuiltInDslStoreSuppliers.RocksDBDslStoreSuppliers.class);
    config.put(StreamsConfig.consumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
    config.put(
        StreamsConfig.consumerPrefix(ConsumerConfig.MAX_POLL_RECORDS_CONFIG),
        KafkaClients.MAX_POLL_RECORDS);
    KafkaClients.CONSUMER.forEach(
        (name, value) -> config.put(StreamsConfig.consumerPrefix(name), value));
    KafkaClients.PRODUCER.forEach(
        (name, value) -> config.put(StreamsConfig.producerPrefix(name), value));
    return config;
  }

  /** Each thread has a writer of its own. */
  private static final class WriteSession {
    private final ThreadLocal<PeerSessionWriter> writers =
        ThreadLocal.withInitial(PeerSessionWriter::new);

    KeyValue<byte[], byte[]> write(Object window, PeerSession session) {
      session.sort();
      PeerSessionWriter writer = writers.get();
      return KeyValue.pair(writer.key(session), writer.value(session));
    }
  }

  /** Malformed records are left out. */
  private static final class PeerVisitDeserializer implements Deserializer<PeerVisit> {
    private final ThreadLocal<PeerVisitReader> readers =
        ThreadLocal.withInitial(PeerVisitReader::new);

    @Override
    public PeerVisit deserialize(String topic, byte[] json) {
      try {
        return readers.get().read(json);
      } catch (IOException e) {
        return null;
      }
    }
  }

  /** Visits are read only. */
  private static final class NoSerializer<T> implements Serializer<T> {
    @Override
    public byte[] serialize(String topic, T value) {
      throw new UnsupportedOperationException("visits are read only");
    }
  }

  private static final class SessionSerializer implements Serializer<PeerSession> {
    @Override
    public byte[] serialize(String topic, PeerSession session) {
      if (session == null) {
        return null;
      }
      ByteArrayOutputStream bytes = new ByteArrayOutputStream(128 + 24 * session.size);
      try (DataOutputStream out = new DataOutputStream(bytes)) {
        out.writeUTF(session.visitId);
        out.writeUTF(session.userId);
        out.writeLong(session.userMillis);
        out.writeInt(session.size);
        for (int i = 0; i < session.size; i++) {
          out.writeLong(session.times[i]);
          out.writeUTF(session.pages[i]);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return bytes.toByteArray();
    }
  }

  private static final class SessionDeserializer implements Deserializer<PeerSession> {
    @Override
    public PeerSession deserialize(String topic, byte[] bytes) {
      if (bytes == null) {
        return null;
      }
      PeerSession session = new PeerSession();
      try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
        session.visitId = in.readUTF();
        session.userId = in.readUTF();
        session.userMillis = in.readLong();
        int size = in.readInt();
        session.reserve(size + 1);
        for (int i = 0; i < size; i++) {
          session.append(in.readLong(), in.readUTF());
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return session;
    }
  }
}
