package io.sessionizer.config;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Settings for Kafka clients as people and their editors write them. */
class KafkaConfigTest {
  @TempDir private Path folder;

  @Test
  void readsFilesOfWindows() throws Exception {
    String text = "\uFEFFgroup.id=g-c19b\r\nisolation.level=read_committed \r\n";
    Map<String, String> expected =
        Map.of("group.id", "g-c19b", "isolation.level", "read_committed");
    assertEquals(expected, KafkaConfig.read(file(text, UTF_8)));
    assertEquals(expected, KafkaConfig.read(file(text, UTF_16LE)));
  }

  @Test
  void stripsBlanksAroundNamesAndValues() throws Exception {
    Map<String, String> expected =
        Map.of("client.id", "me and you", "acks", "all", "group.id", "g");
    String text =
        "client.id = me and you\t \n acks\u00A0=\u00A0all\u00A0\n\u200Bgroup.id=\uFEFFg\u3000\n";
    assertEquals(expected, KafkaConfig.read(file(text, UTF_8)));
    assertEquals(
        Map.of("client.id", "me and you"),
        KafkaConfig.read("\uFEFF client.id\u00A0= me and you\u00A0"));
  }

  @Test
  void keepsBlanksBehindPasswords() throws Exception {
    Map<String, String> expected =
        Map.of(
            "ssl.key.password", "open sesame ",
            "sasl.jaas.config", "x required password=\"y\"; ",
            "sasl.oauthbearer.client.secret", "z\u00A0");
    String text =
        "\uFEFFssl.key.password=open sesame \r\nsasl.jaas.config=x required password=\"y\"; \r\n"
            + "sasl.oauthbearer.client.secret=\uFEFFz\u00A0";
    assertEquals(expected, KafkaConfig.read(file(text, UTF_8)));
    assertEquals(
        Map.of("ssl.key.password", "open sesame "),
        KafkaConfig.read("\uFEFFssl.key.password=\uFEFFopen sesame "));
  }

  @Test
  void namesWrongEncoding() throws Exception {
    String file = file("ssl.key.password=s\u00E9same\n", ISO_8859_1);
    assertEquals(
        "must be KEY=VALUE, or a properties file that can be read: not UTF-8: save it as UTF-8",
        assertThrows(IOException.class, () -> KafkaConfig.read(file)).getMessage());
  }

  private String file(String text, Charset charset) throws IOException {
    return Files.write(folder.resolve("client.properties"), text.getBytes(charset)).toString();
  }
}
