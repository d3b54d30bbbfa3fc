package io.sessionizer.sessions;

import io.sessionizer.visits.VisitCursor;
import io.sessionizer.visits.VisitPacket;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The packets of a shard of an archive, in memory, or in a temporary file if they are too many. The
 * visit ids are divided into parts, whose visits fit into memory one part after the other. Not
 * thread-safe.
 */
final class PacketBuffer implements AutoCloseable {
  private static final int FILE_BUFFER = 1 << 16;

  private final long maxBytes;
  private final List<VisitPacket> inMemory = new ArrayList<>();
  private long bytes;
  private int packets;
  private @Nullable FileChannel file;
  private @Nullable OutputStream out;

  /**
   * Creates an empty buffer.
   *
   * @param maxBytes how many bytes of packets are in memory at most, and have the visits of a part,
   *     if no visit id has more
   */
  PacketBuffer(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /** Adds a packet. */
  void add(VisitPacket packet) throws IOException {
    bytes += packet.size();
    packets++;
    if (out == null && bytes <= maxBytes) {
      inMemory.add(packet);
      return;
    }
    if (out == null) {
      file = unnamedFile();
      out = new BufferedOutputStream(Channels.newOutputStream(file), FILE_BUFFER);
      for (VisitPacket earlier : inMemory) {
        VisitPacket.CODER.encode(earlier, out);
      }
      inMemory.clear();
    }
    VisitPacket.CODER.encode(packet, out);
  }

  /** Returns a file that is gone with this process, even if that is killed. */
  private static FileChannel unnamedFile() throws IOException {
    Path path = Files.createTempFile("sessionizer-shard-", ".tmp");
    try {
      return FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
    } finally {
      Files.delete(path);
    }
  }

  /** Returns how many parts the visit ids are divided into. */
  int parts() {
    return Math.toIntExact(Math.max(1, (bytes + maxBytes - 1) / maxBytes));
  }

  /**
   * Passes the visits of a part, in the order in which they were added.
   *
   * @param part from 0
   */
  void read(int part, Consumer<VisitCursor> visits) throws IOException {
    int parts = parts();
    if (file == null || out == null) {
      for (VisitPacket packet : inMemory) {
        read(packet, part, parts, visits);
      }
      return;
    }
    out.flush();
    file.position(0);
    InputStream in = new BufferedInputStream(Channels.newInputStream(file), FILE_BUFFER);
    for (int i = 0; i < packets; i++) {
      read(VisitPacket.CODER.decode(in), part, parts, visits);
    }
  }

  private static void read(VisitPacket packet, int part, int parts, Consumer<VisitCursor> visits) {
    for (VisitCursor visit = packet.cursor(); visit.next(); ) {
      if (visit.part(parts) == part) {
        visits.accept(visit);
      }
    }
  }

  @Override
  public void close() throws IOException {
    if (file != null) {
      file.close();
    }
  }
}
