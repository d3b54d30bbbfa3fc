package io.sessionizer.launch.dataflow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sessionizer.config.FlagValues;
import io.sessionizer.config.SessionizationOptions;
import io.sessionizer.sessions.Engine;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.beam.sdk.options.PipelineOptions;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Those of the Dataflow runner's flags that the checks need, as the user gave them, without the
 * runner's own defaults: to find some of them it looks for the cloud.
 *
 * @param project the id of the Google Cloud project
 * @param region where the job runs
 * @param jobName what the job is called; one of a name runs in a region at a time
 * @param tempLocation a folder in Cloud Storage for files that Dataflow needs for a while
 * @param stagingLocation a folder in Cloud Storage for the job's jars; by default in the one above
 * @param templateLocation where the job goes in place of Dataflow, to be started from there later
 * @param experiments switches of the runner and of the service
 * @param serviceOptions switches of the service
 * @param update whether the job replaces the one of its name that runs
 * @param transformNameMapping for that: the new names of steps that had other ones
 * @param endpoint the address of Dataflow's API, with a slash at its end
 * @param credentials the class of the credentials, if they are not the user's own
 */
public record DataflowFlags(
    @Nullable String project,
    @Nullable String region,
    String jobName,
    @Nullable String tempLocation,
    @Nullable String stagingLocation,
    @Nullable String templateLocation,
    List<String> experiments,
    List<String> serviceOptions,
    boolean update,
    Map<String, String> transformNameMapping,
    String endpoint,
    @Nullable String credentials) {

  /** Any of these means Runner v2. */
  private static final Set<String> RUNNER_V2 =
      Set.of("use_runner_v2", "use_unified_worker", "beam_fn_api", "use_portable_job_submission");

  /** Means: messages may be processed several times. */
  private static final String AT_LEAST_ONCE = "streaming_mode_at_least_once";

  private static final String NO_CREDENTIALS = "NoopCredentialFactory";
  private static final String GOOGLE = "https://dataflow.googleapis.com/";
  private static final Pattern PROJECT = Pattern.compile("([a-z0-9.-]+:)?[a-z][-a-z0-9]*[a-z0-9]");
  private static final Pattern REGION = Pattern.compile("[a-z]+-[a-z]+[0-9]+");
  private static final Pattern JOB_NAME = Pattern.compile("[a-z]([-a-z0-9]{0,1022}[a-z0-9])?");
  private static final Pattern GCS_FOLDER = Pattern.compile("gs://[a-z0-9][-a-z0-9._]+(/.*)?");
  private static final Pattern ADDRESS = Pattern.compile("https?://[\\w.:\\[\\]-]+/[\\w./-]*");
  private static final Pattern LOOPBACK =
      Pattern.compile("localhost|127(\\.\\d{1,3}){3}|\\[::1\\]");
  private static final ObjectMapper JSON =
      new ObjectMapper().registerModules(ObjectMapper.findModules());

  /** Reads what was given. */
  public static DataflowFlags of(PipelineOptions options) {
    Map<String, String> mapping = options.as(DataflowOptions.class).getTransformNameMapping();
    JsonNode given = JSON.valueToTree(options).path("options");
    return of(given, options.getJobName(), mapping == null ? Map.of() : mapping);
  }

  /**
   * Reads what was given where the runner is not there.
   *
   * @param absent the runner's own flags
   */
  public static DataflowFlags of(PipelineOptions options, ObjectNode absent) {
    ObjectNode given = JSON.valueToTree(options).withObjectProperty("options").setAll(absent);
    Map<String, String> mapping = new HashMap<>();
    for (Map.Entry<String, JsonNode> name : absent.path("transformNameMapping").properties()) {
      mapping.put(name.getKey(), name.getValue().asText());
    }
    return of(given, options.getJobName(), mapping);
  }

  private static DataflowFlags of(JsonNode given, String jobName, Map<String, String> mapping) {
    String temp = text(given, "gcpTempLocation");
    String endpoint = text(given, "dataflowEndpoint");
    return new DataflowFlags(
        text(given, "project"),
        text(given, "region"),
        jobName,
        temp == null ? text(given, "tempLocation") : temp,
        text(given, "stagingLocation"),
        text(given, "templateLocation"),
        texts(given, "experiments"),
        texts(given, "dataflowServiceOptions"),
        given.path("update").asBoolean(),
        Map.copyOf(mapping),
        endpoint == null ? GOOGLE : endpoint.replaceFirst("/*$", "/"),
        text(given, "credentialFactoryClass"));
  }

  /** Returns what of it makes no sense, one sentence each. */
  public List<String> problems(@Nullable Engine engine, SessionizationOptions options) {
    List<String> problems = new ArrayList<>();
    check(problems, "--project", project, PROJECT, "the id of your Google Cloud project");
    check(problems, "--region", region, REGION, "where the job is to run, such as europe-west1");
    check(problems, "--jobName", jobName, JOB_NAME, "small letters, digits and '-'");
    check(
        problems, "--tempLocation", tempLocation, GCS_FOLDER, "a folder such as gs://BUCKET/temp");
    if (stagingLocation != null) {
      check(
          problems,
          "--stagingLocation",
          stagingLocation,
          GCS_FOLDER,
          "a folder such as gs://BUCKET/x");
    }
    check(
        problems, "--dataflowEndpoint", endpoint, ADDRESS, "an address such as http://HOST:PORT/");
    boolean readsTopics = FlagValues.of(options.getInput()).isEmpty();
    if (isRunnerV2() && engine == Engine.STATEFUL && readsTopics) {
      problems.add(
          "--engine=stateful: not on Dataflow's Runner v2, where a step does not see the watermark:"
              + " leave out "
              + runnerV2()
              + ", or use --engine=windows");
    }
    if (isRunnerV2() && experiments.contains("disable_runner_v2")) {
      problems.add("--experiments=disable_runner_v2: contradicts " + runnerV2());
    }
    if (serviceOptions.contains(AT_LEAST_ONCE) && !Boolean.TRUE.equals(options.getDeduplicate())) {
      problems.add(
          "--dataflowServiceOptions="
              + AT_LEAST_ONCE
              + ": may count a visit several times; also give --deduplicate");
    }
    if (!transformNameMapping.isEmpty() && !update) {
      problems.add("--transformNameMapping: needs --update");
    }
    if (update && templateLocation != null) {
      problems.add("--update: a template is no job that runs; leave out --templateLocation");
    }
    if (credentials != null && credentials.endsWith(NO_CREDENTIALS) && !isLoopback(endpoint)) {
      problems.add(
          "--credentialFactoryClass="
              + credentials
              + ": is only for an emulator of Dataflow on this machine");
    }
    if (!isLoopback(endpoint) && readsTopics) {
      problems.addAll(loopbackBrokers(options.getBootstrapServers()));
    }
    return problems;
  }

  /** Returns what makes no sense for a job that reads and writes files, one sentence each. */
  public List<String> problemsWithFiles(SessionizationOptions options) {
    List<String> problems = new ArrayList<>();
    for (String glob : FlagValues.of(options.getInput())) {
      if (!GCS_FOLDER.matcher(glob).matches()) {
        problems.add(
            "--input=%s: workers do not have it; name files such as gs://BUCKET/visits/*"
                .formatted(glob));
      }
    }
    check(
        problems,
        "--output",
        options.getOutput(),
        GCS_FOLDER,
        "a folder such as gs://BUCKET/sessions");
    if (options.getSeam() != null) {
      problems.add("--seam=%s: not with DataflowRunner".formatted(options.getSeam()));
    }
    if (update) {
      problems.add("--update: a job on files is not replaced while it runs; leave it out");
    }
    if (templateLocation != null) {
      problems.add("--templateLocation: not with --input; the command waits for the job");
    }
    return problems;
  }

  private static void check(
      List<String> problems, String flag, @Nullable String value, Pattern form, String meant) {
    if (value == null) {
      problems.add(flag + ": missing; give " + meant);
    } else if (!form.matcher(value).matches()) {
      problems.add(flag + "=" + value + ": must be " + meant);
    }
  }

  /** Whether the job runs on Runner v2. */
  boolean isRunnerV2() {
    return experiments.stream().anyMatch(RUNNER_V2::contains);
  }

  /** Whether an experiment means Runner v2. */
  static boolean meansRunnerV2(String experiment) {
    return RUNNER_V2.contains(experiment);
  }

  private String runnerV2() {
    return "--experiments=" + experiments.stream().filter(RUNNER_V2::contains).findFirst().get();
  }

  /** Whether the job is only written to a file, to be started from there. */
  public boolean isTemplate() {
    return templateLocation != null;
  }

  /** Whether the job runs at Google's, and not on a server that stands for it. */
  public boolean isGoogles() {
    return endpoint.equals(GOOGLE);
  }

  /** The page that shows a job. */
  public String console(String jobId) {
    return "https://console.cloud.google.com/dataflow/jobs/%s/%s?project=%s"
        .formatted(region, jobId, project);
  }

  /**
   * Returns what is wrong with brokers, as seen from Dataflow's workers.
   *
   * @param bootstrapServers HOST:PORT, several with commas between them
   */
  private static List<String> loopbackBrokers(String bootstrapServers) {
    List<String> problems = new ArrayList<>();
    for (String given : bootstrapServers.split(",", -1)) {
      String server = given.strip();
      if (LOOPBACK.matcher(server.replaceFirst(":\\d+$", "")).matches()) {
        problems.add(
            "--bootstrapServers=%s: for Dataflow's workers this is their own machine; give addresses that the job's network can reach"
                .formatted(server));
      }
    }
    return problems;
  }

  private static boolean isLoopback(String address) {
    String host = address.replaceFirst("^https?://", "").replaceFirst("(:\\d+)?/.*$", "");
    return LOOPBACK.matcher(host).matches();
  }

  private static @Nullable String text(JsonNode given, String name) {
    JsonNode value = given.path(name);
    return value.isMissingNode() || value.isNull() || value.asText().isEmpty()
        ? null
        : value.asText();
  }

  private static List<String> texts(JsonNode given, String name) {
    List<String> texts = new ArrayList<>();
    given.path(name).forEach(value -> texts.add(value.asText()));
    return List.copyOf(texts);
  }
}
