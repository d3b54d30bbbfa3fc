package io.sessionizer.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sessionizer.files.OpenVisitsSource.BatchesRead;
import io.sessionizer.formats.InputFormat;
import io.sessionizer.visits.ConsumedBatch;
import io.sessionizer.visits.LocatedVisit;
import io.sessionizer.visits.Visit;
import io.sessionizer.visits.VisitJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.io.UnboundedSource.UnboundedReader;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OpenVisitsSourceTest {
  private static final PipelineOptions OPTIONS = PipelineOptionsFactory.create();

  @TempDir private Path folder;

  @Test
  void readerResumesBehindWhatIsRead() throws Exception {
    OpenVisitsSource source = source("v1", "v2", "v3");
    for (int read = 0; read <= 3; read++) {
      List<String> before = new ArrayList<>();
      BatchesRead mark = read(source, null, read, before);
      List<String> behind = new ArrayList<>();
      read(source, mark, 9, behind);
      before.addAll(behind);
      assertEquals(List.of("v1", "v2", "v3"), before);
    }
  }

  @Test
  void watermarkIsUnknownUntilAllIsRead() throws Exception {
    try (var reader = source("v1", "v2").createReader(OPTIONS, null)) {
      assertTrue(reader.start());
      assertEquals(BoundedWindow.TIMESTAMP_MIN_VALUE, reader.getWatermark());
      assertTrue(reader.advance());
      assertEquals(BoundedWindow.TIMESTAMP_MIN_VALUE, reader.getWatermark());
      assertFalse(reader.advance());
      assertEquals(BoundedWindow.TIMESTAMP_MAX_VALUE, reader.getWatermark());
      assertFalse(reader.advance());
    }
  }

  @Test
  void nothingIsReadWithoutFiles() throws Exception {
    try (var reader = source().createReader(OPTIONS, null)) {
      assertFalse(reader.start());
      assertEquals(BoundedWindow.TIMESTAMP_MAX_VALUE, reader.getWatermark());
    }
  }

  @Test
  void malformedLineFails() throws Exception {
    OpenVisitsSource source = source("v1");
    Files.writeString(folder.resolve("open-visits-0.jsonl"), "{\"visit_id\":\"v1\"");
    try (var reader = source.createReader(OPTIONS, null)) {
      IOException e = assertThrows(IOException.class, reader::start);
      assertTrue(String.valueOf(e.getMessage()).contains("is not a visit"), e.toString());
    }
  }

  /** A file for each visit id. */
  private OpenVisitsSource source(String... visitIds) throws IOException {
    List<InputFile> files = new ArrayList<>();
    for (int i = 0; i < visitIds.length; i++) {
      Path file = folder.resolve("open-visits-" + i + ".jsonl");
      Files.write(file, VisitJson.write(new Visit(visitIds[i], 100, null, "é\n")));
      Files.write(file, "\n".getBytes(UTF_8), StandardOpenOption.APPEND);
      files.add(InputFile.of(file.toString(), Files.size(file)));
    }
    return new OpenVisitsSource(
        LineSource.of(files, InputFormat.DEFAULT, 1 << 20, Duration.ofHours(1)));
  }

  private static BatchesRead read(
      OpenVisitsSource source, @Nullable BatchesRead mark, int most, List<String> visitIds)
      throws IOException {
    try (UnboundedReader<ConsumedBatch> reader = source.createReader(OPTIONS, mark)) {
      for (int i = 0; i < most && (i == 0 ? reader.start() : reader.advance()); i++) {
        reader.getCurrent().packets().stream()
            .flatMap(packet -> packet.visits().stream())
            .map(LocatedVisit::visit)
            .map(Visit::visitId)
            .forEach(visitIds::add);
      }
      return (BatchesRead) reader.getCheckpointMark();
    }
  }
}
