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
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.MetadataResponse;
import org.apache.kafka.common.utils.Utils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A probe of what listens at an address. It sends requests in plain text, as a Kafka client without
 * further settings does, and reads the first bytes of the responses.
 *
 * @param server the address, {@code HOST:PORT}
 */
record ListenerProbe(String server) {
  private static final Logger LOG = LoggerFactory.getLogger(ListenerProbe.class);
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);

  /** How long a listener may take to respond. */
  static final Duration RESPONSE_TIMEOUT = Duration.ofSeconds(3);

  private static final short VERSIONS_VERSION = 0;
  private static final short METADATA_VERSION = 1;
  private static final int MAX_RESPONSE = 1 << 20;

  /** An array of none. */
  private static final byte[] NO_TOPICS = new byte[4];

  /** What a listener speaks. */
  enum Protocol {
    KAFKA,
    KAFKA_WITH_AUTHENTICATION,
    TLS,
    HTTP,
    UNKNOWN
  }

  /**
   * What a listener has responded.
   *
   * @param brokers as they advertise themselves
   */
  record ProbeResult(Protocol protocol, Collection<Node> brokers) {
    private static ProbeResult of(Protocol protocol) {
      return new ProbeResult(protocol, List.of());
    }
  }

  /** Returns why no connection can be opened; empty if one can. */
  Optional<String> connectionFault() {
    Integer port = Utils.getPort(server);
    if (port == null || port < 1 || port >= 1 << 16) {
      return Optional.of("'" + server + "' is not of the form HOST:PORT");
    }
    InetAddress[] addresses = addresses();
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
        fault = server + " accepts no connection (" + e.getMessage() + ")";
      }
    }
    return Optional.of(fault);
  }

  /** Sends requests, and returns what responds. */
  ProbeResult response() {
    for (InetAddress address : addresses()) {
      InetSocketAddress listener = new InetSocketAddress(address, Utils.getPort(server));
      try {
        ProbeResult response = responseAsKafka(listener);
        return response.protocol() == Protocol.UNKNOWN && isWebServer(listener)
            ? ProbeResult.of(Protocol.HTTP)
            : response;
      } catch (IOException e) {
        LOG.debug("no response of {} at {}", server, address, e); // the next one, as a client does
      }
    }
    return ProbeResult.of(Protocol.UNKNOWN);
  }

  private InetAddress[] addresses() {
    try {
      return InetAddress.getAllByName(Utils.getHost(server));
    } catch (UnknownHostException e) {
      return new InetAddress[0];
    }
  }

  private static Socket connect(InetSocketAddress listener) throws IOException {
    Socket socket = new Socket();
    try {
      socket.connect(listener, (int) CONNECT_TIMEOUT.toMillis());
      socket.setSoTimeout((int) RESPONSE_TIMEOUT.toMillis());
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  private static ProbeResult responseAsKafka(InetSocketAddress listener) throws IOException {
    try (Socket socket = connect(listener)) {
      socket.getOutputStream().write(request(ApiKeys.API_VERSIONS, VERSIONS_VERSION));
      DataInputStream responses = new DataInputStream(socket.getInputStream());
      byte[] start = responses.readNBytes(4);
      if (isHttp(start)) {
        return ProbeResult.of(Protocol.HTTP);
      }
      if (start.length > 1 && start[0] == 0x15 && start[1] == 3) { // an alert
        return ProbeResult.of(Protocol.TLS);
      }
      int length = start.length < 4 ? 0 : ByteBuffer.wrap(start).getInt();
      if (length < 4 || length > MAX_RESPONSE || responses.readInt() != ApiKeys.API_VERSIONS.id) {
        return ProbeResult.of(Protocol.UNKNOWN);
      }
      responses.readFully(new byte[length - 4]);
      socket.getOutputStream().write(request(ApiKeys.METADATA, METADATA_VERSION, NO_TOPICS));
      byte[] metadata = responses.readNBytes(4);
      return metadata.length < 4
          ? ProbeResult.of(Protocol.KAFKA_WITH_AUTHENTICATION)
          : new ProbeResult(
              Protocol.KAFKA,
              brokers(
                  responses.readNBytes(
                      Math.min(MAX_RESPONSE, ByteBuffer.wrap(metadata).getInt()))));
    } catch (SocketTimeoutException e) {
      return ProbeResult.of(Protocol.UNKNOWN);
    }
  }

  private static Collection<Node> brokers(byte[] metadata) {
    ByteBuffer body = ByteBuffer.wrap(metadata);
    body.getInt(); // the number of the request
    return MetadataResponse.parse(body, METADATA_VERSION).brokers();
  }

  private static boolean isWebServer(InetSocketAddress listener) throws IOException {
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

  /** A request whose number, repeated by the response, is its key; it has no client id. */
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
