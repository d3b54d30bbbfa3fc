package io.sessionizer;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.sessionizer.metrics.JobMetric;
import io.sessionizer.sessions.SessionPolicy;
import io.sessionizer.visits.Rejection;
import io.sessionizer.visits.Visit;
import io.sessionizer.visits.VisitJson;
import io.sessionizer.visits.VisitParser;
import me.tongfei.progressbar.ProgressBar;
import org.apache.beam.sdk.metrics.Metrics;

/** Who may know whom. */
@AnalyzeClasses(packages = "io.sessionizer", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

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
          .layer("cli")
          .definedBy("io.sessionizer.cli..")
          .whereLayer("coders")
          .mayNotAccessAnyLayer()
          .whereLayer("process")
          .mayNotAccessAnyLayer()
          .whereLayer("records")
          .mayNotAccessAnyLayer()
          .whereLayer("metrics")
          .mayOnlyAccessLayers("records")
          .whereLayer("visits")
          .mayOnlyAccessLayers("coders", "records", "metrics")
          .whereLayer("sessions")
          .mayOnlyAccessLayers("coders", "records", "metrics", "visits")
          .whereLayer("config")
          .mayOnlyAccessLayers("process", "sessions")
          .whereLayer("launch")
          .mayOnlyAccessLayers("root", "process", "config", "metrics", "sessions", "kafka")
          .whereLayer("kafka")
          .mayOnlyAccessLayers("process", "config", "metrics", "visits", "records", "sessions")
          .whereLayer("root")
          .mayOnlyBeAccessedByLayers("launch", "demo", "cli")
          .whereLayer("explain")
          .mayOnlyAccessLayers("config", "kafka", "visits", "records", "sessions")
          .whereLayer("generator")
          .mayOnlyBeAccessedByLayers("demo", "cli")
          .whereLayer("broker")
          .mayOnlyBeAccessedByLayers("demo", "cli")
          .whereLayer("demo")
          .mayOnlyBeAccessedByLayers("cli")
          .whereLayer("watch")
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
              "io.sessionizer.cli..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.apache.kafka..", "org.apache.beam.sdk.io.kafka..");

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

  /** A metric that is created elsewhere would have an address that nothing holds. */
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
  static final ArchRule onlyCommandsPrint =
      noClasses()
          .that()
          .resideOutsideOfPackages("io.sessionizer.cli..", "io.sessionizer.broker..")
          .should()
          .accessField(System.class, "out");

  @ArchTest static final ArchRule logsGoThroughSlf4j = NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING;
}
