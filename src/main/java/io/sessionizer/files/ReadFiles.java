package io.sessionizer.files;

import io.sessionizer.config.NotReadyException;
import io.sessionizer.config.Settings;
import io.sessionizer.visits.ConsumedBatch;
import io.sessionizer.visits.FirstRecords;
import java.util.List;
import org.apache.beam.sdk.io.Read;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;

/** Reads visits from files, in no order. */
public final class ReadFiles extends ReadVisitFiles {
  private static final long serialVersionUID = 1L;

  private final LineSource lines;
  private final FirstRecords firstRecords;
  private final transient SortSpace sortSpace;

  private ReadFiles(LineSource lines, FirstRecords firstRecords, SortSpace sortSpace) {
    this.lines = lines.with(firstRecords);
    this.firstRecords = firstRecords;
    this.sortSpace = sortSpace;
  }

  /**
   * Reads the files that are there now.
   *
   * @param globs which files
   * @throws NotReadyException with every glob that matches no file
   */
  public static ReadFiles from(List<String> globs, Settings settings) throws NotReadyException {
    List<InputFile> files = InputFiles.matching(globs);
    InputProgress.start(files.stream().mapToLong(InputFile::bytes).sum());
    return new ReadFiles(
        LineSource.of(
            files, settings.inputFormat(), settings.maxRecordBytes(), settings.maxFutureSkew()),
        FirstRecords.of(settings.showsRecords(), settings.inputFormat()),
        SortSpace.of(bytes(files, true), bytes(files, false)));
  }

  private static long bytes(List<InputFile> files, boolean areSplittable) {
    return files.stream()
        .filter(file -> file.isSplittable() == areSplittable)
        .mapToLong(InputFile::bytes)
        .sum();
  }

  /** Logs what the first records show, if they were few: all are read. */
  public void allRead() {
    firstRecords.finish();
  }

  /** Returns the disk space for a runner that sorts the visits on disk. */
  public SortSpace sortSpace() {
    return sortSpace;
  }

  @Override
  public PCollection<ConsumedBatch> expand(PBegin begin) {
    return begin.apply("ReadLines", Read.from(lines));
  }
}
