package io.sessionizer.kafka.admin;

import io.sessionizer.config.NotReadyException;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnsupportedVersionException;

/**
 * The reason why a Kafka client cannot be used, in one line and without a secret.
 *
 * @param bootstrapServers brokers to connect to first
 * @param clientConfig settings of the user
 * @param configFlag the flag that they come from
 */
record ClientFailure(String bootstrapServers, Map<String, String> clientConfig, String configFlag) {
  /** How long a client waits for a response. */
  static final Duration TIMEOUT = Duration.ofSeconds(10);

  /** Returns why no client can be created. */
  NotReadyException unusable(KafkaException e) {
    // Kafka reports servers without an address as a bad setting, but they are not in this flag.
    boolean hasServers = !reason(e).contains(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG);
    return new NotReadyException(
        hasServers
            ? "invalid Kafka settings in %s: %s".formatted(configFlag, reason(e))
            : new BrokerDiagnosis(bootstrapServers, clientConfig, configFlag)
                .reason(Duration.ZERO));
  }

  /** Returns why a client got no good response. */
  NotReadyException notReady(KafkaException e) {
    if (e instanceof TimeoutException) {
      return new NotReadyException(
          new BrokerDiagnosis(bootstrapServers, clientConfig, configFlag).reason(TIMEOUT));
    }
    if (e instanceof SslAuthenticationException) {
      return new NotReadyException(
          "no TLS connection to Kafka at %s with the settings of %s: %s"
              .formatted(bootstrapServers, configFlag, reason(e)));
    }
    if (e instanceof AuthenticationException) {
      return new NotReadyException(
          "Kafka at %s rejects the credentials in %s: %s"
              .formatted(bootstrapServers, configFlag, reason(e)));
    }
    if (e instanceof UnsupportedVersionException) {
      return new NotReadyException(
          "Kafka at %s does not serve clients (is this the port of its controller?): %s"
              .formatted(bootstrapServers, reason(e)));
    }
    return new NotReadyException("Kafka at %s: %s".formatted(bootstrapServers, reason(e)));
  }

  /** Returns the innermost message of Kafka's, which names the operation and what went wrong. */
  private String reason(KafkaException e) {
    Throwable innermost = e;
    while (innermost.getCause() instanceof KafkaException cause) {
      innermost = cause;
    }
    Throwable cause = innermost.getCause();
    if (cause == null) {
      return String.valueOf(innermost.getMessage());
    }
    // The message quotes what cannot be read of the credentials, perhaps a part of the password.
    boolean mayQuoteCredentials =
        cause instanceof IllegalArgumentException
            && clientConfig.containsKey(SaslConfigs.SASL_JAAS_CONFIG);
    return mayQuoteCredentials
        ? "sasl.jaas.config is not of the form MODULE required NAME=\"VALUE\" ...;"
        : innermost.getMessage() + " (" + cause + ")";
  }
}
