package io.sessionizer.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Code;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.Heading;
import org.commonmark.node.HtmlBlock;
import org.commonmark.node.HtmlInline;
import org.commonmark.node.Image;
import org.commonmark.node.IndentedCodeBlock;
import org.commonmark.node.Link;
import org.commonmark.node.Node;
import org.commonmark.node.SoftLineBreak;
import org.commonmark.node.Text;
import org.commonmark.parser.IncludeSourceSpans;
import org.commonmark.parser.Parser;

/** A Markdown page of this repository. */
public final class Page {
  /** The heading below which a page names the tests of its statements. */
  public static final String TESTS = "Tests";

  private static final Parser PARSER =
      Parser.builder()
          .extensions(List.of(TablesExtension.create()))
          .includeSourceSpans(IncludeSourceSpans.BLOCKS_AND_INLINES)
          .build();
  private static final Pattern HTML_TARGET = Pattern.compile("(?:src|srcset|href)=\"([^\"]*)\"");
  private static final Pattern CELL_END = Pattern.compile("(?<!\\\\)\\|");
  private static final Pattern CODE = Pattern.compile("`([^`]+)`");
  private static final Set<String> FOLDERS = Set.of("docs", "docker", "runners");

  private final Path path;
  private final List<String> lines;
  private final List<Piece> targets = new ArrayList<>();
  private final List<Piece> codes = new ArrayList<>();
  private final List<Block> blocks = new ArrayList<>();
  private final List<Heading> headings = new ArrayList<>();
  private final List<Piece> prose = new ArrayList<>();

  /**
   * A piece of a page.
   *
   * @param line from 1
   */
  public record Piece(int line, String text) {}

  /**
   * A code block.
   *
   * @param line of its first line of code, from 1
   * @param language the word behind the fence; empty for an indented block
   */
  public record Block(int line, String language, String code) {}

