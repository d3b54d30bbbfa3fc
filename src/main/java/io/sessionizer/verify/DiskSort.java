package io.sessionizer.verify;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A sort of byte arrays, as unsigned bytes, in bounded memory. What exceeds it is written to files,
 * each of them sorted, which are merged when the entries are read.
 *
 * <p>For example, with room for 3 entries, the entries 5 1 4 2 3 are the file {@code 1 4 5} and, in
 * memory, {@code 2 3}.
 */
final class DiskSort {
  /** How many files are merged at a time: each has a buffer and is open. */
  private static final int MAX_MERGED = 64;

  private static final int BUFFER_BYTES = 64 << 10;

  /** What an array has in memory beside its bytes, with the reference to it. */
  private static final int ARRAY_BYTES = 24;

  private static final int END = -1;

  private final Path folder;
  private final String name;
  private final long maxBytes;
  private final Written onWritten;
  private final List<Path> runs = new ArrayList<>();
  private final List<byte[]> buffered = new ArrayList<>();
  private long bufferedBytes;
  private int files;

  /**
   * Creates a sort without entries.
   *
   * @param folder of its files
   * @param name with which the names of its files start
   * @param maxBytes how much memory the entries may have that are not in files
   * @param onWritten receives how many bytes were written, after each file
   */
  DiskSort(Path folder, String name, long maxBytes, Written onWritten) {
    this.folder = folder;
    this.name = name;
    this.maxBytes = maxBytes;
    this.onWritten = onWritten;
  }

  /** Adds an entry, which is not copied. */
  void add(byte[] entry) throws IOException {
    buffered.add(entry);
    bufferedBytes += entry.length + ARRAY_BYTES;
    if (bufferedBytes >= maxBytes) {
      runs.add(written(sortedBuffer()));
      buffered.clear();
      bufferedBytes = 0;
    }
  }

  /** Returns the entries in their order. Nothing is added any more. */
  Entries sorted() throws IOException {
    if (runs.isEmpty()) {
      return sortedBuffer();
    }
    if (!buffered.isEmpty()) {
      runs.add(written(sortedBuffer()));
      buffered.clear();
    }
    while (runs.size() > MAX_MERGED) {
      List<Path> first = runs.subList(0, MAX_MERGED);
      Path merged = written(new Merge(first));
      first.clear();
      runs.add(merged);
    }
    return new Merge(runs);
  }

  private Entries sortedBuffer() {
    byte[][] entries = buffered.toArray(byte[][]::new);
    buffered.clear();
    Arrays.parallelSort(entries, Arrays::compareUnsigned);
    return new InMemory(entries);
  }

  private Path written(Entries entries) throws IOException {
    Path file = folder.resolve(name + "-" + files++);
    try (entries;
        DataOutputStream out =
            new DataOutputStream(
                new BufferedOutputStream(Files.newOutputStream(file), BUFFER_BYTES))) {
      for (byte[] entry = entries.next(); entry != null; entry = entries.next()) {
        out.writeInt(entry.length);
        out.write(entry);
      }
      out.writeInt(END);
    }
    onWritten.bytes(Files.size(file));
    return file;
  }

  /** Accepts how many bytes were written to a file. */
  interface Written {
    void bytes(long count) throws IOException;
  }

  /** Entries in their order. */
  interface Entries extends AutoCloseable {
    /** Returns the next entry; null behind the last. */
    byte @Nullable [] next() throws IOException;

    @Override
    void close() throws IOException;
  }

  private static final class InMemory implements Entries {
    private final byte[][] entries;
    private int at;

    InMemory(byte[][] entries) {
      this.entries = entries;
    }

    @Override
    @SuppressWarnings("NullAway") // a slot is read once, and frees its entry then
    public byte @Nullable [] next() {
      if (at == entries.length) {
        return null;
      }
      byte[] entry = entries[at];
      entries[at++] = null;
      return entry;
    }

    @Override
    public void close() {}
  }

  /** A file whose entries are read, and its first entry that was not returned yet. */
  private static final class Run implements AutoCloseable {
    private final Path file;
    private final DataInputStream in;
    private byte[] head = {};

    Run(Path file) throws IOException {
      this.file = file;
      this.in =
          new DataInputStream(new BufferedInputStream(Files.newInputStream(file), BUFFER_BYTES));
    }

    byte[] head() {
      return head;
    }

    /** Reads the next entry; false behind the last. */
    boolean advance() throws IOException {
      int length = in.readInt();
      if (length == END) {
        return false;
      }
      head = in.readNBytes(length);
      return true;
    }

    @Override
    public void close() throws IOException {
      in.close();
      Files.delete(file);
    }
  }

  private static final class Merge implements Entries {
    private final PriorityQueue<Run> runs =
        new PriorityQueue<>(Comparator.comparing(Run::head, Arrays::compareUnsigned));

    Merge(List<Path> files) throws IOException {
      for (Path file : files) {
        returnToQueue(new Run(file));
      }
    }

    @Override
    public byte @Nullable [] next() throws IOException {
      Run run = runs.poll();
      if (run == null) {
        return null;
      }
      byte[] entry = run.head();
      returnToQueue(run);
      return entry;
    }

    private void returnToQueue(Run run) throws IOException {
      if (run.advance()) {
        runs.add(run);
      } else {
        run.close();
      }
    }

    @Override
    public void close() throws IOException {
      for (Run run : runs) {
        run.close();
      }
    }
  }
}
