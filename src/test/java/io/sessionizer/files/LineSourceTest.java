package io.sessionizer.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.luben.zstd.ZstdOutputStream;
import io.sessionizer.config.NotReadyException;
import io.sessionizer.formats.InputFormat;
import io.sessionizer.lines.Compression;
import io.sessionizer.records.Reason;
import io.sessionizer.visits.ConsumedBatch;
import io.sessionizer.visits.ConsumedRecord;
import io.sessionizer.visits.Rejection;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.apache.beam.sdk.io.BoundedSource;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.testing.SourceTestUtils;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LineSourceTest {
  private static final PipelineOptions OPTIONS = PipelineOptionsFactory.create();
  private static final int MAX_RECORD_BYTES = 200;

  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource
  void recognizesCompressionByContent(Compression compression) throws Exception {
    String text = visits(1_000);
    Path file = folder.resolve("visits.txt");
    Files.write(file, compressed(compression, text.getBytes(UTF_8)));
    assertEquals(expected(file, text), read(file.toString(), 1 << 20));
  }

  @ParameterizedTest
  @EnumSource
  void readsAllMembersOfArchive(Compression compression) throws Exception {
    String first = visits(1_000);
    String second = visits(10);
    Path file = folder.resolve("visits.gz");
    Files.write(file, compressed(compression, first.getBytes(UTF_8)));
    byte[] more = compressed(compression, second.getBytes(UTF_8));
    Files.write(file, more, java.nio.file.StandardOpenOption.APPEND);
    assertEquals(expected(file, first + second), read(file.toString(), 1 << 20));
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void truncatedArchiveFailsWithName(Compression compression) throws Exception {
    byte[] whole = compressed(compression, visits(1_000).getBytes(UTF_8));
    Path file = folder.resolve("cut.gz");
    for (int cut : List.of(1, 9, whole.length / 2)) {
      Files.write(file, Arrays.copyOf(whole, whole.length - cut));
      var e = assertThrows(IOException.class, () -> read(file.toString(), 1 << 20));
      assertTrue(String.valueOf(e.getMessage()).startsWith("cannot read " + file), e.toString());
    }
  }

  @Test
  void everySplitReadsEachLineOnce() throws Exception {
    String text = "\n" + visits(20).replace("\n", "\r\n\n") + visits(3).stripTrailing();
    Path file = folder.resolve("visits.jsonl");
    Files.writeString(file, text);
    List<String> expected = read(file.toString(), Integer.MAX_VALUE);
    assertEquals(23, expected.size());
    for (int range = 1; range < text.length(); range += 1 + range / 8) {
      assertEquals(expected, read(file.toString(), range), "ranges of " + range + " bytes");
    }
  }

  @Test
  void rejectsLineThatIsTooLong() throws Exception {
    Path file = folder.resolve("visits.jsonl");
    Files.writeString(file, "\n" + "x".repeat(300) + "\n");
    ConsumedRecord record = batches(file.toString(), 50).get(0).rejected().get(0);
    Rejection rejection = (Rejection) record.content();
    assertEquals(Reason.TOO_LARGE, rejection.reason());
    assertEquals("the line has 300 bytes, 200 at most", rejection.message());
    assertEquals(file + " @ byte 1", record.provenance().position().toString());
  }

  @Nested
  class FirstLines {
    private final InputFormat csv =
        InputFormat.read(
            Map.of("--recordFormat", "csv", "--visitIdField", "id", "--eventTimeField", "time"),
            Set.of(),
            new ArrayList<>());

    @Test
    void nameColumnsOfTheirFile() throws Exception {
      Path first = folder.resolve("a.csv");
      Path second = folder.resolve("b.csv");
      String time = "2024-01-01T00:00:00Z";
      Files.writeString(first, "\uFEFFid,page,time\r\n1,a1,%s\n2,a2,%s\n".formatted(time, time));
      Files.writeString(second, "\n\"time\",id, page \n%s,3,\"b,1\"\n".formatted(time));
      Files.writeString(folder.resolve("c.csv"), "");
      for (int range : List.of(1 << 20, 10, 1)) {
        List<ConsumedBatch> batches = batches(folder + "/*.csv", range, csv);
        assertEquals(
            List.of(
                "a1 " + first + " @ byte 17",
                "a2 " + first + " @ byte 43",
                "b,1 " + second + " @ byte 18"),
            pages(batches),
            "ranges of " + range + " bytes");
        assertTrue(batches.stream().allMatch(batch -> batch.rejected().isEmpty()));
      }
    }

    @Test
    void withNameTwiceAreReported() throws Exception {
      Path file = folder.resolve("visits.csv");
      Files.writeString(file, "id,time,,note,,time\n1,2024-01-01T00:00:00Z,,,,\n");
      var e = assertThrows(IOException.class, () -> batches(file.toString(), 1 << 20, csv));
      assertTrue(String.valueOf(e.getMessage()).endsWith("; the name time is there twice"));
    }

    @Test
    void withoutNeededColumnsAreReported() throws Exception {
      Path file = folder.resolve("visits.csv");
      Files.writeString(file, "visit,time\n1,2024-01-01T00:00:00Z\n");
      var e = assertThrows(IOException.class, () -> batches(file.toString(), 1 << 20, csv));
      assertEquals(
          "cannot read "
              + file
              + " from byte 11 of its text on: its first line names the columns, or give"
              + " --columns; --visitIdField=id: no column is called id; there are visit, time",
          e.getMessage());
    }
  }

  @Nested
  class Globs {
    @Test
    void fileThatTwoMatchIsReadOnce() throws Exception {
      Files.writeString(folder.resolve("a.jsonl"), visits(1));
      Files.writeString(folder.resolve("b.jsonl"), visits(1));
      List<InputFile> files =
          InputFiles.matching(List.of(folder + "/*.jsonl", folder.resolve("a.jsonl").toString()));
      assertEquals(
          List.of(folder.resolve("a.jsonl").toString(), folder.resolve("b.jsonl").toString()),
          files.stream().map(InputFile::name).toList());
    }

    @Test
    void allThatMatchNothingAreReported() {
      var e =
          assertThrows(
              NotReadyException.class,
              () -> InputFiles.matching(List.of(folder + "/*.a", folder + "/*.b")));
      assertEquals(
          List.of(
              "--input=" + folder + "/*.a: matches no file",
              "--input=" + folder + "/*.b: matches no file"),
          e.problems());
    }
  }

  private static String visits(int count) {
    return IntStream.range(0, count)
        .mapToObj(
            i ->
                "{\"visit_id\":\"v%s\",\"event_time\":\"2024-01-01T00:18:00Z\",\"page\":\"p%s\"}\n"
                    .formatted(i % 7, i))
        .collect(joining());
  }

  /** The visits of a text, with where they are. */
  private static List<String> expected(Path file, String text) {
    List<String> expected = new ArrayList<>();
    long position = 0;
    for (String line : text.lines().toList()) {
      String page = line.replaceFirst(".*\"page\":\"", "").replaceFirst("\".*", "");
      expected.add(page + " " + file + " @ byte " + position);
      position += line.length() + 1;
    }
    return expected.stream().sorted().toList();
  }

  private static List<String> read(String glob, long rangeBytes) throws Exception {
    return pages(batches(glob, rangeBytes));
  }

  private static List<String> pages(List<ConsumedBatch> batches) {
    return batches.stream()
        .flatMap(batch -> batch.packets().stream())
        .flatMap(packet -> packet.visits().stream())
        .map(located -> located.visit().page() + " " + located.provenance().position())
        .sorted()
        .toList();
  }

  private static List<ConsumedBatch> batches(String glob, long rangeBytes) throws Exception {
    return batches(glob, rangeBytes, InputFormat.DEFAULT);
  }

  private static List<ConsumedBatch> batches(String glob, long rangeBytes, InputFormat format)
      throws Exception {
    LineSource source =
        LineSource.of(
            InputFiles.matching(List.of(glob)),
            rangeBytes,
            format,
            MAX_RECORD_BYTES,
            Duration.ofHours(1));
    List<ConsumedBatch> batches = new ArrayList<>();
    for (BoundedSource<ConsumedBatch> split : source.split(1, OPTIONS)) {
      batches.addAll(SourceTestUtils.readFromSource(split, OPTIONS));
    }
    return batches;
  }

  private static byte[] compressed(Compression compression, byte[] text) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (OutputStream out =
        switch (compression) {
          case NONE -> bytes;
          case GZIP -> new GZIPOutputStream(bytes);
          case ZSTD -> new ZstdOutputStream(bytes);
          case BZIP2 -> new BZip2CompressorOutputStream(bytes);
        }) {
      out.write(text);
    }
    return bytes.toByteArray();
  }
}
