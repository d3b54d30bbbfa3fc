package io.sessionizer.coders;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toCollection;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.sessionizer.testing.CoderContract;
import io.sessionizer.testing.PinnedBytes;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.Constructor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.util.CoderUtils;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class VersionedCoderTest {
  private static final class DurationCoder extends VersionedCoder<Duration> {
    private static final long serialVersionUID = 1L;

    DurationCoder() {
      super(Duration.class, 7);
    }

    @Override
    protected void write(Duration value, OutputStream out) {}

    @Override
    protected Duration read(InputStream in) {
      return Duration.ZERO;
    }
  }

  @Test
  void otherVersionIsRejectedWithWhatToDo() throws Exception {
    CoderException e =
        assertThrows(
            CoderException.class,
            () -> CoderUtils.decodeFromByteArray(new DurationCoder(), new byte[] {6}));

    String section = "Upgrades that cannot keep state";
    assertEquals(
        "a stored Duration has version 6, and this release reads version 7: start the job"
            + " without saved state (docs/operations.md, \"%s\")".formatted(section),
        e.getMessage());
    assertTrue(Files.readAllLines(Path.of("docs/operations.md")).contains("## " + section));
  }

  /**
   * The table of pinned bytes, {@code coder-bytes.txt}, and the tests that check coders against it.
   */
  @Nested
  class Pins {
    private static final JavaClasses CLASSES =
        new ClassFileImporter().importPackages("io.sessionizer");

    @Test
    void everyCoderHasPinnedBytes() {
      assertEquals(coders(), sorted(PinnedBytes.all().stream().map(PinnedBytes::coder)));
    }

    @Test
    void everyCoderIsTestedAgainstThem() throws Exception {
      Set<String> tested = new TreeSet<>();
      for (JavaClass test : CLASSES) {
        if (test.isAssignableTo(CoderContract.class) && !test.isInterface()) {
          Constructor<?> constructor = test.reflect().getDeclaredConstructor();
          constructor.setAccessible(true);
          tested.add(((CoderContract<?>) constructor.newInstance()).name());
        }
      }
      assertEquals(coders(), tested);
    }

    @Test
    void versionRisesWithEveryLayout() {
      PinnedBytes.all().stream()
          .collect(groupingBy(PinnedBytes::coder))
          .values()
          .forEach(Pins::assertVersionRises);
    }

    private static void assertVersionRises(List<PinnedBytes> versions) {
      for (int i = 0; i < versions.size(); i++) {
        PinnedBytes pinned = versions.get(i);
        assertEquals(i + 1, pinned.version(), pinned::toString);
        assertEquals(pinned.version(), Integer.parseInt(pinned.hex(), 0, 2, 16), pinned::toString);
      }
      Set<String> layouts = sorted(versions.stream().map(pinned -> pinned.hex().substring(2)));
      assertEquals(versions.size(), layouts.size(), versions::toString);
    }

    private static Set<String> coders() {
      return sorted(
          CLASSES.stream()
              .filter(type -> type.isAssignableTo(VersionedCoder.class))
              .filter(type -> !type.isEquivalentTo(VersionedCoder.class))
              .filter(type -> !type.isEquivalentTo(DurationCoder.class))
              .map(JavaClass::getSimpleName));
    }

    private static Set<String> sorted(Stream<String> names) {
      return names.collect(toCollection(TreeSet::new));
    }
  }
}
