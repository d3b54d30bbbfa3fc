package io.sessionizer.explain;

import io.sessionizer.files.WrittenFolder;
import java.nio.file.Path;
import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The files of this machine that are searched for a visit id.
 *
 * @param input files with visits
 * @param sessions a folder with sessions and dead letters; null if there is none
 * @param openVisits a folder with the visits that a job on topics continues; null if there is none
 */
public record SearchedFiles(
    List<Path> input, @Nullable WrittenFolder sessions, @Nullable WrittenFolder openVisits) {
  /** No files. */
  public static final SearchedFiles NONE = new SearchedFiles(List.of(), null, null);

  /** Whether all visits and sessions are in files. */
  boolean areAll() {
    return !input.isEmpty() && sessions != null && openVisits == null;
  }

  /** Whether visits are on a topic. */
  boolean areVisitsOnTopic() {
    return input.isEmpty() || openVisits != null;
  }

  /** Whether sessions are on a topic. */
  boolean areSessionsOnTopic() {
    return sessions == null || openVisits != null;
  }

  /** Returns the event time where files end and a topic continues; null if there is none. */
  @Nullable Long seamMillis() {
    WrittenFolder folder = openVisits == null ? sessions : openVisits;
    return folder == null || folder.seam() == null ? null : folder.seam().toEpochMilli();
  }
}
