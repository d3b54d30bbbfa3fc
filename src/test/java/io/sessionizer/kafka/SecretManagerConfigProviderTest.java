package io.sessionizer.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Secrets of a Secret Manager on this machine, whose responses have the real one's form. */
class SecretManagerConfigProviderTest {
  private static final String SECRET = "projects/p/secrets/kafka/versions/latest";

  private HttpServer server;

  @BeforeEach
  void serve() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", SecretManagerConfigProviderTest::respond);
    server.start();
  }

  private static void respond(HttpExchange exchange) throws IOException {
    boolean known = exchange.getRequestURI().getPath().equals("/v1/" + SECRET + ":access");
    // Made of a file of Windows, with a byte order mark.
    String properties = "\uFEFFjaas=x required password=\"a=b\";\ntruststore=open sesame\n";
    String body =
        known
            ? "{\"name\":\"%s\",\"payload\":{\"data\":\"%s\"}}"
                .formatted(SECRET, Base64.getEncoder().encodeToString(properties.getBytes(UTF_8)))
            : "{\"error\":{\"code\":404,\"message\":\"Secret not found\"}}";
    exchange.sendResponseHeaders(known ? 200 : 404, 0);
    exchange.getResponseBody().write(body.getBytes(UTF_8));
    exchange.close();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void resolvesPropertyOfSecret() {
    assertEquals("x required password=\"a=b\";", resolved("${secrets:" + SECRET + ":jaas}"));
    assertEquals("open sesame", resolved("${secrets:" + SECRET + ":truststore}"));
  }

  @Test
  void returnsRequestedNamesOnly() {
    try (SecretManagerConfigProvider provider = new SecretManagerConfigProvider()) {
      provider.configure(Map.of(SecretManagerConfigProvider.ENDPOINT, endpoint()));
      assertEquals(Set.of("jaas"), provider.get(SECRET, Set.of("jaas", "other")).data().keySet());
      assertEquals(Set.of("jaas", "truststore"), provider.get(SECRET).data().keySet());
    }
  }

  @Test
  void namesMissingSecret() {
    ConfigException problem =
        assertThrows(ConfigException.class, () -> resolved("${secrets:projects/p/secrets/x:jaas}"));
    assertEquals("the secret projects/p/secrets/x: Secret not found", problem.getMessage());
  }

  @Test
  void reportsUnreachableSecretManager() {
    server.stop(0);
    ConfigException problem =
        assertThrows(ConfigException.class, () -> resolved("${secrets:" + SECRET + ":jaas}"));
    assertTrue(
        problem.getMessage().startsWith("the secret " + SECRET + ": java.net.ConnectException"),
        problem.getMessage());
  }

  /** As a Kafka client looks its settings up. */
  private String resolved(String reference) {
    Map<String, String> config = new HashMap<>();
    config.put("value", reference);
    config.put("config.providers", "secrets");
    config.put("config.providers.secrets.class", SecretManagerConfigProvider.class.getName());
    config.put("config.providers.secrets.param.endpoint", endpoint());
    ConfigDef value =
        new ConfigDef().define("value", ConfigDef.Type.STRING, ConfigDef.Importance.LOW, "");
    return new AbstractConfig(value, config, false).getString("value");
  }

  private String endpoint() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/";
  }
}
