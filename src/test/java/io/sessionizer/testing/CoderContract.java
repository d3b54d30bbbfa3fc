package io.sessionizer.testing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.HexFormat;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.util.CoderUtils;
import org.apache.beam.sdk.util.SerializableUtils;
import org.junit.jupiter.api.Test;

/**
 * What every coder of ours keeps; a coder's test says what it codes.
 *
 * @param <T> the coded type
 */
public interface CoderContract<T> {
  /** The coder under test. */
  Coder<T> coder();

  /** A value of the coder. */
  T example();

  /** The bytes of {@link #example()}, as they stand in savepoints. */
  String exampleHex();

  @Test
  default void writesTheBytesThatSavepointsHold() throws IOException {
    assertEquals(exampleHex(), hex(coder(), example()));
  }

  @Test
  default void readsTheBytesThatSavepointsHold() throws IOException {
    assertEquals(
        example(), CoderUtils.decodeFromByteArray(coder(), HexFormat.of().parseHex(exampleHex())));
  }

  @Test
  default void leavesWhatFollowsAValueToTheNextReader() throws IOException {
    byte[] twice = HexFormat.of().parseHex(exampleHex() + exampleHex() + "2a");
    InputStream in = new ByteArrayInputStream(twice);

    assertEquals(example(), coder().decode(in));
    assertEquals(example(), coder().decode(in));
    assertArrayEquals(new byte[] {0x2a}, in.readAllBytes());
  }

  @Test
  default void saysThatAnotherFormatIsOfAnotherRelease() {
    byte[] bytes = HexFormat.of().parseHex(exampleHex());
    bytes[0]++;

    CoderException e =
        assertThrows(CoderException.class, () -> CoderUtils.decodeFromByteArray(coder(), bytes));

    assertEquals(
        coder().getClass().getSimpleName()
            + " reads format %s, but found format %s: was this state written by another release?"
                .formatted(bytes[0] - 1, bytes[0]),
        e.getMessage());
  }

  @Test
  default void saysThatThereAreNoBytes() {
    CoderException e =
        assertThrows(
            CoderException.class, () -> CoderUtils.decodeFromByteArray(coder(), new byte[0]));

    assertEquals(
        coder().getClass().getSimpleName()
            + " reads format %s, but found no more bytes: was this state written by another release?"
                .formatted(HexFormat.of().parseHex(exampleHex())[0]),
        e.getMessage());
  }

  @Test
  default void refusesBytesThatEndTooEarly() {
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
  default void refusesNull() {
    CoderException e =
        assertThrows(CoderException.class, () -> CoderUtils.encodeToByteArray(coder(), null));

    assertEquals(coder().getClass().getSimpleName() + " cannot encode null", e.getMessage());
  }

  @Test
  default void isEqualToItselfAfterJavaSerialization() throws IOException {
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
