package io.sessionizer.files;

import io.sessionizer.config.NotReadyException;
import io.sessionizer.config.Settings;
import io.sessionizer.formats.ProjectedField;
import io.sessionizer.visits.ConsumedBatch;
import io.sessionizer.visits.LocatedVisit;
import io.sessionizer.visits.Visit;
import io.sessionizer.visits.VisitJson;
import io.sessionizer.visits.VisitPacket;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.beam.sdk.io.BoundedSource.BoundedReader;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.EmptyMatchTreatment;
import org.apache.beam.sdk.io.fs.MatchResult.Metadata;
import org.apache.beam.sdk.options.PipelineOptionsFactory;

/**
 * The visits of sessions that were open at the seam, in the folder of a job that is done.
 *
 * @param folder the folder's name
 * @param seam the time of the seam
 * @param lines the lines of the files
 */
public record OpenVisits(String folder, Instant seam, LineSource lines) {
  /**
   * A visit has three texts of at most 4,096 characters, of at most 6 bytes in JSON, and projected
   * fields of which each has at most a quarter of that.
   */
  private static final int MAX_LINE_BYTES = 16 << 20;

  private static final String FLAG = "--openVisits";

  /** They were accepted when they were written. */
  private static final Duration ANY_SKEW = Duration.ofDays(36_500);

  /**
   * Finds the visits in a folder.
   *
   * @param settings of this job
   * @throws NotReadyException if the folder is not that of a job which is done, or that job had
   *     other flags
   */
  public static OpenVisits in(String folder, Settings settings) throws NotReadyException {
    try {
      Map<String, Metadata> files = files(folder);
      Metadata seam = files.get(SeamFile.NAME);
      if (seam == null) {
        throw problem(
            folder,
            "has no %s: name the folder that a job with --seam has written"
                .formatted(SeamFile.NAME));
      }
      if (!files.containsKey(OutputFolder.SUCCESS)) {
        throw problem(
            folder,
            "has no %s: the job that writes it is not done, or was stopped; run it again first"
                .formatted(OutputFolder.SUCCESS));
      }
      SeamFile written;
      try (InputStream file = Channels.newInputStream(FileSystems.open(seam.resourceId()))) {
        written = SeamFile.read(file.readAllBytes());
      }
      written.requireSameFlags(FLAG, folder, settings);
      return new OpenVisits(
          folder, written.seam(), lines(files, settings.inputFormat().projected()));
    } catch (IOException | IllegalArgumentException e) {
      throw problem(folder, "cannot be read: %s".formatted(e.getMessage()));
    }
  }

  private static Map<String, Metadata> files(String folder) throws IOException {
    String name = FileSystems.matchNewResource(folder, true).toString();
    Map<String, Metadata> files = new TreeMap<>();
    for (Metadata file : FileSystems.match(name + "*", EmptyMatchTreatment.ALLOW).metadata()) {
      files.put(String.valueOf(file.resourceId().getFilename()), file);
    }
    return files;
  }

  private static LineSource lines(Map<String, Metadata> files, List<ProjectedField> projected)
      throws IOException {
    List<InputFile> inputs = new ArrayList<>();
    for (Map.Entry<String, Metadata> file : files.entrySet()) {
      if (OutputFolder.isOpenVisits(file.getKey())) {
        Metadata metadata = file.getValue();
        inputs.add(InputFile.of(metadata.resourceId().toString(), metadata.sizeBytes()));
      }
    }
    return LineSource.of(inputs, VisitJson.format(projected), MAX_LINE_BYTES, ANY_SKEW);
  }

  private static NotReadyException problem(String folder, String what) {
    return new NotReadyException("%s=%s: %s".formatted(FLAG, folder, what));
  }

  /**
   * Reads and counts all of them.
   *
   * @throws NotReadyException if a file is damaged
   */
  public long count() throws NotReadyException {
    return forEach(visit -> {});
  }

  /**
   * Reads all of them.
   *
   * @return how many there are
   * @throws NotReadyException if a file is damaged
   */
  public long forEach(Consumer<Visit> action) throws NotReadyException {
    long count = 0;
    try (BoundedReader<ConsumedBatch> reader =
        lines.createReader(PipelineOptionsFactory.create())) {
      for (boolean more = reader.start(); more; more = reader.advance()) {
        ConsumedBatch batch = requireVisits(reader.getCurrent());
        count += batch.size();
        for (VisitPacket packet : batch.packets()) {
          packet.visits().stream().map(LocatedVisit::visit).forEach(action);
        }
      }
      return count;
    } catch (IOException e) {
      throw problem(folder, String.valueOf(e.getMessage()));
    }
  }

  /** Requires that no line was rejected: a job has written them all. */
  static ConsumedBatch requireVisits(ConsumedBatch batch) throws IOException {
    if (!batch.rejected().isEmpty()) {
      throw new IOException(
          "%s is not a visit; the file is damaged"
              .formatted(batch.rejected().get(0).provenance().position()));
    }
    return batch;
  }
}
