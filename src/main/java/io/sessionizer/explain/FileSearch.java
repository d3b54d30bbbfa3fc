package io.sessionizer.explain;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sessionizer.config.Settings;
import io.sessionizer.files.WrittenFolder;
import io.sessionizer.formats.InputFormat;
import io.sessionizer.lines.FileLines;
import io.sessionizer.lines.LineReader;
import io.sessionizer.parquet.ParquetRowReader;
import io.sessionizer.records.SessionRow;
import io.sessionizer.records.SourcePosition;
import io.sessionizer.records.TopicRecordJson;
import io.sessionizer.visits.VisitJson;
import io.sessionizer.visits.VisitParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.checkerframework.checker.nullness.qual.Nullable;

/** A search of files for the records of one visit id, which alone are retained. */
final class FileSearch {
  /** What a job has written is as long as it is. */
  private static final int LONGEST_LINE = 1 << 30;

  /** About the bytes of a visit. */
  private static final int BYTES_OF_LINE = 200;

  private final Settings settings;
  private final SearchedFiles files;
  private final Set<String> openFiles = new HashSet<>();
  private final VisitParser parser;
  private final VisitParser openParser;

  /** Of the file that was read last, where a line in it names the columns. */
  private @Nullable String columnsFile;

  private @Nullable VisitParser columnsParser;

  /** Counts a record that was read. */
  interface RecordCounter {
    void add();
  }

  FileSearch(Settings settings, SearchedFiles files) {
    this.settings = settings;
    this.files = files;
    this.parser = parser(settings.inputFormat());
    this.openParser =
        new VisitParser(
            VisitJson.format(settings.inputFormat().projected()),
            Integer.MAX_VALUE,
            settings.maxFutureSkew(),
            Clock.systemUTC());
    openVisits().forEach(file -> openFiles.add(position(file, 0).topic()));
  }

  private VisitParser parser(InputFormat format) {
    return new VisitParser(
        format, settings.maxRecordBytes(), settings.maxFutureSkew(), Clock.systemUTC());
  }

  private List<Path> openVisits() {
    WrittenFolder folder = files.openVisits() == null ? files.sessions() : files.openVisits();
    return folder == null ? List.of() : folder.openVisits();
  }

  /** Whether another job has written the open visits, and the searched one continues them. */
  private boolean continuesOpenVisits() {
    return files.input().isEmpty();
  }

  /** Returns about how many records there are. */
  long size() throws IOException {
    List<Path> all = new ArrayList<>(files.input());
    all.addAll(openVisits());
    WrittenFolder folder = files.sessions();
    if (folder != null) {
      all.addAll(folder.sessions());
      all.addAll(folder.deadLetters());
    }
    long bytes = 0;
    for (Path file : all) {
      bytes += Files.size(file);
    }
    return bytes / BYTES_OF_LINE;
  }

  /** Returns how a record is parsed that was read at a position in a file. */
  VisitParser parser(SourcePosition source) {
    if (openFiles.contains(source.topic())) {
      return openParser;
    }
    return settings.inputFormat().hasColumnsInFiles() ? ofColumns(source.topic()) : parser;
  }

  /** The first line of a file names its columns. */
  private VisitParser ofColumns(String file) {
    VisitParser known = columnsParser;
    if (known != null && file.equals(columnsFile)) {
      return known;
    }
    VisitParser read = parser;
    try (LineReader line = FileLines.open(Path.of(file), settings.maxRecordBytes() + 1)) {
      if (line.next()) {
        String text = new String(line.bytes(), line.from(), line.to() - line.from(), UTF_8);
        read = parser(settings.inputFormat().withColumnsOf(text, new ArrayList<>()));
      }
    } catch (IOException e) {
      read = parser; // the dead letter is known by other signs
    }
    columnsFile = file;
    columnsParser = read;
    return read;
  }

  /** Reads what a job has written. */
  void readResults(Evidence evidence, RecordCounter counter) throws IOException {
    WrittenFolder folder = files.sessions();
    if (folder == null) {
      return;
    }
    for (Path file : folder.sessions()) {
      if (folder.areParquet()) {
        readRows(file, evidence, counter);
      } else {
        readLines(
            file,
            LONGEST_LINE,
            counter,
            (position, place, line) -> evidence.session(position, place, line));
      }
    }
    for (Path file : folder.deadLetters()) {
      readLines(
          file,
          LONGEST_LINE,
          counter,
          (position, place, line) ->
              TopicRecordJson.read(line)
                  .ifPresent(record -> evidence.deadLetter(position, place, record)));
    }
  }

  private static void readRows(Path file, Evidence evidence, RecordCounter counter)
      throws IOException {
    try (ParquetRowReader rows = new ParquetRowReader(file)) {
      long number = 1;
      for (SessionRow row = rows.next(); row != null; row = rows.next()) {
        counter.add();
        SourcePosition position = position(file, number++);
        evidence.session(position, () -> FilePlace.row(position), row);
      }
    }
  }

  /** Reads the visits. */
  void readVisits(Evidence evidence, RecordCounter counter) throws IOException {
    for (Path file : openVisits()) {
      readLines(
          file,
          LONGEST_LINE,
          counter,
          (position, place, line) -> {
            if (continuesOpenVisits()) {
              evidence.visit(position, place, line);
            } else if (files.openVisits() == null) {
              evidence.carriedOver(position, place, line);
            }
          });
    }
    for (Path file : files.input()) {
      boolean[] namesColumns = {settings.inputFormat().hasColumnsInFiles()};
      readLines(
          file,
          settings.maxRecordBytes() + 1,
          counter,
          (position, place, line) -> {
            if (!namesColumns[0]) {
              evidence.visit(position, place, line);
            }
            namesColumns[0] = false;
          });
    }
  }

  /** Accepts a line. */
  private interface EachPlace {
    void accept(SourcePosition position, FilePlace.PlaceText place, byte[] line) throws IOException;
  }

  private static void readLines(Path file, int maxLineBytes, RecordCounter counter, EachPlace each)
      throws IOException {
    FileLines.read(
        file,
        maxLineBytes,
        line -> {
          counter.add();
          SourcePosition position = position(file, line.position());
          long number = line.number();
          each.accept(
              position,
              () -> FilePlace.line(position, number),
              Arrays.copyOfRange(line.bytes(), line.from(), line.to()));
        });
  }

  /** Files are named as a job names them. */
  private static SourcePosition position(Path file, long offset) {
    return new SourcePosition(
        file.toAbsolutePath().normalize().toString(), SourcePosition.IN_FILE, offset);
  }
}
