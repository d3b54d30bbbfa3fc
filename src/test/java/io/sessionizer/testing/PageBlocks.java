package io.sessionizer.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The fenced code blocks in a section of a page, which tests execute. */
public final class PageBlocks {
  private static final String FENCE = "```";

  private PageBlocks() {}

  /**
   * Returns the blocks of a language, in order.
   *
   * @param page a Markdown file, from the repository's root
   * @param section the heading above the blocks, of whatever level, without its number signs
   */
  public static List<String> of(Path page, String section, String language) throws IOException {
    List<String> blocks = new ArrayList<>();
    boolean isInSection = false;
    String fence = "";
    StringBuilder block = new StringBuilder();
    for (String line : Files.readAllLines(page, UTF_8)) {
      if (!fence.isEmpty()) {
        if (!line.equals(FENCE)) {
          block.append(line).append('\n');
          continue;
        }
        if (isInSection && fence.equals(FENCE + language)) {
          blocks.add(block.toString());
        }
        fence = "";
        block.setLength(0);
      } else if (line.startsWith(FENCE)) {
        fence = line;
      } else if (line.startsWith("#")) {
        isInSection = line.replaceFirst("^#+ ", "").equals(section);
      }
    }
    if (blocks.isEmpty()) {
      throw new AssertionError(page + ": no block of " + language + " in section " + section);
    }
    return blocks;
  }
}
