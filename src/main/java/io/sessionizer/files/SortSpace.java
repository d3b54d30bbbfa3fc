package io.sessionizer.files;

import java.io.File;

/**
 * The disk space for sorting visits, in the folder for temporary files, as an estimate.
 *
 * @param bytes how much is needed at most; 0 if that is unknown
 * @param freeBytes how much is free
 * @param folder where
 */
public record SortSpace(long bytes, long freeBytes, String folder) {
  /** Of 437 bytes of a generated line, 81 were sorted. */
  private static final double OF_TEXT = 0.25;

  /** Of 80 bytes of such a line in gzip, 81 were sorted; with other fields it may be more. */
  private static final double OF_ARCHIVE = 1.5;

  private static final long MEGABYTE = 1_000_000;

  /** Returns the disk space for files of a size. */
  static SortSpace of(long textBytes, long archiveBytes) {
    File folder = new File(System.getProperty("java.io.tmpdir", "."));
    return new SortSpace(
        (long) (textBytes * OF_TEXT + archiveBytes * OF_ARCHIVE),
        folder.getUsableSpace(),
        folder.getPath());
  }

  /** Whether there may be too little. */
  public boolean mayBeTooLittle() {
    return bytes > freeBytes;
  }

  /** Returns it as a sentence. */
  @Override
  public String toString() {
    String free = "%s has %s MB free".formatted(folder, freeBytes / MEGABYTE);
    return bytes == 0
        ? "sorting takes disk space; " + free
        : "sorting takes up to about %s MB of disk space; %s".formatted(bytes / MEGABYTE + 1, free);
  }
}
