package io.sessionizer.launch.dataflow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sessionizer.process.TemporaryFolders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptions;

/** Has the runner translate a job for Dataflow, without handing it over and without jars. */
public final class DryRun {
  private static final ObjectMapper JSON =
      new ObjectMapper().registerModules(ObjectMapper.findModules());
  private static final String NO_CHECK =
      "org.apache.beam.sdk.extensions.gcp.storage.NoopPathValidator";

  private DryRun() {}

  /**
   * Returns the names of the steps that the job would have.
   *
   * @param options the job's, which stay as they are
   * @param pipeline makes the job for other options
   */
  public static List<String> steps(
      PipelineOptions options, Function<PipelineOptions, Pipeline> pipeline) {
    try {
      Path folder = TemporaryFolders.create("dataflow-");
      try {
        Path job = folder.resolve("job.json");
        pipeline.apply(redirected(options, folder, job)).run();
        return JobsApi.stepNames(JSON.readTree(job.toFile()));
      } finally {
        TemporaryFolders.delete(folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the job cannot be written to a temporary folder", e);
    }
  }

  /** A copy of the options, with which the job is written to a file. */
  private static PipelineOptions redirected(PipelineOptions options, Path folder, Path job)
      throws IOException {
    JsonNode copy = JSON.valueToTree(options);
    ObjectNode flags = (ObjectNode) copy.path("options");
    flags.put("templateLocation", job.toString());
    flags.put("stagingLocation", folder.toString());
    // Given, the runner does not check it.
    flags.put("gcpTempLocation", String.valueOf(DataflowFlags.of(options).tempLocation()));
    flags.put("pathValidatorClass", NO_CHECK);
    flags.putArray("filesToStage");
    flags.put("update", false);
    return JSON.treeToValue(copy, PipelineOptions.class);
  }
}
