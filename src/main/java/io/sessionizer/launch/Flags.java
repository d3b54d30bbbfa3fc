package io.sessionizer.launch;

import io.sessionizer.config.BadFlagsException;
import io.sessionizer.config.FlagReader;
import io.sessionizer.config.FlagSpelling;
import io.sessionizer.config.GivenFlags;
import io.sessionizer.config.SessionizationOptions;
import io.sessionizer.config.Settings;
import io.sessionizer.sessions.Engine;
import java.util.ArrayList;
import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Reads a command line: our flags, Beam's, and those of the runners on the class path. */
public final class Flags {
  private Flags() {}

  /**
   * Reads {@code args}, each flag in any {@linkplain FlagSpelling spelling}. One of them may be
   * {@code --config=FILE}: flags in a YAML file, over which those beside it take precedence.
   *
   * @throws BadFlagsException with every problem there is
   */
  public static JobSpec parse(String... args) throws BadFlagsException {
    FlagReader reader = FlagReader.read(List.of(args), Launcher::supported);
    return spec(reader, Launcher.of(reader.given()));
  }

  /**
   * Like {@link #parse}, for a command that reads the topics of a job.
   *
   * @throws BadFlagsException also if the job reads files
   */
  public static JobSpec parseForTopics(String... args) throws BadFlagsException {
    JobSpec job = parse(args);
    if (job.settings().files() != null) {
      throw new BadFlagsException(
          List.of("--input=...: only ./sessionizer run forms the sessions of files"));
    }
    return job;
  }

  /**
   * Like {@link #parse}, with the cluster that this code runs in as the default for where to run.
   */
  public static JobSpec parseInCluster(String... args) throws BadFlagsException {
    List<String> all = new ArrayList<>(FlagReader.normalized(List.of(args), Launcher::supported));
    all.addAll(InsideFlinkLauncher.unlessNamed(new GivenFlags(all)));
    FlagReader reader = FlagReader.read(all, Launcher::supported);
    Launcher launcher = Launcher.of(reader.given());
    return spec(
        reader, launcher instanceof InsideFlinkLauncher ? new InsideFlinkLauncher(true) : launcher);
  }

  /** Adds the defaults of {@code launcher} to what is given, and checks all of it. */
  static JobSpec spec(FlagReader reader, Launcher launcher) throws BadFlagsException {
    reader.add(launcher.defaults(reader.given()));
    SessionizationOptions options = reader.options();
    Settings settings = settings(options, launcher, reader);
    Engine engine = settings == null ? null : settings.engine();
    reader.report(launcher.problems(options, engine));
    if (settings != null && settings.files() != null && !launcher.readsFiles()) {
      reader.report(List.of("--input=...: needs a runner in this process; omit --runner"));
    }
    if (settings != null
        && settings.openVisits() != null
        && settings.files() == null
        && launcher instanceof DataflowLauncher) {
      reader.report(List.of("--openVisits=" + settings.openVisits() + ": not with DataflowRunner"));
    }
    reader.report(DirectLauncher.parallelismProblems(options));
    if (settings == null || reader.hasProblems()) {
      throw reader.badFlags();
    }
    return new JobSpec(settings, options, launcher, reader.topicsCommand(settings));
  }

  private static @Nullable Settings settings(
      SessionizationOptions options, Launcher launcher, FlagReader reader) {
    try {
      return Settings.from(options, launcher.defaultEngine(options).engine());
    } catch (BadFlagsException e) {
      reader.report(e.problems());
      return null;
    }
  }
}
