package io.sessionizer.coders;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.CoderException;

/**
 * A coder whose bytes start with the version of their layout. The bytes end up in checkpoints and
 * savepoints, where a later release must either read them or say that it cannot. A test checks
 * every version against its bytes: a layout that changes gets the next version.
 *
 * @param <T> the coded type
 */
public abstract class VersionedCoder<T> extends AtomicCoder<T> {
  private static final long serialVersionUID = 2L;

  private final String type;

  /** The oldest version that is read. */
  private final int version;

  /** The newest version, if it is another; 0 of a coder that is read from an earlier savepoint. */
  private final int newest;

  /**
   * Codes values in a layout.
   *
   * @param type the coded type, or of a list the type of its elements
   * @param version of the layout, 0 to 255
   */
  protected VersionedCoder(Class<?> type, int version) {
    this(type, version, version);
  }

  /**
   * Codes values in one of several layouts.
   *
   * @param oldest the lowest version
   * @param newest the highest version, 0 to 255
   */
  protected VersionedCoder(Class<?> type, int oldest, int newest) {
    this.type = type.getSimpleName();
    this.version = oldest;
    this.newest = newest;
  }

  /** Returns the version of the layout in which a value is written. */
  protected int version(T value) {
    return Math.max(version, newest);
  }

  /** Writes what follows the version byte. */
  protected abstract void write(T value, OutputStream out) throws IOException;

  /** Reads what follows the version byte. */
  protected abstract T read(InputStream in) throws IOException;

  /** Reads what follows the version byte of a layout. */
  protected T read(InputStream in, int version) throws IOException {
    return read(in);
  }

  @Override
  public final void encode(T value, OutputStream out) throws IOException {
    if (value == null) {
      throw new CoderException("a " + type + " to store must not be null");
    }
    out.write(version(value));
    write(value, out);
  }

  @Override
  public final T decode(InputStream in) throws IOException {
    int found = in.read();
    if (found < version || found > Math.max(version, newest)) {
      throw new CoderException(
          "a stored "
              + type
              + (found < 0 ? " has no bytes" : " has version " + found)
              + ", and this release reads version "
              + (newest <= version ? version : version + " up to version " + newest)
              + ": start the job without saved state"
              + " (docs/operations.md, \"Upgrades that cannot keep state\")");
    }
    return read(in, found);
  }
}
