package io.sessionizer.bench.peers;

import io.sessionizer.lines.Compression;
import io.sessionizer.lines.LineReader;
import io.sessionizer.records.PackedSession;
import io.sessionizer.records.SessionJson;
import io.sessionizer.visits.PackedRecord;
import io.sessionizer.visits.PacketWriter;
import io.sessionizer.visits.Rejection;
import io.sessionizer.visits.VisitCursor;
import io.sessionizer.visits.VisitPacket;
import io.sessionizer.visits.VisitParser;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Sessions of the visits in files with nothing but the sessionizer's parser, arrays of visits by
 * shard, a sort, and its JSON.
 */
final class FileFloorJob {
  private static final int BUFFER_BYTES = 1 << 20;
  private static final long GAP = PeerFlags.GAP.toMillis();
  private static final long NO_POSITION = 0;

  private final Queue<Path> files = new ConcurrentLinkedQueue<>();
  private final Queue<Integer> shards = new ConcurrentLinkedQueue<>();
  private final List<List<VisitPacket>> packets = new ArrayList<>();
  private final Path output;

  private FileFloorJob(List<Path> input, Path output) {
    this.files.addAll(input);
    this.output = output;
    for (int shard = 0; shard < VisitPacket.SHARDS; shard++) {
      shards.add(shard);
      packets.add(new ArrayList<>());
    }
  }

  /** Runs the job; takes {@link FileFlags}. */
  public static void main(String[] args)
      throws IOException, InterruptedException, ExecutionException {
    FileFlags flags = FileFlags.parse(args);
    Files.createDirectories(flags.output());
    List<Path> input;
    try (Stream<Path> all = Files.list(flags.input())) {
      input = all.sorted().toList();
    }
    FileFloorJob job = new FileFloorJob(input, flags.output());
    ExecutorService threads = Executors.newFixedThreadPool(flags.parallelism());
    inParallel(threads, flags.parallelism(), thread -> job.read());
    inParallel(threads, flags.parallelism(), job::write);
    threads.shutdown();
  }

  private interface Work {
    void run(int thread) throws IOException;
  }

  private static void inParallel(ExecutorService threads, int parallelism, Work work)
      throws InterruptedException, ExecutionException {
    List<Future<?>> running = new ArrayList<>();
    for (int number : IntStream.range(0, parallelism).toArray()) {
      running.add(
          threads.submit(
              () -> {
                work.run(number);
                return null;
              }));
    }
    for (Future<?> each : running) {
      each.get();
    }
  }

  private void read() throws IOException {
    VisitParser parser = new VisitParser(Integer.MAX_VALUE, Duration.ofHours(1), Clock.systemUTC());
    PackedRecord.Writer packer = new PackedRecord.Writer(parser);
    for (Path file = files.poll(); file != null; file = files.poll()) {
      PacketWriter visits = new PacketWriter("", 0, 0);
      try (LineReader lines =
          new LineReader(Compression.textOf(Files.newInputStream(file)), 0, BUFFER_BYTES)) {
        while (lines.next()) {
          byte[] packed = packer.pack(lines.bytes(), lines.from(), lines.to());
          Rejection rejection = visits.add(packed, NO_POSITION, NO_POSITION);
          if (rejection != null) {
            throw new IOException(file + ": " + rejection);
          }
        }
      }
      synchronized (packets) {
        visits.packets().forEach(packet -> packets.get(packet.shard()).add(packet));
      }
    }
  }

