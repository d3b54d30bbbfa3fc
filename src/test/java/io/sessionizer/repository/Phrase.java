package io.sessionizer.repository;

import com.sun.source.tree.BinaryTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LineMap;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * A piece of language in a file: a declared name, a comment or a string of Java code, a script's
 * line, or a paragraph of a page.
 *
 * @param text a name split into lower-case words, or a text with single spaces
 * @param lines the file's lines (from 1) by the index in the text at which they start
 */
record Phrase(String file, Kind kind, String text, NavigableMap<Integer, Integer> lines) {
  enum Kind {
    TYPE_NAME,
    NAME,
    TEST_NAME,
    TEXT
  }

  private static final Pattern TEST = Pattern.compile("(?:\\w*Test|Property|TestFactory)");

  private static final Pattern COMMENT_OR_STRING =
      Pattern.compile(
          "(?s)(?<block>/\\*.*?\\*/)|(?<line>//[^\n]*(?:\n[ \t]*//[^\n]*)*)"
              + "|\"\"\".*?(?<!\\\\)\"\"\"|\"(?:\\\\.|[^\"\\\\\n])*\"|'(?:\\\\.|[^'\\\\\n])+'");
  private static final Pattern COMMENT_EDGE =
      Pattern.compile("^\\s*(?:/\\*+|//+|\\*+(?!/))?|\\*/$");
  private static final Pattern CAMEL =
      Pattern.compile("(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|_+");
  private static final Pattern SCRIPT =
      Pattern.compile(".*\\.(sh|js|html|css|ya?ml|properties|json)|sessionizer|Dockerfile|pom.xml");

  /** Code, and the target of a link. */
  private static final Pattern NO_WORDS = Pattern.compile("`[^`]*`|(?<=\\])\\([^)]*\\)");

  int lineOf(int index) {
    return lines.floorEntry(index).getValue();
  }

  /** Returns the phrases of this repository. */
  static List<Phrase> all() throws IOException {
    List<Path> sources = new ArrayList<>();
    List<Phrase> phrases = new ArrayList<>();
    for (Path file : files()) {
      if (file.toString().endsWith(".java")) {
        sources.add(file);
      } else if (SCRIPT.matcher(file.getFileName().toString()).matches()) {
        phrases.addAll(ofScript(file));
      } else if (file.toString().endsWith(".md")) {
        phrases.addAll(ofPage(file));
      }
    }
    phrases.addAll(ofJava(sources));
    return phrases;
  }

  private static List<Path> files() throws IOException {
    List<Path> files = new ArrayList<>();
    for (String top : List.of("src", "bench", "docker", "runners", "docs")) {
      if (Files.exists(Path.of(top))) {
        try (Stream<Path> below = Files.walk(Path.of(top))) {
          below
              .filter(Files::isRegularFile)
              .filter(file -> !file.toString().contains("/target/"))
              .sorted()
              .forEach(files::add);
        }
      }
    }
    files.add(Path.of("sessionizer"));
    files.add(Path.of("pom.xml"));
    try (Stream<Path> top = Files.list(Path.of(""))) {
      top.filter(file -> file.toString().endsWith(".md")).sorted().forEach(files::add);
    }
    return files;
  }

  /** Returns the paragraphs and table rows of a page, without code and the targets of links. */
  static List<Phrase> ofPage(Path file) throws IOException {
    List<Phrase> phrases = new ArrayList<>();
    List<String> paragraph = new ArrayList<>();
    boolean isCode = false;
    int number = 0;
    for (String line : Files.readAllLines(file)) {
      number++;
      boolean isFence = line.strip().startsWith("```");
      if (isFence || line.isBlank() || line.startsWith("|") || isCode) {
        addParagraph(file, paragraph, number, phrases);
      }
      isCode ^= isFence;
      if (!isFence && !isCode) {
        paragraph.add(NO_WORDS.matcher(line).replaceAll("<>"));
      }
    }
    addParagraph(file, paragraph, number + 1, phrases);
    return phrases;
  }

  private static void addParagraph(
      Path file, List<String> lines, int nextLine, List<Phrase> phrases) {
    if (!lines.isEmpty()) {
      phrases.add(text(file.toString(), String.join("\n", lines), nextLine - lines.size()));
      lines.clear();
    }
  }

  private static List<Phrase> ofScript(Path file) throws IOException {
    List<Phrase> phrases = new ArrayList<>();
    int number = 0;
    for (String line : Files.readAllLines(file)) {
      number++;
      phrases.add(text(file.toString(), line, number));
    }
    return phrases;
  }

