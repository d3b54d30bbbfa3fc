package io.sessionizer.files;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.atomic.LongAdder;

/** How much of its files the job in this process has read, in bytes as they are stored. */
public final class InputProgress {
  private static final LongAdder READ = new LongAdder();
  private static volatile long total;

  private InputProgress() {}

  /**
   * Starts with a job.
   *
   * @param bytes how many its files have; 0 if that is unknown
   */
  static void start(long bytes) {
    READ.reset();
    total = bytes;
  }

  /** Returns how many bytes the files have; 0 if that is unknown. */
  public static long totalBytes() {
    return total;
  }

  /** Returns how many bytes were read, at most all of a known total. */
  public static long bytesRead() {
    // The beginning of the next range is read twice.
    return total == 0 ? READ.sum() : Math.min(total, READ.sum());
  }

  /** Counts what is read from a file. */
  static InputStream counting(InputStream file) {
    return new FilterInputStream(file) {
      @Override
      public int read() throws IOException {
        int value = super.read();
        READ.add(value < 0 ? 0 : 1);
        return value;
      }

      @Override
      public int read(byte[] bytes, int from, int length) throws IOException {
        int count = super.read(bytes, from, length);
        READ.add(Math.max(0, count));
        return count;
      }
    };
  }
}
