package io.sessionizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.api.services.dataflow.model.DataflowPackage;
import io.sessionizer.config.FileNames;
import io.sessionizer.config.Settings;
import io.sessionizer.files.NoLateVisits;
import io.sessionizer.files.ReadMatchedFiles;
import io.sessionizer.files.WriteDeadLetterFiles;
import io.sessionizer.files.WriteSessionFiles;
import io.sessionizer.kafka.Delivery;
import io.sessionizer.kafka.ReadVisits;
import io.sessionizer.kafka.Rewind;
import io.sessionizer.kafka.WriteDeadLetters;
import io.sessionizer.kafka.WriteLateVisits;
import io.sessionizer.kafka.WriteSessions;
import io.sessionizer.kafka.WrittenDeadLetters;
import io.sessionizer.launch.Flags;
import io.sessionizer.launch.JobSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.apache.beam.model.pipeline.v1.RunnerApi;
import org.apache.beam.runners.dataflow.options.DataflowPipelineDebugOptions;
import org.apache.beam.runners.dataflow.options.DataflowPipelineOptions;
import org.apache.beam.runners.dataflow.util.PackageUtil;
import org.apache.beam.runners.dataflow.util.Stager;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.kafka.common.TopicPartition;

/**
 * The job as the real runner translates it for Dataflow, written to a file instead of being handed
 * over. Nothing is staged, no service is called.
 *
 * @param job as Dataflow's API would get it
 * @param pipeline the same in the form that Runner v2 takes
 */
record DataflowGraph(JsonNode job, RunnerApi.Pipeline pipeline) {
  private static final UUID RUN = new UUID(0, 1);

  /** Translates the job for a topic of three partitions. */
  static DataflowGraph of(Path folder, String... flags) throws Exception {
    return of(folder, DataflowGraph::ofTopics, flags);
  }

  /** Translates the job that reads and writes files, which are not read. */
  static DataflowGraph ofFiles(Path folder, String... flags) throws Exception {
    return of(folder, DataflowGraph::ofFiles, flags);
  }

  private static DataflowGraph of(Path folder, Function<JobSpec, Edges> edges, String... flags)
      throws Exception {
    Path file = folder.resolve("job.json");
    List<String> args =
        new ArrayList<>(
            List.of(
                "--runner=DataflowRunner",
                "--project=my-project-1",
                "--region=europe-west1",
                "--gcpTempLocation=gs://my-bucket/temp",
                "--stagerClass=" + Kept.class.getName(),
                "--pathValidatorClass=org.apache.beam.sdk.extensions.gcp.storage.NoopPathValidator",
                "--dataflowEndpoint=http://127.0.0.1:1/",
                "--credentialFactoryClass=org.apache.beam.sdk.extensions.gcp.auth.NoopCredentialFactory",
                "--filesToStage=pom.xml"));
    args.addAll(List.of(flags));
    JobSpec job = Flags.parse(args.toArray(String[]::new));
    job.options().as(DataflowPipelineOptions.class).setTemplateLocation(file.toString());
    job.pipeline(edges.apply(job)).run();
    Kept stager = (Kept) job.options().as(DataflowPipelineDebugOptions.class).getStager();
    return new DataflowGraph(
        new ObjectMapper().readTree(file.toFile()),
        RunnerApi.Pipeline.parseFrom(stager.files.get("pipeline.pb")));
  }

  private static Edges ofTopics(JobSpec job) {
    Settings settings = job.settings();
    List<TopicPartition> partitions =
        List.of(
            new TopicPartition("visits", 0),
            new TopicPartition("visits", 1),
            new TopicPartition("visits", 2));
    Delivery delivery = job.launcher().delivery(job);
    return new Edges(
        ReadVisits.from(settings, partitions, Map.of(), Rewind.NONE, Map.of(), RUN),
        WriteSessions.with(settings, delivery, Rewind.NONE, RUN),
        WriteLateVisits.with(settings, delivery, 1 << 20),
        WriteDeadLetters.with(settings, 1 << 20, WrittenDeadLetters.NONE));
  }

  private static Edges ofFiles(JobSpec job) {
    FileNames files = job.settings().files();
    return new Edges(
        ReadMatchedFiles.from(files.input(), job.settings()),
        WriteSessionFiles.toFolder(files.output(), files.format(), job.settings(), null),
        new NoLateVisits(),
        WriteDeadLetterFiles.toFolder(files.output()));
  }

  /** Keeps in memory what would be staged. */
  public static final class Kept implements Stager {
    private final Map<String, byte[]> files = new HashMap<>();

    public static Kept fromOptions(PipelineOptions options) {
      return new Kept();
    }

    @Override
    public List<DataflowPackage> stageFiles(List<PackageUtil.StagedFile> files) {
      return files.stream().map(file -> location(file.getDestination())).toList();
    }

    @Override
    public DataflowPackage stageToFile(byte[] bytes, String name) {
      files.put(name, bytes);
      return location(name);
    }

    private static DataflowPackage location(String name) {
      return new DataflowPackage().setName(name).setLocation("storage.googleapis.com/b/" + name);
    }
  }
}
