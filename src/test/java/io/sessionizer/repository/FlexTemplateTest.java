package io.sessionizer.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.api.client.json.GenericJson;
import com.google.api.client.json.gson.GsonFactory;
import com.google.api.services.dataflow.model.ParameterMetadata;
import com.google.api.services.dataflow.model.TemplateMetadata;
import io.sessionizer.config.SessionizationOptions;
import io.sessionizer.launch.Flags;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.Description;
import org.junit.jupiter.api.Test;

/**
 * The file that describes the Flex Template is made of the options. After a change of theirs,
 * {@code mvn test -Dtest=FlexTemplateTest -Dsessionizer.write=true} writes it anew.
 */
class FlexTemplateTest {
  private static final Path FILE = Path.of("runners", "dataflow", "flex-template.json");
  private static final ObjectMapper JSON = new ObjectMapper();

  /** What the types of Google's client do not say, but its documentation does. */
  private static final Set<String> PARAMETER_TYPES = Set.of("TEXT", "BOOLEAN");

  private static final Map<String, String> FORMS =
      Map.ofEntries(
          Map.entry("bootstrapServers", "[^:\\s]+:\\d{1,5}(,\\s*[^:\\s]+:\\d{1,5})*"),
          Map.entry("visitsTopic", "[A-Za-z0-9._-]{1,249}(\\s*,\\s*[A-Za-z0-9._-]{1,249})*"),
          Map.entry("sessionsTopic", "[A-Za-z0-9._-]{1,249}"),
          Map.entry("lateVisitsTopic", "[A-Za-z0-9._-]{1,249}"),
          Map.entry("deadLettersTopic", "[A-Za-z0-9._-]{1,249}"),
          Map.entry("engine", "windows|stateful"),
          Map.entry("splitOn", ".+"),
          Map.entry("endOn", ".+=.*"),
          Map.entry("attribute", "[A-Za-z_][A-Za-z0-9_]*=.+"),
          Map.entry("timeZone", "[A-Za-z0-9_/+:-]+"),
          Map.entry("visitFormat", ".+"),
          Map.entry("recordFormat", ".+"),
          Map.entry("columns", ".+"),
          Map.entry("recordField", ".+"),
          Map.entry("jsonText", ".+"),
          Map.entry("where", ".+"),
          Map.entry("visitIdField", ".+"),
          Map.entry("eventTimeField", ".+"),
          Map.entry("eventTimeFormat", "iso8601|epoch-(seconds|millis|micros|nanos)|pattern:.+"),
          Map.entry("eventTimeZone", "[A-Za-z0-9_/+:-]+"),
          Map.entry("userIdField", ".+"),
          Map.entry("pageField", ".+"),
          Map.entry("privateVisits", "keep|exclude|pseudonymize"),
          Map.entry("privateFields", ".+"),
          Map.entry("pseudonymKey", "\\$\\{[^:}]+:[^}]+\\}"),
          Map.entry("privateField", ".+"),
          Map.entry("eventIdField", ".+"),
          Map.entry("sequenceField", ".+"),
          Map.entry("missing", ".*"),
          Map.entry("startFrom", "earliest|latest|committed|\\d{4}-\\d{2}-\\d{2}T.+"),
          Map.entry("consumerConfig", ".+"),
          Map.entry("producerConfig", ".+"));

  /** Of a job in the process that is started, which none on Dataflow is. */
  private static final Set<String> OF_OTHER_RUNNERS =
      Set.of(
          "getMetricsPort",
          "getMetricsHost",
          "getInput",
          "getOutput",
          "getDeadLetters",
          "getOutputFormat",
          "getSeam",
          "getOpenVisits");

  private static final String DURATION = "P[0-9DTHMS.]+|([0-9]+(d|h|m|s|ms))+";
  private static final String COUNT = "[1-9][0-9]*";

  @Test
  void templateDescribesOptions() throws IOException {
    String expected = metadata();
    if (Boolean.getBoolean("sessionizer.write")) {
      Files.writeString(FILE, expected);
    }
    assertEquals(
        expected,
        Files.readString(FILE),
        "mvn test -Dtest=FlexTemplateTest -Dsessionizer.write=true writes it anew");
  }

  @Test
  void dataflowApiKnowsEveryField() throws IOException {
    TemplateMetadata metadata =
        GsonFactory.getDefaultInstance().fromString(Files.readString(FILE), TemplateMetadata.class);
    assertEquals(Set.of(), unknown(metadata));
    assertNotNull(metadata.getName());
    for (ParameterMetadata parameter : metadata.getParameters()) {
      assertEquals(Set.of(), unknown(parameter), parameter::getName);
      assertNotNull(parameter.getLabel(), parameter::getName);
      assertNotNull(parameter.getHelpText(), parameter::getName);
      assertTrue(PARAMETER_TYPES.contains(parameter.getParamType()), parameter::getName);
    }
  }

