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
 * Says in one line why a Kafka client cannot be used, without a secret.
 *
 * @param bootstrapServers brokers to begin with
 * @param clientConfig settings of the user
 * @param configFlag the flag that they come from
 */
record ClientFailure(String bootstrapServers, Map<String, String> clientConfig, String configFlag) {
  /** How long a client waits for an answer. */
  static final Duration PATIENCE = Duration.ofSeconds(10);

  /** Why no client can be made. */
  NotReadyException unusable(KafkaException e) {
    // Kafka calls servers without an address a bad setting, which here is not one of this flag's.
    boolean hasServers = !reason(e).contains(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG);
    return new NotReadyException(
        hasServers
            ? "Kafka settings of %s that cannot be used: %s".formatted(configFlag, reason(e))
            : new BrokerDiagnosis(bootstrapServers, clientConfig, configFlag)
                .whyNoAnswer(Duration.ZERO));
  }

  /** Why a client got no good answer. */
  NotReadyException notReady(KafkaException e) {
    if (e instanceof TimeoutException) {
      return new NotReadyException(
          new BrokerDiagnosis(bootstrapServers, clientConfig, configFlag).whyNoAnswer(PATIENCE));
    }
    if (e instanceof SslAuthenticationException) {
      return new NotReadyException(
          "no TLS connection to Kafka at %s with the settings of %s: %s"
              .formatted(bootstrapServers, configFlag, reason(e)));
    }
    if (e instanceof AuthenticationException) {
      return new NotReadyException(
          "Kafka at %s refuses the login of %s: %s"
              .formatted(bootstrapServers, configFlag, reason(e)));
    }
    if (e instanceof UnsupportedVersionException) {
      return new NotReadyException(
          "Kafka at %s is not a broker that clients can use, but perhaps its controller: %s"
              .formatted(bootstrapServers, reason(e)));
    }
    return new NotReadyException("Kafka at %s: %s".formatted(bootstrapServers, reason(e)));
  }

  /** The innermost message of Kafka's, which says what was done, and what went wrong then. */
  private String reason(KafkaException e) {
    Throwable innermost = e;
    while (innermost.getCause() instanceof KafkaException cause) {
      innermost = cause;
    }
    Throwable cause = innermost.getCause();
    if (cause == null) {
      return innermost.getMessage();
    }
    // What cannot be read of a login is quoted in the message, and may be a part of the password.
    boolean mayQuoteLogin =
        cause instanceof IllegalArgumentException
            && clientConfig.containsKey(SaslConfigs.SASL_JAAS_CONFIG);
    return mayQuoteLogin
        ? "sasl.jaas.config is not of the form MODULE required NAME=\"VALUE\" ...;"
        : innermost.getMessage() + " (" + cause + ")";
  }
}
