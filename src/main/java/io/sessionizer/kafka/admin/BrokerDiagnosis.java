package io.sessionizer.kafka.admin;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * The reason why no Kafka broker has responded. Kafka's clients try until they time out, and report
 * only that; what went wrong is in their logs alone.
 */
final class BrokerDiagnosis {
  private static final String NAME_YOURS = "name yours with --bootstrapServers=HOST:PORT";

  private final List<String> servers;
  private final Map<String, String> clientConfig;
  private final String configFlag;

  /**
   * Creates a diagnosis; it connects to nothing yet.
   *
   * @param bootstrapServers HOST:PORT, several with commas between them
   * @param clientConfig settings of the user
   * @param configFlag the flag that they come from
   */
  BrokerDiagnosis(String bootstrapServers, Map<String, String> clientConfig, String configFlag) {
    this.servers = List.of(bootstrapServers.strip().split("\\s*,\\s*"));
    this.clientConfig = clientConfig;
    this.configFlag = configFlag;
  }

  /**
   * Returns what is wrong, and what to do about it, in one line.
   *
   * @param timeout how long there was no response
   */
  String reason(Duration timeout) {
    List<String> faults = new ArrayList<>();
    for (String server : servers) {
      Optional<String> fault = new ListenerProbe(server).connectionFault();
      if (fault.isEmpty()) {
        return reasonAtListener(server, timeout);
      }
      faults.add(fault.get());
    }
    return "no Kafka broker responds at %s%s: %s; start one with ./sessionizer broker, or %s"
        .formatted(
            String.join(",", servers),
            timeout.isZero() ? "" : " within " + timeout.toSeconds() + " s",
            servers.size() == 1
                ? faults.get(0).replace(" at " + servers.get(0), " there")
                : String.join(", ", faults),
            NAME_YOURS);
  }

  private String reasonAtListener(String server, Duration timeout) {
    Collection<Node> advertised = advertisedBrokers();
    var response =
        advertised.isEmpty() // no response, or no topic
            ? new ListenerProbe(server).response()
            : new ListenerProbe.ProbeResult(ListenerProbe.Protocol.KAFKA, advertised);
    return unreachable(server, response.brokers())
        .orElseGet(() -> reason(server, response.protocol(), timeout));
  }

  private static Optional<String> unreachable(String server, Collection<Node> brokers) {
    List<String> faults =
        brokers.stream()
            .map(broker -> new ListenerProbe(address(broker)).connectionFault())
            .flatMap(Optional::stream)
            .toList();
    return faults.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "Kafka at %s advertises itself as %s, which this machine cannot reach (%s): set advertised.listeners of the broker to an address that its clients can reach"
                .formatted(
                    server,
                    brokers.stream().map(BrokerDiagnosis::address).collect(Collectors.joining(",")),
                    String.join(", ", faults)));
  }

  private String reason(String server, ListenerProbe.Protocol protocol, Duration timeout) {
    return switch (protocol) {
      case HTTP ->
          "the server at %s is a web server, not a Kafka broker: %s".formatted(server, NAME_YOURS);
      case TLS ->
          "the listener at %s expects TLS: set security.protocol=SSL (or SASL_SSL) in %s=FILE"
              .formatted(server, configFlag);
      case KAFKA_WITH_AUTHENTICATION ->
          "Kafka at %s requires authentication: set security.protocol=SASL_PLAINTEXT, sasl.mechanism and sasl.jaas.config in %s=FILE"
              .formatted(server, configFlag);
      case KAFKA ->
          usesTls()
              ? "Kafka at %s does not use TLS on this port, but security.protocol in %s requires it: name its TLS port with --bootstrapServers"
                  .formatted(server, configFlag)
              : "Kafka at %s responds, but takes longer than %s s"
                  .formatted(server, timeout.toSeconds());
      case UNKNOWN ->
          "the listener at %s does not respond as a Kafka broker within %s s: %s (and %s=FILE, if it expects TLS or credentials)"
              .formatted(server, timeout.toSeconds(), NAME_YOURS, configFlag);
    };
  }

  private static String address(Node broker) {
    return broker.host() + ":" + broker.port();
  }

  /**
   * Returns the brokers as they advertise themselves to a consumer, whose first request goes to the
   * bootstrap servers as they were named; none if there is no response.
   */
  private Set<Node> advertisedBrokers() {
    Map<String, Object> config = new HashMap<>(clientConfig);
    config.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, String.join(",", servers));
    config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    try (var consumer =
        new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      return consumer.listTopics(ListenerProbe.RESPONSE_TIMEOUT).values().stream()
          .flatMap(List::stream)
          .map(partition -> partition.leader())
          .filter(Objects::nonNull)
          .collect(Collectors.toCollection(LinkedHashSet::new));
    } catch (KafkaException e) {
      return Set.of();
    }
  }

  private boolean usesTls() {
    String protocol = clientConfig.get(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG);
    return protocol != null && protocol.endsWith("SSL");
  }
}
