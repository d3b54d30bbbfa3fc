package io.sessionizer.files;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.apache.commons.compress.compressors.zstandard.ZstdCompressorInputStream;

/** How a file is compressed, known by its first bytes and not by its name. */
enum Compression {
  NONE(""),
  GZIP("1f8b08"),
  ZSTD("28b52ffd"),
  BZIP2("425a68");

  /** How many of a file's first bytes are needed, if it has as many. */
  static final int MAGIC_BYTES = 4;

  private static final int BUFFER_BYTES = 1 << 16;

  /** The first bytes, in hexadecimal digits. */
  private final String magic;

  Compression(String magic) {
    this.magic = magic;
  }

  /** Returns the compression of a file that starts with {@code bytes}. */
  static Compression of(byte[] bytes) {
    String start = HexFormat.of().formatHex(bytes);
    return Stream.of(GZIP, ZSTD, BZIP2)
        .filter(compression -> start.startsWith(compression.magic))
        .findFirst()
        .orElse(NONE);
  }

  /**
   * Returns the text of a file. All members of an archive are read, as {@code cat a.gz b.gz} makes
   * it.
   */
  InputStream text(InputStream file) throws IOException {
    return switch (this) {
      case NONE -> file;
      case GZIP -> new GzipCompressorInputStream(new BufferedInputStream(file, BUFFER_BYTES), true);
      case ZSTD -> new ZstdCompressorInputStream(file);
      case BZIP2 ->
          new BZip2CompressorInputStream(new BufferedInputStream(file, BUFFER_BYTES), true);
    };
  }
}
