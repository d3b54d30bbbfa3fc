package io.sessionizer.sessions;

import io.sessionizer.records.VisitedPage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Visits of one visit id that were read together, as bytes. There are many, they are buffered for
 * long, and are read once, when their session is emitted: as objects they would need several times
 * the memory, and the garbage collector would visit each of them again and again.
 *
 * <p>A visit's user is left out if it is the one of the visit id.
 */
final class PackedVisits {
  private static final int USUAL_BYTES = 64;

  private final byte[] bytes;

  /** Wraps the {@link #bytes} of another one. */
  PackedVisits(byte[] bytes) {
    this.bytes = bytes;
  }

  /** Packs visits of a visit id whose user, as a rule, is {@code userId}. */
  static PackedVisits of(List<VisitedPage> visits, @Nullable String userId) {
    var out = new ByteArrayOutputStream(USUAL_BYTES);
    try {
      VisitedPage before = firstAfter(userId);
      for (VisitedPage visit : visits) {
        VisitedPagesCoder.writeAfter(before, visit, out);
        before = visit;
      }
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    }
    return new PackedVisits(out.toByteArray());
  }

  /** Unpacks the visits, and adds them to {@code visits}; the user is the one of {@link #of}. */
  void addTo(List<VisitedPage> visits, @Nullable String userId) {
    var in = new ByteArrayInputStream(bytes);
    try {
      VisitedPage before = firstAfter(userId);
      while (in.available() > 0) {
        before = VisitedPagesCoder.readAfter(before, in);
        visits.add(before);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("reading packed visits", e);
    }
  }

  byte[] bytes() {
    return bytes;
  }

  private static VisitedPage firstAfter(@Nullable String userId) {
    return new VisitedPage(0, null, userId);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PackedVisits that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return bytes.length + " bytes of visits";
  }
}
