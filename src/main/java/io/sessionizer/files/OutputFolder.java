package io.sessionizer.files;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sessionizer.config.NotReadyException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.EmptyMatchTreatment;
import org.apache.beam.sdk.io.fs.MatchResult.Metadata;
import org.apache.beam.sdk.io.fs.MoveOptions.StandardMoveOptions;
import org.apache.beam.sdk.io.fs.ResolveOptions.StandardResolveOptions;
import org.apache.beam.sdk.io.fs.ResourceId;
import org.apache.beam.sdk.util.MimeTypes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder that a job writes its files to. As long as the job is not done, it has a file {@value
 * #INCOMPLETE}, and afterwards a file {@value #SUCCESS}.
 */
public final class OutputFolder {
  /** What the names of files with sessions start with. */
  static final String SESSIONS = "sessions";

  /** What the names of files with dead letters start with. */
  static final String DEAD_LETTERS = "dead-letters";

  /** What the names of files end with. */
  static final String SUFFIX = ".jsonl";

  private static final String SUCCESS = "_SUCCESS";
  private static final String INCOMPLETE = "_INCOMPLETE";

  /** Of Beam, for files that are being written. */
  private static final String TEMPORARY = ".temp-beam";

  private static final Logger LOG = LoggerFactory.getLogger(OutputFolder.class);

  private final ResourceId folder;

  private OutputFolder(ResourceId folder) {
    this.folder = folder;
  }

  /**
   * Makes a folder ready to be written to: what a run has left that was killed is deleted.
   *
   * @throws NotReadyException if something else is in the folder, or it cannot be written to
   */
  public static OutputFolder prepare(String name) throws NotReadyException {
    try {
      OutputFolder folder = new OutputFolder(FileSystems.matchNewResource(name, true));
      folder.clear(name);
      folder.create(INCOMPLETE, "A job writes to this folder, or was killed.\n");
      return folder;
    } catch (IOException | IllegalArgumentException e) {
      throw new NotReadyException("cannot write to --output=%s: %s".formatted(name, reason(e)));
    }
  }

  private static String reason(Exception e) {
    return e.getClass().getSimpleName() + " " + e.getMessage();
  }

  private void clear(String name) throws IOException, NotReadyException {
    List<ResourceId> left = new ArrayList<>();
    Set<String> others = new TreeSet<>();
    boolean isIncomplete = false;
    for (Metadata file : FileSystems.match(folder + "**", EmptyMatchTreatment.ALLOW).metadata()) {
      String path = file.resourceId().toString().substring(folder.toString().length());
      if (path.equals(INCOMPLETE)) {
        isIncomplete = true;
      } else if (isOurs(path)) {
        left.add(file.resourceId());
      } else {
        others.add(path);
      }
    }
    if (!isIncomplete) {
      left.forEach(file -> others.add(String.valueOf(file.getFilename())));
    }
    if (!others.isEmpty()) {
      throw new NotReadyException(
          "--output=%s: is not empty (%s); name a new folder"
              .formatted(name, others.iterator().next()));
    }
    if (!left.isEmpty()) {
      LOG.info("deleting {} files of an incomplete run in {}", left.size(), name);
      FileSystems.delete(left, StandardMoveOptions.IGNORE_MISSING_FILES);
    }
  }

  private static boolean isOurs(String path) {
    return path.startsWith(TEMPORARY)
        || (path.endsWith(SUFFIX)
            && (path.startsWith(SESSIONS + "-") || path.startsWith(DEAD_LETTERS + "-")));
  }

  /** Notes that all files are there. */
  public void finish() {
    try {
      create(SUCCESS, "");
      FileSystems.delete(
          List.of(folder.resolve(INCOMPLETE, StandardResolveOptions.RESOLVE_FILE)),
          StandardMoveOptions.IGNORE_MISSING_FILES);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot finish " + folder, e);
    }
  }

  private void create(String name, String text) throws IOException {
    ResourceId file = folder.resolve(name, StandardResolveOptions.RESOLVE_FILE);
    try (WritableByteChannel channel = FileSystems.create(file, MimeTypes.TEXT)) {
      channel.write(ByteBuffer.wrap(text.getBytes(UTF_8)));
    }
  }
}
