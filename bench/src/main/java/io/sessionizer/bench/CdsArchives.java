package io.sessionizer.bench;

import io.sessionizer.broker.LocalBroker;
import io.sessionizer.config.NotReadyException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Class-data archives (CDS) for the JVMs of contenders, each made by a run of the contender with
 * 1,000 visits.
 */
final class CdsArchives implements AutoCloseable {
  private static final long VISITS = 1_000;
  private static final String TOPIC = "archive-visits";

  /** From this version on, Java has archives that also keep profiles: ahead-of-time caches. */
  private static final boolean IS_AOT_CACHE = Runtime.version().feature() >= 25;

  /** What Java says of an archive goes to its standard output otherwise. */
  private static final List<String> QUIET =
      IS_AOT_CACHE
          ? List.of("-Xlog:cds=off", "-Xlog:cds*=off", "-Xlog:aot=off", "-Xlog:aot*=off")
          : List.of("-Xlog:cds=off", "-Xlog:cds*=off");

  private final Setup setup;
  private final LocalBroker broker;
  private final BenchmarkTopics topics;
  private final Path folder;
  private final long seed;
  private final Map<Contender, Path> archives = new EnumMap<>(Contender.class);
  private Backlog backlog;

  CdsArchives(Setup setup, LocalBroker broker, BenchmarkTopics topics, Path folder, long seed) {
    this.setup = setup;
    this.broker = broker;
    this.topics = topics;
    this.folder = folder;
    this.seed = seed;
  }

  /**
   * Returns the options of a JVM that uses the archive of a contender, which is made at first use.
   */
  List<String> options(Contender contender)
      throws NotReadyException, IOException, InterruptedException {
    if (!archives.containsKey(contender)) {
      archives.put(contender, make(contender));
    }
    String use = IS_AOT_CACHE ? "-XX:AOTCache=" : "-XX:SharedArchiveFile=";
    return quietly(use + archives.get(contender));
  }

  private static List<String> quietly(String option) {
    List<String> options = new ArrayList<>(QUIET);
    options.add(option);
    return options;
  }

  private Path make(Contender contender)
      throws NotReadyException, IOException, InterruptedException {
    if (backlog == null) {
      topics.create(List.of(TOPIC));
      Task task = new Task(Workload.CATCH_UP, VISITS, seed);
      backlog = Backlog.write(broker.address(), TOPIC, setup.parallelism(), task);
    }
    String make = IS_AOT_CACHE ? "-XX:AOTCacheOutput=" : "-XX:ArchiveClassesAtExit=";
    Path archive = folder.resolve(contender + ".jsa");
    Run run =
        Trial.run(
            contender,
            setup,
            broker,
            topics,
            backlog,
            "archive-of-" + contender,
            quietly(make + archive),
            false);
    if (!run.isExact() || !Files.exists(archive)) {
      throw new NotReadyException(
          "no class-data archive of %s: %s"
              .formatted(contender, run.isExact() ? "its JVM wrote none" : run.problem()));
    }
    return archive;
  }

  @Override
  public void close() {
    if (backlog != null) {
      backlog.close();
    }
  }
}
