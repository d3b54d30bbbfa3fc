package io.sessionizer.kafka.admin;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
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
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.MetadataResponse;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.utils.Utils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out why no Kafka broker has answered. Kafka's clients try for as long as they may, and then
 * say that the time is over; what they met on the way only their logs have.
 */
final class BrokerDiagnosis {
  private static final Logger LOG = LoggerFactory.getLogger(BrokerDiagnosis.class);
  private static final Duration CONNECT_PATIENCE = Duration.ofSeconds(2);
  private static final Duration ANSWER_PATIENCE = Duration.ofSeconds(3);

  private static final String YOURS = "name yours with --bootstrapServers=HOST:PORT";

  private static final short VERSIONS_VERSION = 0;
  private static final short METADATA_VERSION = 1;
  private static final int MAX_ANSWER = 1 << 20;

  /** An array of none. */
  private static final byte[] NO_TOPICS = new byte[4];

  private final List<String> servers;
  private final Map<String, String> clientConfig;
  private final String configFlag;

  /**
   * Prepares to look.
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
   * @param waited for how long there was no answer
   */
  String whyNoAnswer(Duration waited) {
    List<String> faults = new ArrayList<>();
    for (String server : servers) {
      Optional<String> fault = connectionFault(server);
      if (fault.isEmpty()) {
        return whyConnectedHasNoAnswer(server, waited);
      }
      faults.add(fault.get());
    }
    return "no Kafka broker answers at %s%s: %s; start one with ./sessionizer broker, or %s"
        .formatted(
            String.join(",", servers),
            waited.isZero() ? "" : " within " + waited.toSeconds() + " s",
            servers.size() == 1
                ? faults.get(0).replace(" at " + servers.get(0), " there")
                : String.join(", ", faults),
            YOURS);
  }

  private String whyConnectedHasNoAnswer(String server, Duration waited) {
    Collection<Node> brokers = brokers();
    Listener listener = Listener.KAFKA;
    if (brokers.isEmpty()) { // no answer, or no topic
      BrokerResponse answer = whatListens(server);
      brokers = answer.brokers();
      listener = answer.listener();
    }
    List<String> unreachable =
        brokers.stream()
            .map(broker -> connectionFault(address(broker)))
            .flatMap(Optional::stream)
            .toList();
    if (!unreachable.isEmpty()) {
      return "Kafka at %s advertises itself as %s, which this machine cannot reach (%s): set advertised.listeners of the broker to an address that its clients reach"
          .formatted(
              server,
              brokers.stream().map(BrokerDiagnosis::address).collect(Collectors.joining(",")),
              String.join(", ", unreachable));
    }
    return switch (listener) {
      case HTTP ->
          "what listens at %s is a web server, not a Kafka broker: %s".formatted(server, YOURS);
      case TLS ->
          "what listens at %s expects TLS: set security.protocol=SSL (or SASL_SSL) in %s=FILE"
              .formatted(server, configFlag);
      case KAFKA_WITH_AUTHENTICATION ->
          "Kafka at %s requires authentication: set security.protocol=SASL_PLAINTEXT, sasl.mechanism and sasl.jaas.config in %s=FILE"
              .formatted(server, configFlag);
      case KAFKA ->
          wantsTls()
              ? "Kafka at %s speaks no TLS there, which security.protocol of %s asks for: name its port for TLS"
                  .formatted(server, configFlag)
              : "Kafka at %s answers, but not within %s s".formatted(server, waited.toSeconds());
      case UNKNOWN ->
          "what listens at %s does not answer as a Kafka broker within %s s: %s (and %s=FILE, if it expects TLS or credentials)"
              .formatted(server, waited.toSeconds(), YOURS, configFlag);
    };
  }

  private static InetAddress[] addresses(String server) {
    try {
      return InetAddress.getAllByName(Utils.getHost(server));
    } catch (UnknownHostException e) {
      return new InetAddress[0];
    }
  }

  /** Why nobody can be reached at {@code HOST:PORT}; nothing if somebody can. */
  private static Optional<String> connectionFault(String server) {
    Integer port = Utils.getPort(server);
    if (port == null || port < 1 || port >= 1 << 16) {
      return Optional.of("'" + server + "' is not of the form HOST:PORT");
    }
    InetAddress[] addresses = addresses(server);
    if (addresses.length == 0) {
      return Optional.of("there is no host " + Utils.getHost(server));
    }
    String fault = "";
    for (InetAddress address : addresses) {
      try {
        connect(new InetSocketAddress(address, port)).close();
        return Optional.empty();
      } catch (ConnectException e) {
        fault = "nothing listens at " + server;
      } catch (IOException e) {
        fault = server + " takes no connection (" + e.getMessage() + ")";
      }
    }
    return Optional.of(fault);
  }

