package io.sessionizer.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreeScanner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;

/**
 * No text depends on the language of the machine. The build forbids the methods that always do, and
 * here is what it cannot see: {@code "%d".formatted(1)} has the digits of the language, {@code
 * "%s".formatted(1)} has not.
 */
class LocaleTest {
  /** Numbers and dates; hexadecimal ones are the same everywhere. */
  private static final Pattern LOCALIZED = Pattern.compile("%[-#+ 0,(<$\\d.]*[dfeEgGtT]");

  @Test
  void formatsNothingWithLocalizedDigits() throws IOException {
    assertEquals(List.of(), found(sources()));
  }

  @Test
  void findsLocalizedFormats() throws IOException {
    assertEquals(
        List.of("%d", "at %,.1f"),
        found(
            """
            class A {
              String a = "%d".formatted(1) + "%s %x".formatted(1, 2) + "%d";
              String b = ("at " + "%,.1f").formatted(1.0);
            }
            """));
  }

  private static List<String> found(String source) throws IOException {
    Path file = Files.createTempFile("A", ".java");
    try {
      return found(List.of(Files.writeString(file, source))).stream()
          .map(found -> found.replaceFirst("^.*?: ", ""))
          .toList();
    } finally {
      Files.delete(file);
    }
  }

  private static List<Path> sources() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
      return files.filter(file -> file.toString().endsWith(".java")).toList();
    }
  }

  private static List<String> found(List<Path> files) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    List<String> found = new ArrayList<>();
    try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
      JavacTask task =
          (JavacTask)
              compiler.getTask(
                  null, manager, null, null, null, manager.getJavaFileObjectsFromPaths(files));
      int classes = 0;
      for (CompilationUnitTree file : task.parse()) {
        classes++;
        file.accept(new Formats(file.getSourceFile().getName(), found), null);
      }
      assertTrue(classes > 0, "no sources");
    }
    return found;
  }

  /** Collects the texts that {@code formatted} is called on. */
  private static final class Formats extends TreeScanner<Void, Void> {
    private final String file;
    private final List<String> found;

    Formats(String file, List<String> found) {
      this.file = file;
      this.found = found;
    }

    @Override
    public Void visitMethodInvocation(MethodInvocationTree call, Void nothing) {
      if (call.getMethodSelect() instanceof MemberSelectTree method
          && method.getIdentifier().contentEquals("formatted")) {
        String format = text(method.getExpression());
        if (LOCALIZED.matcher(format.replace("%%", "")).find()) {
          found.add(file + ": " + format);
        }
      }
      return super.visitMethodInvocation(call, null);
    }

    /** Returns all literals in an expression, one behind the other. */
    private static String text(ExpressionTree expression) {
      StringBuilder text = new StringBuilder();
      new TreeScanner<Void, Void>() {
        @Override
        public Void visitLiteral(LiteralTree literal, Void nothing) {
          text.append(literal.getValue());
          return null;
        }
      }.scan(expression, null);
      return text.toString();
    }
  }
}