  /** Returns the declared names, the comments and the strings of Java files. */
  static List<Phrase> ofJava(List<Path> files) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    List<Phrase> phrases = new ArrayList<>();
    try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
      JavacTask task =
          (JavacTask)
              compiler.getTask(
                  null, manager, null, null, null, manager.getJavaFileObjectsFromPaths(files));
      SourcePositions positions = Trees.instance(task).getSourcePositions();
      for (CompilationUnitTree file : task.parse()) {
        String name = file.getSourceFile().getName();
        new Declarations(name, file, positions, phrases).scan(file, null);
        addComments(name, file.getSourceFile().getCharContent(true).toString(), phrases);
      }
    }
    return phrases;
  }

  private static void addComments(String file, String source, List<Phrase> phrases) {
    Matcher token = COMMENT_OR_STRING.matcher(source);
    while (token.find()) {
      if (token.group("block") != null || token.group("line") != null) {
        phrases.add(text(file, token.group(), line(source, token.start())));
      }
    }
  }

  private static int line(String source, int index) {
    return 1 + (int) source.substring(0, index).chars().filter(c -> c == '\n').count();
  }

  /** Joins a text's lines, without what marks them as a comment. */
  private static Phrase text(String file, String text, int firstLine) {
    StringBuilder joined = new StringBuilder();
    NavigableMap<Integer, Integer> lines = new TreeMap<>();
    int number = firstLine;
    for (String line : text.split("\n", -1)) {
      lines.put(joined.length(), number++);
      String words = COMMENT_EDGE.matcher(line).replaceAll("").replaceAll("\\s+", " ").strip();
      if (!words.isEmpty()) {
        joined.append(words).append(' ');
      }
    }
    return new Phrase(file, Kind.TEXT, joined.toString().strip(), lines);
  }

  /** Collects the names that are declared here, and the strings. */
  private static final class Declarations extends TreeScanner<Void, Void> {
    private final String name;
    private final CompilationUnitTree file;
    private final SourcePositions positions;
    private final List<Phrase> phrases;

    Declarations(
        String name, CompilationUnitTree file, SourcePositions positions, List<Phrase> phrases) {
      this.name = name;
      this.file = file;
      this.positions = positions;
      this.phrases = phrases;
    }

    @Override
    public Void visitClass(ClassTree type, Void nothing) {
      add(Kind.TYPE_NAME, type.getSimpleName().toString(), type);
      return super.visitClass(type, null);
    }

    @Override
    public Void visitMethod(MethodTree method, Void nothing) {
      List<String> annotations =
          method.getModifiers().getAnnotations().stream()
              .map(annotation -> annotation.getAnnotationType().toString())
              .toList();
      boolean isTest = annotations.stream().anyMatch(TEST.asMatchPredicate());
      if (!annotations.contains("Override")) { // Those are named elsewhere, maybe not here.
        add(isTest ? Kind.TEST_NAME : Kind.NAME, method.getName().toString(), method);
      }
      return super.visitMethod(method, null);
    }

    @Override
    public Void visitVariable(VariableTree variable, Void nothing) {
      add(Kind.NAME, variable.getName().toString(), variable);
      return super.visitVariable(variable, null);
    }

    @Override
    public Void visitBinary(BinaryTree sum, Void nothing) {
      if (sum.getKind() != Tree.Kind.PLUS) {
        return super.visitBinary(sum, null);
      }
      StringBuilder text = new StringBuilder();
      NavigableMap<Integer, Integer> lines = new TreeMap<>();
      join(sum, text, lines);
      if (!text.toString().isBlank()) {
        phrases.add(new Phrase(name, Kind.TEXT, text.toString(), lines));
      }
      return null;
    }

    /** Joins the strings of a sum, with a mark for what is not one. */
    private void join(Tree tree, StringBuilder text, NavigableMap<Integer, Integer> lines) {
      if (tree instanceof BinaryTree sum && sum.getKind() == Tree.Kind.PLUS) {
        join(sum.getLeftOperand(), text, lines);
        join(sum.getRightOperand(), text, lines);
        return;
      }
      lines.putIfAbsent(text.length(), lineOf(tree));
      if (tree instanceof LiteralTree literal && literal.getValue() instanceof String part) {
        text.append(part.replaceAll("\\s+", " "));
      } else {
        text.append("<>");
        scan(tree, null);
      }
    }

    @Override
    public Void visitLiteral(LiteralTree literal, Void nothing) {
      if (literal.getValue() instanceof String string) {
        long from = positions.getStartPosition(file, literal);
        long to = positions.getEndPosition(file, literal);
        LineMap map = file.getLineMap();
        boolean isBlock = map.getLineNumber(from) < map.getLineNumber(to);
        phrases.add(text(name, string, lineOf(literal) + (isBlock ? 1 : 0)));
      }
      return null;
    }

    private void add(Kind kind, String declared, Tree tree) {
      String words = String.join(" ", CAMEL.split(declared)).toLowerCase(Locale.ROOT);
      NavigableMap<Integer, Integer> lines = new TreeMap<>();
      lines.put(0, lineOf(tree));
      phrases.add(new Phrase(name, kind, words, lines));
    }

    private int lineOf(Tree tree) {
      return (int) file.getLineMap().getLineNumber(positions.getStartPosition(file, tree));
    }
  }
}
