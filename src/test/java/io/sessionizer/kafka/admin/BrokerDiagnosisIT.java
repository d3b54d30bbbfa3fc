package io.sessionizer.kafka.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.net.httpserver.HttpServer;
import io.sessionizer.broker.FreePort;
import io.sessionizer.broker.LocalBroker;
import io.sessionizer.broker.LocalTopics;
import io.sessionizer.config.NotReadyException;
import io.sessionizer.config.TopicNames;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The reasons reported when no broker responds. */
class BrokerDiagnosisIT {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final String START_BROKER =
      "; start one with ./sessionizer broker, or name yours with --bootstrapServers=HOST:PORT";

  private static final String PLAIN_MODULE =
      "org.apache.kafka.common.security.plain.PlainLoginModule required ";

  @TempDir private static Path folder;
  private static String plain;
  private static String elsewhere;
  private static String authenticated;
  private static LocalBroker broker;

  @BeforeAll
  static void startBrokerWithThreeListeners() throws Exception {
    plain = "127.0.0.1:" + FreePort.choose();
    elsewhere = "127.0.0.1:" + FreePort.choose();
    authenticated = "127.0.0.1:" + FreePort.choose();
    String controller = "127.0.0.1:" + FreePort.choose();
    broker =
        LocalBroker.start(
            folder,
            Integer.parseInt(plain.replaceFirst(".*:", "")),
            Map.of(
                "listeners",
                "PLAINTEXT://%s,LOGIN://%s,ELSEWHERE://%s,CONTROLLER://%s"
                    .formatted(plain, authenticated, elsewhere, controller),
                "advertised.listeners",
                "PLAINTEXT://%s,LOGIN://kafka.invalid:29093,ELSEWHERE://kafka.invalid:29092"
                    .formatted(plain),
                "controller.quorum.voters",
                "1@" + controller,
                "listener.security.protocol.map",
                "PLAINTEXT:PLAINTEXT,ELSEWHERE:PLAINTEXT,LOGIN:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT",
                "sasl.enabled.mechanisms",
                "PLAIN",
                "listener.name.login.plain.sasl.jaas.config",
                PLAIN_MODULE + "user_kim=\"x\";"));
  }

  @AfterAll
  static void stopBroker() {
    if (broker != null) {
      broker.close();
    }
  }

  /** A broker listens that clients cannot use. */
  @Nested
  class Kafka {
    @Test
    void namesUnreachableAdvertisedListener() {
      assertEquals(
          "Kafka at %s advertises itself as kafka.invalid:29092, which this machine cannot reach (there is no host kafka.invalid): set advertised.listeners of the broker to an address that its clients can reach"
              .formatted(elsewhere),
          Assertions.assertThrows(
                  NotReadyException.class,
                  () ->
                      new TopicCheck(elsewhere, Map.of(), "--clientConfig")
                          .requireTopics(List.of("visits"), TopicNames.USUAL))
              .getMessage());
    }

    @Test
    void namesMissingAuthentication() {
      assertEquals(
          "Kafka at %s requires authentication: set security.protocol=SASL_PLAINTEXT, sasl.mechanism and sasl.jaas.config in --clientConfig=FILE"
              .formatted(authenticated),
          reason(authenticated, Map.of()));
    }

    @Test
    void namesAdvertisedListenerBehindAuthentication() throws Exception {
      LocalTopics.create(broker.address());
      assertEquals(
          "Kafka at %s advertises itself as kafka.invalid:29093, which this machine cannot reach (there is no host kafka.invalid): set advertised.listeners of the broker to an address that its clients can reach"
              .formatted(authenticated),
          reason(
              authenticated,
              Map.of(
                  "security.protocol",
                  "SASL_PLAINTEXT",
                  "sasl.mechanism",
                  "PLAIN",
                  "sasl.jaas.config",
                  PLAIN_MODULE + "username=\"kim\" password=\"x\";")));
    }

    @Test
    void namesBrokerWithoutTls() {
      assertEquals(
          "Kafka at %s does not use TLS on this port, but security.protocol in --clientConfig requires it: name its TLS port with --bootstrapServers"
              .formatted(plain),
          reason(plain, Map.of("security.protocol", "SSL")));
    }
  }

  @Nested
  class OtherListener {
    @Test
    void distinguishesWebServer() throws Exception {
      HttpServer web =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
      web.start();
      try {
        String address = "127.0.0.1:" + web.getAddress().getPort();
        assertEquals(
            "the server at %s is a web server, not a Kafka broker: name yours with --bootstrapServers=HOST:PORT"
                .formatted(address),
            reason(address, Map.of()));
      } finally {
        web.stop(0);
      }
    }

    @Test
    void distinguishesSilentListener() throws Exception {
      try (ServerSocket silent = new ServerSocket(0, 9, InetAddress.getLoopbackAddress())) {
        String address = "127.0.0.1:" + silent.getLocalPort();
        assertEquals(
            "the listener at %s does not respond as a Kafka broker within 10 s: name yours with --bootstrapServers=HOST:PORT (and --clientConfig=FILE, if it expects TLS or credentials)"
                .formatted(address),
            reason(address, Map.of()));
      }
    }
  }

  @Nested
  class NoListener {
    @Test
    void namesClosedPortsAndUnknownHosts() throws Exception {
      String closed = "127.0.0.1:" + FreePort.choose();
      assertEquals(
          "no Kafka broker responds at %s within 10 s: nothing listens there".formatted(closed)
              + START_BROKER,
          reason(closed, Map.of()));
      assertEquals(
          "no Kafka broker responds at kafka.invalid:9092,%1$s within 10 s: there is no host kafka.invalid, nothing listens at %1$s"
                  .formatted(closed)
              + START_BROKER,
          reason("kafka.invalid:9092, " + closed, Map.of()));
      for (String other : List.of("kafka", "kafka:", "kafka:99999")) {
        assertEquals(
            "no Kafka broker responds at %1$s within 10 s: '%1$s' is not of the form HOST:PORT"
                    .formatted(other)
                + START_BROKER,
            reason(other, Map.of()));
      }
    }

    @ParameterizedTest
    @CsvSource({
      "kafka.invalid:9092, there is no host kafka.invalid",
      "kafka:99999, '''kafka:99999'' is not of the form HOST:PORT'",
    })
    void unusableAddressIsNoClientSetting(String address, String fault) {
      assertEquals(
          "no Kafka broker responds at " + address + ": " + fault + START_BROKER,
          Assertions.assertThrows(
                  NotReadyException.class,
                  () ->
                      new TopicCheck(address, Map.of(), "--clientConfig")
                          .requireTopics(List.of("visits"), TopicNames.USUAL))
              .getMessage());
    }
  }

  private static String reason(String address, Map<String, String> config) {
    return new BrokerDiagnosis(address, config, "--clientConfig").reason(TIMEOUT);
  }
}
