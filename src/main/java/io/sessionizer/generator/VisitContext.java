package io.sessionizer.generator;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.SerializedString;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.ZoneOffset;
import org.checkerframework.checker.nullness.qual.Nullable;

/** The {@code context} of a visitor's visits, the same on every page. */
final class VisitContext {
  private static final JsonFactory JSON = new JsonFactory();
  private static final int ADS = 4;
  private static final int MOST_DAYS_CONNECTED = 60;

  private VisitContext() {}

  /** Returns a random context, as JSON. */
  static SerializableString random(SeededRandom random, Instant startTime) {
    var text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartObject();
      json.writeStringField(
          "referral", random.oneOf("Google Search", "LinkedIn", "Medium", "StackOverflow", "X"));
      json.writeStringField("ad_id", adId(random));
      writeUser(json, random, startTime);
      writeTechnical(json, random);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new SerializedString(text.toString());
  }

  private static @Nullable String adId(SeededRandom random) {
    int number = random.below(ADS + 1);
    return number == 0 ? null : "ad " + number;
  }

  private static void writeUser(JsonGenerator json, SeededRandom random, Instant startTime)
      throws IOException {
    json.writeObjectFieldStart("user");
    json.writeStringField(
        "ip", "10." + random.below(256) + "." + random.below(256) + "." + random.between(1, 254));
    json.writeStringField(
        "login", random.oneOf("alex", "jo", "kim", "lou", "max", "nic", "robin", "sam"));
    json.writeStringField(
        "connected_since",
        startTime.atZone(ZoneOffset.UTC).toLocalDate().minusDays(random.below(MOST_DAYS_CONNECTED))
            + "T00:00:00");
    json.writeEndObject();
  }

  private static void writeTechnical(JsonGenerator json, SeededRandom random) throws IOException {
    json.writeObjectFieldStart("technical");
    json.writeStringField("browser", random.oneOf("Chrome", "Edge", "Firefox", "Safari"));
    json.writeStringField("browser_version", random.oneOf("20.0", "20.1", "23.1", "25.09"));
    json.writeStringField("network_type", random.oneOf("4G", "5G", "LAN", "Wi-Fi"));
    json.writeStringField("device_type", random.oneOf("iPad", "iPhone", "MacBook", "PC", "Pixel"));
    json.writeStringField("device_version", random.oneOf("1.0", "2.0", "3.0", "4.0", "5.0"));
    json.writeEndObject();
  }
}
