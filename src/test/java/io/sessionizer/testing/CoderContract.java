package io.sessionizer.testing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.util.CoderUtils;
import org.apache.beam.sdk.util.SerializableUtils;
import org.junit.jupiter.api.Test;

/**
 * What every coder of ours does. A coder's test has an example; its bytes are in the table of
 * pinned bytes ({@link PinnedBytes}).
 *
 * @param <T> the coded type
 */
public interface CoderContract<T> {
  /** The coder under test. */
  Coder<T> coder();

  /** A value of the coder. */
  T example();

  /** The bytes of {@link #example()}, as they stand in savepoints. */
  default String exampleHex() {
    List<PinnedBytes> versions = PinnedBytes.of(name());
    return versions.get(versions.size() - 1).hex();
  }

  /** The oldest version that the coder reads. */
  default int oldestVersion() {
    return HexFormat.of().parseHex(exampleHex())[0];
  }

  private String versionsRead() {
    int newest = HexFormat.of().parseHex(exampleHex())[0];
    return oldestVersion() == newest
        ? "version " + newest
        : "version " + oldestVersion() + " up to version " + newest;
  }

  /** The coder's name in the table of pinned bytes. */
  default String name() {
    return coder().getClass().getSimpleName();
  }

  @Test
  default void writesPinnedBytes() throws IOException {
    assertEquals(exampleHex(), hex(coder(), example()));
  }

  @Test
  default void readsPinnedBytes() throws IOException {
    assertEquals(
        example(), CoderUtils.decodeFromByteArray(coder(), HexFormat.of().parseHex(exampleHex())));
  }

  @Test
  default void readsNoByteMore() throws IOException {
    byte[] twice = HexFormat.of().parseHex(exampleHex() + exampleHex() + "2a");
    InputStream in = new ByteArrayInputStream(twice);

    assertEquals(example(), coder().decode(in));
    assertEquals(example(), coder().decode(in));
    assertArrayEquals(new byte[] {0x2a}, in.readAllBytes());
  }

  @Test
  default void rejectsBytesOfOtherVersions() {
    byte[] later = HexFormat.of().parseHex(exampleHex());
    later[0]++;
    List<byte[]> others = new ArrayList<>(List.of(later));
    PinnedBytes.of(name()).stream()
        .filter(pinned -> pinned.version() < oldestVersion())
        .forEach(pinned -> others.add(HexFormat.of().parseHex(pinned.hex())));

    for (byte[] other : others) {
      CoderException e =
          assertThrows(CoderException.class, () -> CoderUtils.decodeFromByteArray(coder(), other));

      assertTrue(
          e.getMessage()
              .matches(
                  "a stored \\w+ has version %s, and this release reads %s: start the job.*"
                      .formatted(other[0], versionsRead())),
          e.getMessage());
    }
  }

  @Test
  default void rejectsNoBytes() {
    CoderException e =
        assertThrows(
            CoderException.class, () -> CoderUtils.decodeFromByteArray(coder(), new byte[0]));

    assertTrue(
        e.getMessage()
            .matches(
                "a stored \\w+ has no bytes, and this release reads %s: start the job.*"
                    .formatted(versionsRead())),
        e.getMessage());
  }

  @Test
  default void rejectsTruncatedBytes() {
    byte[] bytes = HexFormat.of().parseHex(exampleHex());
    for (int length = 1; length < bytes.length; length++) {
      byte[] cut = Arrays.copyOf(bytes, length);
      assertThrows(
          IOException.class,
          () -> coder().decode(new ByteArrayInputStream(cut)),
          () -> HexFormat.of().formatHex(cut));
    }
  }

  @Test
  default void rejectsNull() {
    CoderException e =
        assertThrows(CoderException.class, () -> CoderUtils.encodeToByteArray(coder(), null));

    assertTrue(e.getMessage().endsWith("to store must not be null"), e.getMessage());
  }

  @Test
  default void equalsItselfAfterJavaSerialization() throws IOException {
    Coder<T> copy = SerializableUtils.clone(coder());

    assertEquals(coder(), copy);
    assertEquals(coder().hashCode(), copy.hashCode());
    assertEquals(exampleHex(), hex(copy, example()));
  }

  /** The bytes that {@code coder} writes for {@code value}, in hex. */
  static <T> String hex(Coder<T> coder, T value) throws IOException {
    return HexFormat.of().formatHex(CoderUtils.encodeToByteArray(coder, value));
  }
}
