package io.sessionizer.repository;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A page of {@code docs}, as lines of Markdown: its code blocks and its tables. */
public final class DocsPage {
  private static final Pattern CELL_END = Pattern.compile("(?<!\\\\)\\|");
  private static final Pattern CODE = Pattern.compile("`([^`]+)`");

  private final Path file;
  private final List<String> lines;

  private DocsPage(Path file, List<String> lines) {
    this.file = file;
    this.lines = lines;
  }

  /** Reads {@code docs/NAME}. */
  public static DocsPage read(String name) throws IOException {
    Path file = Path.of("docs", name);
    return new DocsPage(file, Files.readAllLines(file, UTF_8));
  }

  /** Returns the contents of the code blocks in a language, without their last line feed. */
  public List<String> blocks(String language) {
    List<String> blocks = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).equals("```" + language)) {
        int end = i + 1;
        while (!lines.get(end).equals("```")) {
          end++;
        }
        blocks.add(String.join("\n", lines.subList(i + 1, end)));
        i = end;
      }
    }
    return blocks;
  }

  /**
   * Returns the rows of a table, cell by cell.
   *
   * @param heading of the section that has the table
   * @param firstColumn the header of the first column
   */
  public List<List<String>> table(String heading, String firstColumn) {
    int line = lines.indexOf(heading);
    if (line < 0) {
      throw new AssertionError("no " + heading + " in " + file);
    }
    for (line++; line < lines.size() && !lines.get(line).startsWith("#"); line++) {
      if (lines.get(line).startsWith("| " + firstColumn + " |")) {
        return rows(line + 2);
      }
    }
    throw new AssertionError("no table of " + firstColumn + " under " + heading + " in " + file);
  }

  /** Returns the cells of every column with a header, table by table. */
  public List<String> column(String header) {
    List<String> column = new ArrayList<>();
    for (int line = 1; line < lines.size(); line++) {
      if (lines.get(line).startsWith("| ---")) {
        int index = cells(lines.get(line - 1)).indexOf(header);
        if (index >= 0) {
          rows(line + 1).forEach(row -> column.add(row.get(index)));
        }
      }
    }
    return column;
  }

  private List<List<String>> rows(int from) {
    List<List<String>> rows = new ArrayList<>();
    for (int line = from; line < lines.size() && lines.get(line).startsWith("|"); line++) {
      rows.add(cells(lines.get(line)));
    }
    return rows;
  }

  private static List<String> cells(String row) {
    String[] cells = CELL_END.split(row, -1);
    return Arrays.stream(cells).limit(cells.length - 1).skip(1).map(String::strip).toList();
  }

  /** Returns the code spans of a cell or of any other text. */
  public static List<String> code(String text) {
    List<String> spans = new ArrayList<>();
    for (Matcher span = CODE.matcher(text); span.find(); ) {
      spans.add(span.group(1).replace("\\|", "|"));
    }
    return spans;
  }
}
