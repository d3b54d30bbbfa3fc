package io.sessionizer.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sessionizer.broker.FreePort;
import io.sessionizer.broker.LocalBroker;
import io.sessionizer.broker.LocalTopics;
import io.sessionizer.config.NotReadyException;
import io.sessionizer.kafka.admin.TopicCreation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.config.SslConfigs;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.Resource;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/**
 * A real broker that requires TLS and SCRAM authentication, with a certificate authority of its
 * own. (A plain listener, on loopback as well, is there to create the user and the topics.)
 */
public final class SecureKafka implements AutoCloseable {
  /** The password of the user {@code sessionizer}. */
  public static final String PASSWORD = "opensesame-7c1d";

  /** The password of the truststore, and of the broker's keys. */
  public static final String STORE_PASSWORD = "openstore-93be";

  private static final String HOST = "127.0.0.1";

  private final Path folder;
  private final String address;
  private final LocalBroker broker;

  private SecureKafka(Path folder, String address, LocalBroker broker) {
    this.folder = folder;
    this.address = address;
    this.broker = broker;
  }

  /** Starts a broker, with the sessionizer's topics, that keeps all it has in {@code folder}. */
  public static SecureKafka start(Path folder)
      throws IOException, InterruptedException, ExecutionException, NotReadyException {
    makeCertificates(folder);
    int port = FreePort.choose();
    int securePort = FreePort.choose();
    int controllerPort = FreePort.choose();
    LocalBroker broker =
        LocalBroker.start(
            folder.resolve("broker"),
            port,
            Map.of(
                "listeners",
                "PLAINTEXT://%1$s:%2$d,SASL_SSL://%1$s:%3$d,CONTROLLER://%1$s:%4$d"
                    .formatted(HOST, port, securePort, controllerPort),
                "controller.quorum.voters",
                "1@%s:%s".formatted(HOST, controllerPort),
                "listener.security.protocol.map",
                "PLAINTEXT:PLAINTEXT,SASL_SSL:SASL_SSL,CONTROLLER:PLAINTEXT",
                "sasl.enabled.mechanisms",
                "SCRAM-SHA-512",
                "listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config",
                "org.apache.kafka.common.security.scram.ScramLoginModule required;",
                "ssl.keystore.location",
                folder.resolve("broker.p12").toString(),
                "ssl.keystore.password",
                STORE_PASSWORD,
                "authorizer.class.name",
                "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
                "super.users",
                "User:ANONYMOUS",
                "allow.everyone.if.no.acl.found",
                "true"));
    try {
      createUser(broker.address());
      LocalTopics.create(broker.address());
      return new SecureKafka(folder, HOST + ':' + securePort, broker);
    } catch (ExecutionException | InterruptedException | RuntimeException e) {
      broker.close();
      throw e;
    }
  }

  /** The listener with TLS and authentication, {@code HOST:PORT}. */
  public String address() {
    return address;
  }

  /** Creates a topic. */
  public void createTopic(String name) throws InterruptedException, ExecutionException {
    try (Admin admin = admin(broker.address())) {
      NewTopic topic = new NewTopic(name, Optional.of(2), Optional.empty());
      admin.createTopics(List.of(topic)).all().get();
      TopicCreation.waitUntilWritable(admin, List.of(name));
    }
  }

  /** Creates a topic with which the user may do these things only. */
  public void createTopic(String name, AclOperation... allowed)
      throws InterruptedException, ExecutionException {
    createTopic(name);
    allowOnTopic(name, allowed);
  }

  /** Allows the user these things only with a topic, which may not exist. */
  public void allowOnTopic(String name, AclOperation... allowed)
      throws InterruptedException, ExecutionException {
    allow(new ResourcePattern(ResourceType.TOPIC, name, PatternType.LITERAL), allowed);
  }

  /** Allows the user these things only with the cluster. */
  public void allowOnCluster(AclOperation... allowed)
      throws InterruptedException, ExecutionException {
    allow(
        new ResourcePattern(ResourceType.CLUSTER, Resource.CLUSTER_NAME, PatternType.LITERAL),
        allowed);
  }

  private void allow(ResourcePattern resource, AclOperation... allowed)
      throws InterruptedException, ExecutionException {
    try (Admin admin = admin(broker.address())) {
      admin
          .createAcls(
              Stream.of(allowed)
                  .map(
                      operation ->
                          new AclBinding(
                              resource,
                              new AccessControlEntry(
                                  "User:sessionizer", "*", operation, AclPermissionType.ALLOW)))
                  .toList())
          .all()
          .get();
    }
  }

  /** The settings of a client, the password included. */
  public Properties clientConfig() {
    Properties config = new Properties();
    config.putAll(
        Map.of(
            CommonClientConfigs.SECURITY_PROTOCOL_CONFIG,
            "SASL_SSL",
            SaslConfigs.SASL_MECHANISM,
            "SCRAM-SHA-512",
            SaslConfigs.SASL_JAAS_CONFIG,
            jaas(PASSWORD),
            SslConfigs.SSL_TRUSTSTORE_LOCATION_CONFIG,
            folder.resolve("truststore.p12").toString(),
            SslConfigs.SSL_TRUSTSTORE_PASSWORD_CONFIG,
            STORE_PASSWORD));
    return config;
  }

  /** The credentials of the user with this password. */
  public static String jaas(String password) {
    return "org.apache.kafka.common.security.scram.ScramLoginModule required"
        + " username=\"sessionizer\" password=\"%s\";".formatted(password);
  }

  @Override
  public void close() {
    broker.close();
  }

  private static void createUser(String address) throws ExecutionException, InterruptedException {
    try (Admin admin = admin(address)) {
      ScramCredentialInfo scram = new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096);
      admin
          .alterUserScramCredentials(
              List.of(new UserScramCredentialUpsertion("sessionizer", scram, PASSWORD)))
          .all()
          .get();
    }
  }

  private static Admin admin(String address) {
    return Admin.create(Map.of(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, address));
  }

  /** An authority, the broker's certificate by it, and the truststore that clients need. */
  private static void makeCertificates(Path folder) throws IOException, InterruptedException {
    String all = folder.resolve("all.p12").toString();
    String authority = folder.resolve("authority.pem").toString();
    String key = "-genkeypair -keyalg EC -validity 2 -keystore " + all;
    keytool(key + " -alias authority -dname CN=authority -ext bc:c");
    keytool(key + " -alias broker -dname CN=broker -signer authority -ext SAN=ip:" + HOST);
    keytool(
        "-importkeystore -srcalias broker -srckeystore %s -srcstorepass %s -destkeystore %s"
            .formatted(all, STORE_PASSWORD, folder.resolve("broker.p12")));
    keytool("-exportcert -alias authority -keystore " + all + " -file " + authority);
    keytool(
        "-importcert -noprompt -alias authority -file %s -keystore %s"
            .formatted(authority, folder.resolve("truststore.p12")));
  }

  private static void keytool(String command) throws IOException, InterruptedException {
    List<String> line = new ArrayList<>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    line.addAll(List.of(command.split(" ")));
    line.add(command.startsWith("-importkeystore") ? "-deststorepass" : "-storepass");
    line.add(STORE_PASSWORD);
    Process keytool = new ProcessBuilder(line).redirectErrorStream(true).start();
    String said = new String(keytool.getInputStream().readAllBytes(), UTF_8);
    if (keytool.waitFor() != 0) {
      throw new IOException("keytool " + command + ": " + said);
    }
  }
}