  @Test
  void defaultsMatchTheirRegexes() throws IOException {
    List<String> wrong = new ArrayList<>();
    for (JsonNode parameter : JSON.readTree(FILE.toFile()).path("parameters")) {
      String form = parameter.at("/regexes/0").asText();
      JsonNode value = parameter.path("defaultValue");
      if (!value.isMissingNode() && !value.asText().matches(form)) {
        wrong.add(parameter.path("name").asText() + ": " + value.asText() + " is not " + form);
      }
    }
    assertEquals(List.of(), wrong);
  }

  @Test
  void defaultsGiveSettingsOfNoFlags() throws Exception {
    List<String> args = new ArrayList<>();
    for (JsonNode parameter : JSON.readTree(FILE.toFile()).path("parameters")) {
      if (parameter.has("defaultValue")) {
        args.add(
            "--" + parameter.path("name").asText() + "=" + parameter.path("defaultValue").asText());
      }
    }
    assertEquals(Flags.parse().settings(), Flags.parse(args.toArray(String[]::new)).settings());
  }

  private static Set<String> unknown(GenericJson json) {
    return json.getUnknownKeys().keySet();
  }

  private static String metadata() throws IOException {
    ObjectNode metadata =
        JSON.createObjectNode()
            .put("name", "sessionizer")
            .put("description", "Turns a Kafka topic of website visits into sessions, in Kafka.")
            .put("streaming", true)
            .put("supportsExactlyOnce", true)
            .put("supportsAtLeastOnce", true)
            .put("defaultStreamingMode", "EXACTLY_ONCE");
    var parameters = metadata.putArray("parameters");
    Arrays.stream(SessionizationOptions.class.getDeclaredMethods())
        .filter(method -> method.isAnnotationPresent(Description.class))
        .filter(method -> !OF_OTHER_RUNNERS.contains(method.getName()))
        .sorted(Comparator.comparing(Method::getName))
        .forEach(getter -> parameters.add(parameter(getter)));
    DefaultPrettyPrinter printer = new DefaultPrettyPrinter();
    printer.indentArraysWith(DefaultIndenter.SYSTEM_LINEFEED_INSTANCE);
    return JSON.writer(printer).writeValueAsString(metadata).replace("\r", "") + "\n";
  }

  private static ObjectNode parameter(Method getter) {
    String property = getter.getName().substring("get".length());
    String name = property.substring(0, 1).toLowerCase(Locale.ROOT) + property.substring(1);
    String help = getter.getAnnotation(Description.class).value();
    ObjectNode parameter =
        JSON.createObjectNode()
            .put("name", name)
            .put("label", label(property))
            .put("helpText", help.substring(0, 1).toUpperCase(Locale.ROOT) + help.substring(1))
            // Beam has a default, but workers do not reach it.
            .put("isOptional", !name.equals("bootstrapServers"))
            .put("paramType", isSwitch(getter) ? "BOOLEAN" : "TEXT");
    parameter.putArray("regexes").add("^(" + form(getter, name) + ")$");
    String otherwise = defaultValue(getter);
    if (otherwise != null && parameter.path("isOptional").asBoolean()) {
      parameter.put("defaultValue", otherwise);
    }
    return parameter;
  }

  /** {@code maxOutOfOrderness} is "Max out of orderness". */
  private static String label(String property) {
    String words = property.replaceAll("(?<=[a-z])(?=[A-Z])", " ").toLowerCase(Locale.ROOT);
    return words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
  }

  private static boolean isSwitch(Method getter) {
    return getter.getReturnType() == Boolean.class;
  }

  private static String form(Method getter, String name) {
    if (isSwitch(getter)) {
      return "true|false";
    }
    if (getter.getReturnType() == Integer.class) {
      return COUNT;
    }
    String help = getter.getAnnotation(Description.class).value();
    String form = help.contains("(a duration") ? DURATION : FORMS.get(name);
    return Objects.requireNonNull(form, () -> "no form of --" + name + " in this test");
  }

  private static String defaultValue(Method getter) {
    if (getter.isAnnotationPresent(Default.String.class)) {
      return getter.getAnnotation(Default.String.class).value();
    }
    if (getter.isAnnotationPresent(Default.Integer.class)) {
      return String.valueOf(getter.getAnnotation(Default.Integer.class).value());
    }
    if (getter.isAnnotationPresent(Default.Boolean.class)) {
      return String.valueOf(getter.getAnnotation(Default.Boolean.class).value());
    }
    return null;
  }
}
