package io.sessionizer;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import io.sessionizer.metrics.JobMetric;
import io.sessionizer.sessions.SessionPolicy;
import io.sessionizer.visits.Rejection;
import io.sessionizer.visits.Visit;
import io.sessionizer.visits.VisitJson;
import io.sessionizer.visits.VisitParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import me.tongfei.progressbar.ProgressBar;
import org.apache.beam.sdk.metrics.Metrics;

/** Who may know whom. */
@AnalyzeClasses(packages = "io.sessionizer", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
  private static final Pattern RUNNER =
      Pattern.compile("flink|dataflow|spark|directrunner", Pattern.CASE_INSENSITIVE);

  /** Text blocks, texts and characters; comments, so that no text is found in one. */
  private static final Pattern TOKEN =
      Pattern.compile(
          "(?s)\"\"\".*?\"\"\"|\"(?:\\\\.|[^\"\\\\])*\"|'(?:\\\\.|[^'\\\\])+'|//[^\\n]*|/\\*.*?\\*/");

  /** Classes outside launch with a text that names a runner, and why. */
  private static final Map<String, String> TEXTS_OF_RUNNERS =
      new TreeMap<>(
          Map.of(
              "BenchCommand", "help: the contenders",
              "Benchmark", "names of contenders",
              "CompletionCommand", "values that shells complete",
              "HelpGroups", "help: the flags of runners",
              "JobFlags", "help: the flags of runners",
              "OutOfMemory", "says which setting gives more memory",
              "TrainingRun", "runs a demo on each runner",
              "RunCommand", "help: where the job runs",
              "SecretManagerConfigProvider", "says where Google's library is",
              "SessionizationOptions", "help: the default of --engine"));

  @ArchTest
  static final ArchRule packagesFollowTheData =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("coders")
          .definedBy("io.sessionizer.coders..")
          .layer("process")
          .definedBy("io.sessionizer.process..")
          .layer("records")
          .definedBy("io.sessionizer.records..")
          .layer("metrics")
          .definedBy("io.sessionizer.metrics..")
          .layer("formats")
          .definedBy("io.sessionizer.formats..")
          .layer("attributes")
          .definedBy("io.sessionizer.attributes..")
          .layer("visits")
          .definedBy("io.sessionizer.visits..")
          .layer("sessions")
          .definedBy("io.sessionizer.sessions..")
          .layer("config")
          .definedBy("io.sessionizer.config..")
          .layer("launch")
          .definedBy("io.sessionizer.launch..")
          .layer("kafka")
          .definedBy("io.sessionizer.kafka..")
          .layer("lines")
          .definedBy("io.sessionizer.lines..")
          .layer("parquet")
          .definedBy("io.sessionizer.parquet..")
          .layer("files")
          .definedBy("io.sessionizer.files..")
          .layer("root")
          .definedBy("io.sessionizer")
          .layer("explain")
          .definedBy("io.sessionizer.explain..")
          .layer("generator")
          .definedBy("io.sessionizer.generator..")
          .layer("broker")
          .definedBy("io.sessionizer.broker..")
          .layer("demo")
          .definedBy("io.sessionizer.demo..")
          .layer("watch")
          .definedBy("io.sessionizer.watch..")
          .layer("verify")
          .definedBy("io.sessionizer.verify..")
          .layer("inspect")
          .definedBy("io.sessionizer.inspect..")
          .layer("cli")
          .definedBy("io.sessionizer.cli..")
          .whereLayer("coders")
          .mayNotAccessAnyLayer()
          .whereLayer("process")
          .mayNotAccessAnyLayer()
          .whereLayer("records")
          .mayNotAccessAnyLayer()
          .whereLayer("lines")
          .mayNotAccessAnyLayer()
          .whereLayer("formats")
          .mayOnlyAccessLayers("records")
          .whereLayer("attributes")
          .mayOnlyAccessLayers("formats", "records")
          .whereLayer("metrics")
          .mayOnlyAccessLayers("records")
          .whereLayer("visits")
          .mayOnlyAccessLayers("coders", "formats", "records", "metrics")
          .whereLayer("sessions")
          .mayOnlyAccessLayers("coders", "records", "metrics", "visits")
          .whereLayer("config")
          .mayOnlyAccessLayers("process", "attributes", "formats", "records", "sessions")
          .whereLayer("launch")
          .mayOnlyAccessLayers("root", "process", "config", "metrics", "sessions", "kafka", "files")
          .whereLayer("kafka")
          .mayOnlyAccessLayers(
              "process",
              "attributes",
              "config",
              "formats",
              "metrics",
              "visits",
              "records",
              "sessions")
          .whereLayer("parquet")
          .mayOnlyAccessLayers("records")
          .whereLayer("files")
          .mayOnlyAccessLayers(
              "coders",
              "attributes",
              "config",
              "formats",
              "lines",
              "metrics",
              "parquet",
              "visits",
              "records")
          .whereLayer("root")
          .mayOnlyBeAccessedByLayers("launch", "demo", "cli")
          .whereLayer("explain")
          .mayOnlyAccessLayers(
              "config",
              "files",
              "formats",
              "kafka",
              "lines",
              "parquet",
              "visits",
              "records",
              "sessions")
          .whereLayer("generator")
          .mayOnlyBeAccessedByLayers("demo", "cli")
          .whereLayer("broker")
          .mayOnlyBeAccessedByLayers("demo", "cli")
          .whereLayer("demo")
          .mayOnlyBeAccessedByLayers("cli")
          .whereLayer("watch")
          .mayOnlyBeAccessedByLayers("cli")
          .whereLayer("verify")
          .mayOnlyAccessLayers(
              "process",
              "attributes",
              "config",
              "formats",
              "kafka",
              "lines",
              "parquet",
              "visits",
              "records")
          .whereLayer("verify")
          .mayOnlyBeAccessedByLayers("cli")
          .whereLayer("inspect")
          .mayOnlyAccessLayers(
              "config", "explain", "formats", "kafka", "lines", "visits", "records", "sessions")
          .whereLayer("inspect")
          .mayOnlyBeAccessedByLayers("cli")
          .whereLayer("cli")
          .mayNotBeAccessedByAnyLayer();

  /** Its way to a terminal takes the JVM's signal handlers away. */
  @ArchTest
  static final ArchRule progressIsShownByTheStatusLine =
      noClasses()
          .that()
          .doNotHaveFullyQualifiedName("io.sessionizer.cli.StatusLine")
          .should()
          .callMethod(ProgressBar.class, "builder")
          .orShould()
          .dependOnClassesThat()
          .resideInAPackage("org.jline..");

  /** A way to run is one class in launch, and what that needs in a package below. */
  @ArchTest
  static final ArchRule onlyLaunchKnowsWaysToRun =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.sessionizer.launch..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.sessionizer.launch.*..");

  @ArchTest
  static final ArchRule waysToRunDoNotKnowWhoLaunches =
      noClasses()
          .that()
          .resideInAPackage("io.sessionizer.launch.*..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.sessionizer.launch");

  @ArchTest
  static final ArchRule launchersDoNotKnowTheMainClass =
      noClasses()
          .that()
          .resideInAPackage("io.sessionizer.launch..")
          .should()
          .dependOnClassesThat()
          .belongToAnyOf(SessionizationJob.class);

  @ArchTest
  static final ArchRule onlyLaunchNamesRunners =
      classes()
          .that()
          .resideOutsideOfPackage("io.sessionizer.launch..")
          .should(
              new ArchCondition<>("have no name of a runner in theirs") {
                @Override
                public void check(JavaClass type, ConditionEvents events) {
                  Stream.concat(
                          Stream.of(type.getName()),
                          type.getMembers().stream().map(JavaMember::getFullName))
                      .filter(name -> RUNNER.matcher(name.replaceFirst("\\(.*", "")).find())
                      .forEach(name -> events.add(SimpleConditionEvent.violated(type, name)));
                }
              });

  /** Exceptions are texts for users. */
  @ArchTest
  static void onlyLaunchHasTextsOfRunners(JavaClasses classes) throws IOException {
    Set<String> naming = new TreeSet<>();
    try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
      for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
        boolean names =
            TOKEN
                .matcher(Files.readString(file))
                .results()
                .map(MatchResult::group)
                .anyMatch(token -> token.startsWith("\"") && RUNNER.matcher(token).find());
        if (names && !file.startsWith("src/main/java/io/sessionizer/launch")) {
          naming.add(file.getFileName().toString().replace(".java", ""));
        }
      }
    }
    assertEquals(TEXTS_OF_RUNNERS.keySet(), naming);
  }

  @ArchTest
  static final ArchRule packagesHaveNoCycles =
      slices().matching("io.sessionizer.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule theDomainIsPlainJava =
      noClasses()
          .that()
          .belongToAnyOf(
              VisitJson.class, VisitParser.class, Visit.class, Rejection.class, SessionPolicy.class)
          .or()
          .haveFullyQualifiedName("io.sessionizer.visits.EventTime")
          .or()
          .resideInAPackage("io.sessionizer.records..")
          .should()
          .transitivelyDependOnClassesThat()
          .resideInAnyPackage("org.apache.beam..", "org.apache.kafka..", "org.joda..");

  @ArchTest
  static final ArchRule recordsImportNothingOfOurs =
      noClasses()
          .that()
          .resideInAPackage("io.sessionizer.records..")
          .should()
          .dependOnClassesThat(
              resideInAPackage("io.sessionizer..")
                  .and(resideOutsideOfPackage("io.sessionizer.records..")));

  @ArchTest
  static final ArchRule onlyTheEdgesKnowKafka =
      noClasses()
          .that()
          .resideOutsideOfPackages(
              "io.sessionizer",
              "io.sessionizer.kafka..",
              "io.sessionizer.launch..",
              "io.sessionizer.explain..",
              "io.sessionizer.generator..",
              "io.sessionizer.broker..",
              "io.sessionizer.demo..",
              "io.sessionizer.watch..",
              "io.sessionizer.verify..",
              "io.sessionizer.inspect..",
              "io.sessionizer.cli..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.apache.kafka..", "org.apache.beam.sdk.io.kafka..");

  /** A verification that used the engines would repeat their faults. */
  @ArchTest
  static final ArchRule verificationIsIndependent =
      noClasses()
          .that()
          .resideInAPackage("io.sessionizer.verify..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.sessionizer.sessions..", "org.apache.beam..", "org.apache.flink..");

  @ArchTest
  static final ArchRule thePipelineInquiresNothing =
      noClasses()
          .that()
          .resideInAPackage("io.sessionizer.kafka")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.sessionizer.kafka.admin..");

  @ArchTest
  static final ArchRule onlyBrokerKnowsTheBroker =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.sessionizer.broker..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("kafka..", "scala..", "org.apache.kafka.server..");

  /** A metric that is created elsewhere would have an address that nothing checks. */
  @ArchTest
  static final ArchRule everyMetricIsAJobMetric =
      noClasses()
          .that()
          .doNotBelongToAnyOf(JobMetric.class)
          .should()
          .dependOnClassesThat()
          .areAssignableTo(Metrics.class);

  @ArchTest
  static final ArchRule nobodyKnowsTheRunner =
      noClasses().should().dependOnClassesThat().resideInAPackage("org.apache.beam.runners..");

  @ArchTest
  static final ArchRule onlyOneClassKnowsFlink =
      noClasses()
          .that()
          .doNotHaveSimpleName("SubmittedJob")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.apache.flink..");

  @ArchTest
  static final ArchRule onlyCommandsPrint =
      noClasses()
          .that()
          .resideOutsideOfPackages("io.sessionizer.cli..", "io.sessionizer.broker..")
          .should()
          .accessField(System.class, "out");

  /** Whoever searches for a type finds one. */
  @ArchTest
  static void namesOneTypeOnce(JavaClasses classes) {
    Map<String, List<String>> byName =
        classes.stream()
            .filter(type -> !type.getSimpleName().isEmpty() && !type.isAnonymousClass())
            .collect(groupingBy(JavaClass::getSimpleName, mapping(JavaClass::getName, toList())));
    byName.remove("package-info");
    byName.values().removeIf(types -> types.size() == 1);
    assertEquals(Map.of(), byName);
  }

  @ArchTest static final ArchRule logsGoThroughSlf4j = NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING;
}
