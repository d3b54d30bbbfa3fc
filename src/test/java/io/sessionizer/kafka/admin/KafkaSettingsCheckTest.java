package io.sessionizer.kafka.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sessionizer.config.NotReadyException;
import io.sessionizer.config.Settings;
import io.sessionizer.kafka.ResolvedClientSettings;
import io.sessionizer.kafka.WriteRecords;
import io.sessionizer.launch.Flags;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.provider.FileConfigProvider;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Kafka settings that the job rejects, and others that it accepts. */
class KafkaSettingsCheckTest {
  private static final int MAX_SESSION_BYTES = 900_000;

  @TempDir private Path folder;

  @Nested
  class ForWriting {
    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "transactional.id=x | must not be set: records are written without transactions; leave this setting out",
          "acks=1 | must be all: a record that not all replicas have can be lost; leave this setting out",
          "acks=0 | must be all: a record that not all replicas have can be lost; leave this setting out",
          "acks=two | must be all: a record that not all replicas have can be lost; leave this setting out",
          "enable.idempotence=false | must be true: a retry could write an older revision behind a"
              + " newer one; leave this setting out",
          "retries=0 | must be 1 or more: a retry could write an older revision behind a newer one;"
              + " leave this setting out",
          "max.in.flight.requests.per.connection=6 | must be 5 or less: a retry could write an"
              + " older revision behind a newer one; leave this setting out",
          "partitioner.class=x.Y | must not be set: all records of a visit id are in one partition;"
              + " leave this setting out",
          "partitioner.ignore.keys=true | must be false: all records of a visit id are in one"
              + " partition; leave this setting out",
          "max.request.size=899999 | must be 900000 or more: a session may have that many bytes"
              + " (--maxSessionBytes); leave this setting out",
          "buffer.memory=899999 | must be 900000 or more: a session may have that many bytes"
              + " (--maxSessionBytes); leave this setting out",
        })
    void rejectsUnsafeProducerSettings(String setting, String problem) {
      assertEquals(
          List.of("--producerConfig=" + setting + ": " + problem),
          KafkaSettingsCheck.writing(config(setting), MAX_SESSION_BYTES).problems());
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "acks=all",
          "acks=-1",
          "enable.idempotence=true",
          "max.in.flight.requests.per.connection=5",
          "retries=1",
          "partitioner.ignore.keys=false",
          "max.request.size=900000",
          "compression.type=zstd",
          "linger.ms=5",
          "client.id=me",
          "key.serializer=org.apache.kafka.common.serialization.StringSerializer",
          "value.serializer=com.example.OfAnotherProgram",
          "bootstrap.servers=elsewhere:9092",
          "isolation.level=of another client",
          "name.of.a.plugin=x",
        })
    void acceptsOtherProducerSettings(String setting) {
      assertEquals(
          List.of(), KafkaSettingsCheck.writing(config(setting), MAX_SESSION_BYTES).problems());
    }

    /** Larger dead letters are cut, or the job would fail at the first one forever. */
    @Test
    void requestSizeFollowsSmallerLimit() {
      assertEquals(32 << 20, WriteRecords.maxRequestBytes(Map.of()));
      assertEquals(1_000_000, WriteRecords.maxRequestBytes(Map.of("max.request.size", "1000000")));
      assertEquals(
          1_000_000,
          WriteRecords.maxRequestBytes(
              Map.of("max.request.size", "2000000", "buffer.memory", "1000000")));
    }
  }

  @Nested
  class ForReading {
    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "enable.auto.commit=true | must be false: the job commits offsets with its"
              + " checkpoints; automatic commits could lose visits; leave this setting out",
          "auto.offset.reset=latest | must be earliest: after retention has deleted records, the"
              + " job resumes at the earliest one that is left; set where to start with --startFrom",
          "auto.offset.reset=none | must be earliest: after retention has deleted records, the job"
              + " resumes at the earliest one that is left; set where to start with --startFrom",
          "group.id= | must not be empty: offsets are committed under it",
          "fetch.max.wait.ms=15001 | requests would time out before a record is read: set"
              + " fetch.max.wait.ms (15001) to at most half of request.timeout.ms (30000)",
          "request.timeout.ms=999 | requests would time out before a record is read: set"
              + " fetch.max.wait.ms (500) to at most half of request.timeout.ms (999)",
        })
    void rejectsUnsafeConsumerSettings(String setting, String problem) {
      assertEquals(
          List.of("--consumerConfig=" + setting + ": " + problem),
          KafkaSettingsCheck.reading(config(setting)).problems());
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "enable.auto.commit=false",
          "auto.offset.reset=earliest",
          "fetch.max.wait.ms=15000",
          "request.timeout.ms=1000",
          "group.id=mine",
          "group.instance.id=x",
          "isolation.level=read_committed",
          "max.poll.records=1",
          "client.rack=a",
          "key.deserializer=org.apache.kafka.common.serialization.StringDeserializer",
          "value.deserializer=com.example.OfAnotherProgram",
          "allow.auto.create.topics=false",
          "exclude.internal.topics=false",
          "acks=of another client",
        })
    void acceptsOtherConsumerSettings(String setting) {
      assertEquals(List.of(), KafkaSettingsCheck.reading(config(setting)).problems());
    }
  }

  @Test
  void reportsEverySettingAtOnce() throws Exception {
    Settings settings =
        Flags.parse(
                "--consumerConfig=isolation.level=read_comitted",
                "--consumerConfig=max.poll.records=0",
                "--consumerConfig=enable.auto.commit=true",
                "--producerConfig=compression.type=zst",
                "--producerConfig=acks=1")
            .settings();
    assertEquals(
        List.of(
            "--consumerConfig=enable.auto.commit=true: must be false: the job commits"
                + " offsets with its checkpoints; automatic commits could lose visits; leave this"
                + " setting out",
            "--consumerConfig: Invalid value read_comitted for configuration isolation.level:"
                + " String must be one of: read_committed, read_uncommitted",
            "--consumerConfig: Invalid value 0 for configuration max.poll.records: Value must be at"
                + " least 1",
            "--producerConfig=acks=1: must be all: a record that not all replicas have can be lost;"
                + " leave this setting out",
            "--producerConfig: Invalid value zst for configuration compression.type: String must be"
                + " one of: none, gzip, snappy, lz4, zstd"),
        problems(settings));
  }

  /** Values that a config provider looks up. */
  @Nested
  class References {
    @Test
    void checksReferencedValuesWithoutShowingThem() throws Exception {
      Path secrets =
          Files.writeString(
              folder.resolve("secrets"), "acks=1\ncompression=sesame\nlogin=sesame\n");
      Map<String, String> config =
          Map.of(
              "config.providers", "file",
              "config.providers.file.class", FileConfigProvider.class.getName(),
              "acks", "${file:" + secrets + ":acks}",
              "compression.type", "${file:" + secrets + ":compression}",
              "sasl.jaas.config", "${file:" + secrets + ":login}");
      List<String> problems = KafkaSettingsCheck.writing(config, MAX_SESSION_BYTES).problems();
      assertEquals(
          List.of(
              "--producerConfig=acks=${file:SECRETS:acks}: must be all: a record that not all"
                  + " replicas have can be lost; leave this setting out",
              "--producerConfig=compression.type=${file:SECRETS:compression}: the value that it"
                  + " refers to is not valid for compression.type"),
          problems.stream().map(p -> p.replace(secrets.toString(), "SECRETS")).toList());
      assertFalse(problems.toString().contains("sesame"), problems.toString());
    }

    /** A byte order mark in front of the file's first name, for one, makes it another name. */
    @Test
    void namesMissingReference() throws Exception {
      Path secrets = Files.writeString(folder.resolve("secrets"), "\uFEFFlogin=sesame\n");
      String reference = "${file:" + secrets + ":login}";
      assertEquals(
          List.of(
              "--consumerConfig: sasl.jaas.config refers to "
                  + reference
                  + ", which its config provider does not have"),
          KafkaSettingsCheck.reading(
                  Map.of(
                      "config.providers",
                      "file",
                      "config.providers.file.class",
                      FileConfigProvider.class.getName(),
                      "sasl.jaas.config",
                      reference))
              .problems());
    }

    @Test
    void passwordMayLookLikeReference() {
      ResolvedClientSettings given =
          KafkaSettingsCheck.reading(Map.of("ssl.truststore.password", "${open:sesame}"));
      assertEquals(List.of(), given.problems());
      assertEquals(
          List.of(
              "--consumerConfig: ssl.truststore.password looks like a reference, but"
                  + " config.providers names no provider for it"),
          given.warnings());
    }
  }

  private static List<String> problems(Settings settings) {
    return assertThrows(
            NotReadyException.class, () -> KafkaSettingsCheck.require(settings, MAX_SESSION_BYTES))
        .problems();
  }

  private static Map<String, String> config(String setting) {
    String[] nameAndValue = setting.split("=", 2);
    return Map.of(nameAndValue[0], nameAndValue[1]);
  }
}
