package io.sessionizer.lines;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.apache.commons.compress.compressors.zstandard.ZstdCompressorInputStream;

/** How a file is compressed, known by its first bytes and not by its name. */
public enum Compression {
  NONE(""),
  GZIP("1f8b08"),
  ZSTD("28b52ffd"),
  BZIP2("425a68");

  /** How many of a file's first bytes are needed, if it has as many. */
  public static final int MAGIC_BYTES = 4;

  private static final int BUFFER_BYTES = 1 << 16;

  /** The first bytes, in hexadecimal digits. */
  private final String magic;

  Compression(String magic) {
    this.magic = magic;
  }

  /** Returns the compression of a file that starts with {@code bytes}. */
  public static Compression of(byte[] bytes) {
    String start = HexFormat.of().formatHex(bytes);
    return Stream.of(GZIP, ZSTD, BZIP2)
        .filter(compression -> start.startsWith(compression.magic))
        .findFirst()
        .orElse(NONE);
  }

  /** Returns the text of a file, compressed or not. */
  public static InputStream textOf(InputStream file) throws IOException {
    PushbackInputStream start = new PushbackInputStream(file, MAGIC_BYTES);
    byte[] magic = start.readNBytes(MAGIC_BYTES);
    start.unread(magic);
    return of(magic).text(start);
  }

  /**
   * Returns the text of a file. All members of an archive are read, as {@code cat a.gz b.gz} makes
   * it.
   */
  private InputStream text(InputStream file) throws IOException {
    return switch (this) {
      case NONE -> file;
      case GZIP -> new GzipCompressorInputStream(new BufferedInputStream(file, BUFFER_BYTES), true);
      case ZSTD -> new ZstdCompressorInputStream(file);
      case BZIP2 ->
          new BZip2CompressorInputStream(new BufferedInputStream(file, BUFFER_BYTES), true);
    };
  }
}