  private Page(Path path) {
    this.path = path;
    try {
      this.lines = Files.readAllLines(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    PARSER.parse(String.join("\n", lines)).accept(new Pieces());
  }

  /** Reads a page, by its path from the root of the repository. */
  public static Page of(Path path) {
    return new Page(path);
  }

  /** Returns all pages of this repository. */
  public static List<Page> all() throws IOException {
    List<Path> paths = new ArrayList<>();
    try (Stream<Path> top = Files.list(Path.of(""))) {
      top.filter(Page::isPage).forEach(paths::add);
    }
    for (String folder : FOLDERS) {
      try (Stream<Path> below = Files.walk(Path.of(folder))) {
        below.filter(Page::isPage).forEach(paths::add);
      }
    }
    return paths.stream().sorted().map(Page::of).toList();
  }

  private static boolean isPage(Path path) {
    return path.toString().endsWith(".md");
  }

  /** Returns its path from the root of the repository. */
  public Path path() {
    return path;
  }

  /** Returns its lines, as they are. */
  public List<String> lines() {
    return lines;
  }

  /** Returns the targets of its links and images. */
  public List<Piece> targets() {
    return targets;
  }

  /** Returns the pieces of code in its text. */
  public List<Piece> codes() {
    return codes;
  }

  /** Returns its code blocks. */
  public List<Block> blocks() {
    return blocks;
  }

  /** Returns the code blocks in a language. */
  public Stream<Block> blocks(String language) {
    return blocks.stream().filter(block -> block.language().equals(language));
  }

  /**
   * Returns the contents of the code blocks in a language, without their last line feed. There is
   * one at least.
   */
  public List<String> code(String language) {
    return code(language, block -> true);
  }

  /**
   * Returns the contents of the code blocks in a language below a heading, without their last line
   * feed. There is one at least.
   */
  public List<String> code(String section, String language) {
    return code(language, block -> section.equals(sectionOf(block.line())));
  }

  private List<String> code(String language, Predicate<Block> condition) {
    List<String> code =
        blocks(language).filter(condition).map(block -> block.code().stripTrailing()).toList();
    if (code.isEmpty()) {
      throw new AssertionError(path + ": no such block of " + language);
    }
    return code;
  }

  private String sectionOf(int line) {
    return headings.stream()
        .filter(heading -> line(heading) < line)
        .reduce((before, after) -> after)
        .map(Page::title)
        .orElse("");
  }

  /**
   * Returns the rows of a table, cell by cell.
   *
   * @param section the heading above it
   * @param firstColumn the header of its first column
   */
  public List<List<String>> table(String section, String firstColumn) {
    for (int line = 1; line < lines.size(); line++) {
      if (lines.get(line).startsWith("| ---")
          && cells(lines.get(line - 1)).get(0).equals(firstColumn)
          && section.equals(sectionOf(line))) {
        return rows(line + 1);
      }
    }
    throw new AssertionError(path + ": no table of " + firstColumn + " in section " + section);
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
    return lines.stream()
        .skip(from)
        .takeWhile(line -> line.startsWith("|"))
        .map(Page::cells)
        .toList();
  }

  private static List<String> cells(String row) {
    String[] cells = CELL_END.split(row, -1);
    return Arrays.stream(cells).limit(cells.length - 1L).skip(1).map(String::strip).toList();
  }

  /** Returns the pieces of code in a cell of a table, or in any other text. */
  public static List<String> codesIn(String text) {
    return CODE.matcher(text).results().map(code -> code.group(1).replace("\\|", "|")).toList();
  }

  /** Returns its text without code, by the line that it stands on. */
  public List<Piece> prose() {
    return prose;
  }

  /** Returns the titles of its sections of a level. */
  public List<String> titles(int level) {
    return headings.stream()
        .filter(heading -> heading.getLevel() == level)
        .map(Page::title)
        .toList();
  }

  /** Returns the names that links use for its headings, as GitHub makes them. */
  public Set<String> anchors() {
    Map<String, Integer> uses = new HashMap<>();
    return headings.stream()
        .map(Page::title)
        .map(title -> title.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N} _-]", ""))
        .map(title -> title.replace(' ', '-'))
        .map(anchor -> anchor + suffix(uses.merge(anchor, 1, Integer::sum)))
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  private static String suffix(int use) {
    return use == 1 ? "" : "-" + (use - 1);
  }

  /** Returns the first line of the section with its tests; one past the end if it has none. */
  public int testsLine() {
    return headings.stream()
        .filter(heading -> title(heading).equals(TESTS))
        .map(Page::line)
        .findFirst()
        .orElse(lines.size() + 1);
  }

  /** Whether a line is one of a table, or of a code block. */
  public boolean isUnwrappable(int line) {
    return lines.get(line - 1).startsWith("|")
        || blocks.stream()
            .anyMatch(
                block ->
                    line >= block.line() && line < block.line() + block.code().lines().count());
  }

  private static String title(Heading heading) {
    StringBuilder title = new StringBuilder();
    heading.accept(
        new AbstractVisitor() {
          @Override
          public void visit(Text text) {
            title.append(text.getLiteral());
          }

          @Override
          public void visit(Code code) {
            title.append(code.getLiteral());
          }
        });
    return title.toString();
  }

  private static int line(Node node) {
    Node located = node;
    while (located.getSourceSpans().isEmpty()) {
      located = located.getParent();
    }
    return located.getSourceSpans().get(0).getLineIndex() + 1;
  }

  @Override
  public String toString() {
    return path.toString();
  }

  private final class Pieces extends AbstractVisitor {
    @Override
    public void visit(Heading heading) {
      headings.add(heading);
      visitChildren(heading);
    }

    @Override
    public void visit(Link link) {
      targets.add(new Piece(line(link), link.getDestination()));
      visitChildren(link);
    }

    @Override
    public void visit(Image image) {
      targets.add(new Piece(line(image), image.getDestination()));
      visitChildren(image);
    }

    @Override
    public void visit(HtmlInline html) {
      html(html, html.getLiteral());
    }

    @Override
    public void visit(HtmlBlock html) {
      html(html, html.getLiteral());
    }

    private void html(Node node, String html) {
      Matcher target = HTML_TARGET.matcher(html);
      while (target.find()) {
        targets.add(new Piece(line(node), target.group(1)));
      }
    }

    @Override
    public void visit(Code code) {
      codes.add(new Piece(line(code), code.getLiteral()));
    }

    @Override
    public void visit(Text text) {
      prose.add(new Piece(line(text), text.getLiteral()));
    }

    @Override
    public void visit(SoftLineBreak lineBreak) {
      // The words of two lines are two pieces.
    }

    @Override
    public void visit(FencedCodeBlock block) {
      blocks.add(new Block(line(block) + 1, block.getInfo(), block.getLiteral()));
    }

    @Override
    public void visit(IndentedCodeBlock block) {
      blocks.add(new Block(line(block), "", block.getLiteral()));
    }
  }

  /** Returns the pieces of a list for which a check returns a problem, with their place. */
  public List<String> problems(List<Piece> pieces, Function<Piece, String> check) {
    return pieces.stream()
        .filter(piece -> !check.apply(piece).isEmpty())
        .map(piece -> "%s:%s: %s".formatted(path, piece.line(), check.apply(piece)))
        .toList();
  }
}
