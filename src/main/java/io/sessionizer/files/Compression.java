package io.sessionizer.files;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.apache.commons.compress.compressors.zstandard.ZstdCompressorInputStream;

/** How a file is compressed, known by its first bytes and not by its name. */
enum Compression {
  NONE,
  GZIP(0x1F, 0x8B, 0x08),
  ZSTD(0x28, 0xB5, 0x2F, 0xFD),
  BZIP2('B', 'Z', 'h');

  /** How many of a file's first bytes are needed, if it has as many. */
  static final int MAGIC_BYTES = 4;

  private static final int BUFFER_BYTES = 1 << 16;

  private final int[] magic;

  Compression(int... magic) {
    this.magic = magic;
  }

  /** Returns the compression of a file that starts with {@code bytes}. */
  static Compression of(byte[] bytes) {
    for (Compression compression : values()) {
      if (compression != NONE && compression.matches(bytes)) {
        return compression;
      }
    }
    return NONE;
  }

  private boolean matches(byte[] bytes) {
    if (bytes.length < magic.length) {
      return false;
    }
    for (int i = 0; i < magic.length; i++) {
      if (bytes[i] != (byte) magic[i]) {
        return false;
      }
    }
    return true;
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
