package io.sessionizer.coders;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.CoderException;

/**
 * A coder whose bytes start with a format version. The bytes end up in checkpoints and savepoints,
 * where a later release must either read them or say that it cannot.
 *
 * @param <T> the coded type
 */
public abstract class VersionedCoder<T> extends AtomicCoder<T> {
  private static final long serialVersionUID = 1L;

  private final int version;

  /** Codes values in format {@code version}, 0 to 255. */
  protected VersionedCoder(int version) {
    this.version = version;
  }

  /** Writes what follows the version byte. */
  protected abstract void write(T value, OutputStream out) throws IOException;

  /** Reads what follows the version byte. */
  protected abstract T read(InputStream in) throws IOException;

  @Override
  public final void encode(T value, OutputStream out) throws IOException {
    if (value == null) {
      throw new CoderException(getClass().getSimpleName() + " cannot encode null");
    }
    out.write(version);
    write(value, out);
  }

  @Override
  public final T decode(InputStream in) throws IOException {
    int found = in.read();
    if (found != version) {
      throw new CoderException(
          getClass().getSimpleName()
              + " reads format "
              + version
              + ", but found "
              + (found < 0 ? "no more bytes" : "format " + found)
              + ": was this state written by another release?");
    }
    return read(in);
  }
}