  private static Socket connect(InetSocketAddress listener) throws IOException {
    Socket socket = new Socket();
    try {
      socket.connect(listener, (int) CONNECT_PATIENCE.toMillis());
      socket.setSoTimeout((int) ANSWER_PATIENCE.toMillis());
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  private static String address(Node broker) {
    return broker.host() + ":" + broker.port();
  }

  /**
   * The brokers as they call themselves, of a consumer, whose first question goes to the bootstrap
   * servers as they were named; none if there is no answer.
   */
  private Set<Node> brokers() {
    Map<String, Object> config = new HashMap<>(clientConfig);
    config.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, String.join(",", servers));
    config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    try (var consumer =
        new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      return consumer.listTopics(ANSWER_PATIENCE).values().stream()
          .flatMap(List::stream)
          .map(partition -> partition.leader())
          .filter(Objects::nonNull)
          .collect(Collectors.toCollection(LinkedHashSet::new));
    } catch (KafkaException e) {
      return Set.of();
    }
  }

  private boolean wantsTls() {
    String protocol = clientConfig.get(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG);
    return protocol != null && protocol.endsWith("SSL");
  }

  /**
   * What answered.
   *
   * @param brokers as they advertise themselves
   */
  private record BrokerResponse(Listener listener, Collection<Node> brokers) {
    static BrokerResponse of(Listener listener) {
      return new BrokerResponse(listener, List.of());
    }
  }

  private enum Listener {
    KAFKA,
    KAFKA_WITH_AUTHENTICATION,
    TLS,
    HTTP,
    UNKNOWN
  }

  private static BrokerResponse whatListens(String server) {
    for (InetAddress address : addresses(server)) {
      InetSocketAddress listener = new InetSocketAddress(address, Utils.getPort(server));
      try {
        BrokerResponse answer = asKafka(listener);
        return answer.listener() == Listener.UNKNOWN && isWeb(listener)
            ? BrokerResponse.of(Listener.HTTP)
            : answer;
      } catch (IOException e) {
        LOG.debug("asking {} at {}", server, address, e); // the next one, as a client does
      }
    }
    return BrokerResponse.of(Listener.UNKNOWN);
  }

  /** Asks in plain text, as Kafka's clients do without other settings, and looks at the answer. */
  private static BrokerResponse asKafka(InetSocketAddress listener) throws IOException {
    try (Socket socket = connect(listener)) {
      socket.getOutputStream().write(request(ApiKeys.API_VERSIONS, VERSIONS_VERSION));
      DataInputStream answers = new DataInputStream(socket.getInputStream());
      byte[] start = answers.readNBytes(4);
      if (isHttp(start)) {
        return BrokerResponse.of(Listener.HTTP);
      }
      if (start.length > 1 && start[0] == 0x15 && start[1] == 3) { // an alert
        return BrokerResponse.of(Listener.TLS);
      }
      int length = start.length < 4 ? 0 : ByteBuffer.wrap(start).getInt();
      if (length < 4 || length > MAX_ANSWER || answers.readInt() != ApiKeys.API_VERSIONS.id) {
        return BrokerResponse.of(Listener.UNKNOWN);
      }
      answers.readFully(new byte[length - 4]);
      socket.getOutputStream().write(request(ApiKeys.METADATA, METADATA_VERSION, NO_TOPICS));
      byte[] metadata = answers.readNBytes(4);
      return metadata.length < 4
          ? BrokerResponse.of(Listener.KAFKA_WITH_AUTHENTICATION)
          : new BrokerResponse(
              Listener.KAFKA,
              brokers(
                  answers.readNBytes(Math.min(MAX_ANSWER, ByteBuffer.wrap(metadata).getInt()))));
    } catch (SocketTimeoutException e) {
      return BrokerResponse.of(Listener.UNKNOWN);
    }
  }

  private static Collection<Node> brokers(byte[] metadata) {
    ByteBuffer body = ByteBuffer.wrap(metadata);
    body.getInt(); // the number of the request
    return MetadataResponse.parse(body, METADATA_VERSION).brokers();
  }

  private static boolean isWeb(InetSocketAddress listener) throws IOException {
    try (Socket socket = connect(listener)) {
      socket.getOutputStream().write("GET / HTTP/1.0\r\n\r\n".getBytes(US_ASCII));
      return isHttp(socket.getInputStream().readNBytes(4));
    } catch (SocketTimeoutException e) {
      return false;
    }
  }

  private static boolean isHttp(byte[] start) {
    return new String(start, US_ASCII).equals("HTTP");
  }

  /** A request that has its key as the number that the answer repeats, and no client id. */
  private static byte[] request(ApiKeys key, short version, byte... body) {
    return ByteBuffer.allocate(14 + body.length)
        .putInt(10 + body.length)
        .putShort(key.id)
        .putShort(version)
        .putInt(key.id)
        .putShort((short) -1)
        .put(body)
        .array();
  }
}
