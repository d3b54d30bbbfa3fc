package io.sessionizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.api.services.dataflow.model.DataflowPackage;
import io.sessionizer.config.Settings;
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
import java.util.Optional;
import java.util.UUID;
import org.apache.beam.model.pipeline.v1.RunnerApi;
import org.apache.beam.runners.dataflow.options.DataflowPipelineDebugOptions;
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
                "--filesToStage=pom.xml",
                "--templateLocation=" + file));
    args.addAll(List.of(flags));
    JobSpec job = Flags.parse(args.toArray(String[]::new));
    Settings settings = job.settings();
    List<TopicPartition> partitions =
        List.of(
            new TopicPartition("visits", 0),
            new TopicPartition("visits", 1),
            new TopicPartition("visits", 2));
    Delivery delivery = job.launcher().delivery(job);
    Edges edges =
        new Edges(
            ReadVisits.from(settings, partitions, Optional.empty(), Rewind.NONE, Map.of(), RUN),
            WriteSessions.with(settings, delivery, Rewind.NONE, RUN),
            WriteLateVisits.with(settings, delivery),
            WriteDeadLetters.with(settings, 1 << 20, WrittenDeadLetters.NONE));
    job.pipeline(edges).run();
    Kept stager = (Kept) job.options().as(DataflowPipelineDebugOptions.class).getStager();
    return new DataflowGraph(
        new ObjectMapper().readTree(file.toFile()),
        RunnerApi.Pipeline.parseFrom(stager.files.get("pipeline.pb")));
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