  private void write(int thread) throws IOException {
    SessionJson json = new SessionJson(ZoneOffset.UTC);
    Path file = output.resolve("sessions-" + thread + ".jsonl");
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), BUFFER_BYTES)) {
      for (Integer shard = shards.poll(); shard != null; shard = shards.poll()) {
        FileVisit[] visits =
            packets.get(shard).stream().flatMap(FileFloorJob::visits).toArray(FileVisit[]::new);
        Arrays.sort(visits);
        int start = 0;
        for (int at = 1; at <= visits.length; at++) {
          if (at == visits.length
              || visits[at].time() - visits[at - 1].time() >= GAP
              || visits[at].compareVisitId(visits[at - 1]) != 0) {
            out.write(json.write(new SessionBytes().session(visits, start, at)));
            out.write('\n');
            start = at;
          }
        }
      }
    }
  }

  private static Stream<FileVisit> visits(VisitPacket packet) {
    List<FileVisit> visits = new ArrayList<>(packet.count());
    for (VisitCursor at = packet.cursor(); at.next(); ) {
      visits.add(
          new FileVisit(
              at.eventTimeMillis(),
              at.bytes(),
              at.visitIdFrom(),
              at.visitIdLength(),
              at.pageFrom(),
              at.pageLength(),
              at.userIdFrom(),
              at.userIdLength()));
    }
    return visits.stream();
  }

  /** A visit in the bytes of its packet; a length is -1 if there is no text. */
  private record FileVisit(
      long time,
      byte[] bytes,
      int visitIdFrom,
      int visitIdLength,
      int pageFrom,
      int pageLength,
      int userIdFrom,
      int userIdLength)
      implements Comparable<FileVisit> {
    @Override
    public int compareTo(FileVisit other) {
      int order = compareVisitId(other);
      order = order == 0 ? Long.compare(time, other.time) : order;
      order =
          order == 0
              ? compare(pageFrom, pageLength, other.bytes, other.pageFrom, other.pageLength)
              : order;
      return order == 0 ? compareUserId(other) : order;
    }

    int compareVisitId(FileVisit other) {
      return compare(
          visitIdFrom, visitIdLength, other.bytes, other.visitIdFrom, other.visitIdLength);
    }

    int compareUserId(FileVisit other) {
      return compare(userIdFrom, userIdLength, other.bytes, other.userIdFrom, other.userIdLength);
    }

    /** Compares texts in the order of their code points; a missing one comes first. */
    private int compare(int from, int length, byte[] others, int othersFrom, int othersLength) {
      return length < 0 || othersLength < 0
          ? Integer.compare(Math.min(length, 0), Math.min(othersLength, 0))
          : Arrays.compareUnsigned(
              bytes, from, from + length, others, othersFrom, othersFrom + othersLength);
    }
  }

  /** The bytes of a {@link PackedSession}. */
  private static final class SessionBytes {
    private byte[] bytes = new byte[1024];
    private int length;

    PackedSession session(FileVisit[] visits, int from, int to) {
      FileVisit first = visits[from];
      add(first.bytes, first.visitIdFrom, first.visitIdLength);
      add(first.bytes, first.userIdFrom, first.userIdLength);
      long before = first.time;
      for (int at = from; at < to; at++) {
        FileVisit visit = visits[at];
        boolean isOtherUser = visit.compareUserId(first) != 0;
        addNumber(visit.time - before);
        addNumber((visit.pageLength + 1L) << 1 | (isOtherUser ? 1 : 0));
        add(visit.bytes, visit.pageFrom, visit.pageLength);
        if (isOtherUser) {
          addNumber(visit.userIdLength + 1L);
          add(visit.bytes, visit.userIdFrom, visit.userIdLength);
        }
        before = visit.time;
      }
      return new PackedSession(
          Arrays.copyOf(bytes, length),
          first.visitIdLength,
          first.userIdLength,
          first.time,
          before);
    }

    private void add(byte[] text, int from, int count) {
      if (count > 0) {
        reserve(count);
        System.arraycopy(text, from, bytes, length, count);
        length += count;
      }
    }

    private void addNumber(long number) {
      reserve(Long.BYTES + 2);
      long left = number;
      for (; left > 0x7F; left >>>= 7) {
        bytes[length++] = (byte) (left | 0x80);
      }
      bytes[length++] = (byte) left;
    }

    private void reserve(int count) {
      if (length + count > bytes.length) {
        bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + count));
      }
    }
  }
}
