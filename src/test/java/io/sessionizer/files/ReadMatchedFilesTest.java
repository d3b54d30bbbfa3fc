package io.sessionizer.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sessionizer.config.Settings;
import io.sessionizer.launch.Flags;
import io.sessionizer.testing.Batches;
import io.sessionizer.testing.Collected;
import io.sessionizer.visits.ConsumedBatch;
import io.sessionizer.visits.Rejection;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.Pipeline.PipelineExecutionException;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadMatchedFilesTest {
  @TempDir private Path folder;
  private Settings settings;

  @BeforeEach
  void files() throws Exception {
    settings = Flags.parse().settings();
    try (OutputStream gzip = new GZIPOutputStream(Files.newOutputStream(folder.resolve("a.gz")))) {
      gzip.write((visit("v1") + "no visit\n").getBytes(UTF_8));
    }
    // Two ranges, and a line in both.
    long lines = (33L << 20) / visit("v2").length();
    Files.writeString(folder.resolve("b.jsonl"), visit("v2").repeat((int) lines));
  }

  @Test
  void readsSameVisitsAsReadFiles() throws Exception {
    List<String> globs = List.of(folder + "/*", folder + "/a.*");
    assertEquals(
        positions(ReadFiles.from(globs, settings)),
        positions(ReadMatchedFiles.from(globs, settings)));
  }

  @Test
  void globWithoutFilesFailsJob() {
    ReadMatchedFiles read = ReadMatchedFiles.from(List.of(folder + "/none/*"), settings);
    PipelineExecutionException e =
        assertThrows(PipelineExecutionException.class, () -> positions(read));
    assertTrue(String.valueOf(e.getMessage()).contains(folder + "/none/*"), e::toString);
  }

  private static List<String> positions(PTransform<PBegin, PCollection<ConsumedBatch>> read) {
    Pipeline pipeline = Pipeline.create();
    Collected<ConsumedBatch> batches = new Collected<>();
    pipeline.apply(read).apply(batches);
    pipeline.run().waitUntilFinish();
    return batches.elements().stream()
        .flatMap(batch -> Batches.records(batch).stream())
        .map(
            record ->
                record.provenance().position()
                    + " "
                    + (record.content() instanceof Rejection rejection
                        ? rejection.message()
                        : record.content()))
        .sorted()
        .toList();
  }

  private static String visit(String visitId) {
    return "{\"visit_id\":\"%s\",\"event_time\":\"2024-01-01T00:00:00Z\",\"more\":\"%s\"}\n"
        .formatted(visitId, "x".repeat(5_000));
  }
}
