package io.sessionizer.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sessionizer.config.FlagSpelling;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FlagSpellingTest {

  @ParameterizedTest
  @CsvSource({
    "--session-gap=PT30M, --sessionGap=PT30M",
    "--start-time, --startTime",
    "--max-pages-per-session=5, --maxPagesPerSession=5",
    "--topic=late-visits, --topic=late-visits",
    "--sessionGap=PT30M, --sessionGap=PT30M",
    "late-visits, late-visits",
    "--, --",
    "-h, -h",
    "--Not-a-flag, --Not-a-flag"
  })
  void hyphensBecomeCapitals(String given, String read) {
    assertArrayEquals(new String[] {read}, FlagSpelling.camelCase(given));
  }

  @Test
  void valuesKeepTheirLinesAndHyphens() {
    assertArrayEquals(
        new String[] {"--clientConfig=a-b=c\nd-e=f"},
        FlagSpelling.camelCase("--client-config=a-b=c\nd-e=f"));
  }

  @Test
  void helpUsesOneSpelling() {
    Set<String> hyphenated = new TreeSet<>();
    for (String command : Sessionizer.commandLine().getSubcommands().keySet()) {
      CommandLines.flags(command).stream()
          .filter(flag -> flag.substring(2).contains("-"))
          .forEach(hyphenated::add);
    }
    assertEquals(Set.of(), hyphenated);
  }
}
