package io.sessionizer.kafka;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sessionizer.config.UserFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.apache.kafka.common.config.ConfigData;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.provider.ConfigProvider;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A config provider of Kafka clients for secrets in Google's Secret Manager. A secret is a
 * properties file; {@code ${NAME:projects/P/secrets/S/versions/latest:jaas}} is replaced by its
 * property {@code jaas}.
 *
 * <p>Requests have the credentials of the user, or of a worker's service account. Other providers
 * bring hundreds of jars; this one calls the authentication library of Dataflow's runner by
 * reflection, since it is absent when this class is compiled.
 */
public final class SecretManagerConfigProvider implements ConfigProvider {
  /** Another address of the Secret Manager; one of this machine is sent no credentials. */
  public static final String ENDPOINT = "endpoint";

  private static final String GOOGLE = "https://secretmanager.googleapis.com/";
  private static final String LOOPBACK = "http://127.0.0.1:";
  private static final String CREDENTIALS = "com.google.auth.oauth2.GoogleCredentials";
  private static final String SCOPE = "https://www.googleapis.com/auth/cloud-platform";
  private static final Duration TIMEOUT = Duration.ofSeconds(20);
  private static final ObjectMapper JSON = new ObjectMapper();

  private String endpoint = GOOGLE;

  @Override
  public void configure(Map<String, ?> config) {
    Object given = config.get(ENDPOINT);
    endpoint = given == null ? GOOGLE : given.toString();
  }

  @Override
  public ConfigData get(String secret) {
    Map<String, String> values = new HashMap<>();
    Properties properties = properties(secret);
    properties
        .stringPropertyNames()
        .forEach(name -> values.put(name, properties.getProperty(name)));
    return new ConfigData(values);
  }

  @Override
  public ConfigData get(String secret, Set<String> names) {
    Map<String, String> values = new HashMap<>(get(secret).data());
    values.keySet().retainAll(names);
    return new ConfigData(values);
  }

  private Properties properties(String secret) {
    try {
      URI uri = URI.create(endpoint + "v1/" + secret + ":access");
      HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(TIMEOUT);
      credentials(uri)
          .forEach((name, values) -> values.forEach(value -> request.header(name, value)));
      HttpResponse<byte[]> response =
          HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
      JsonNode body = JSON.readTree(response.body());
      if (response.statusCode() != 200) {
        throw problem(secret, body.at("/error/message").asText(), null);
      }
      byte[] payload = Base64.getDecoder().decode(body.at("/payload/data").asText());
      Properties properties = new Properties();
      properties.load(UserFile.of(new ByteArrayInputStream(payload)));
      return properties;
    } catch (IOException | IllegalArgumentException e) {
      throw problem(secret, e.toString(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw problem(secret, "interrupted", e);
    }
  }

  private Map<String, List<String>> credentials(URI uri) throws IOException {
    if (endpoint.startsWith(LOOPBACK)) {
      return Map.of();
    }
    try {
      Class<?> type = Class.forName(CREDENTIALS);
      Object credentials = type.getMethod("getApplicationDefault").invoke(null);
      Object scoped =
          type.getMethod("createScoped", String[].class)
              .invoke(credentials, (Object) new String[] {SCOPE});
      @SuppressWarnings("unchecked") // as the method is declared
      Map<String, List<String>> headers =
          (Map<String, List<String>>)
              type.getMethod("getRequestMetadata", URI.class).invoke(scoped, uri);
      return headers;
    } catch (InvocationTargetException e) {
      Throwable failure = e.getTargetException();
      throw new IOException("no credentials for Google Cloud: " + failure.getMessage(), failure);
    } catch (ReflectiveOperationException e) {
      throw new IOException("Google's authentication library is present on Dataflow only", e);
    }
  }

  private static ConfigException problem(String secret, String why, @Nullable Exception cause) {
    ConfigException problem = new ConfigException("the secret " + secret + ": " + why);
    if (cause != null) {
      problem.initCause(cause);
    }
    return problem;
  }

  @Override
  public void close() {}
}
