package io.sessionizer.parquet;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import org.apache.commons.compress.compressors.zstandard.ZstdCompressorInputStream;
import org.apache.commons.compress.compressors.zstandard.ZstdCompressorOutputStream;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;

/**
 * Compresses the pages of Parquet files with zstd, and reads them, for which Parquet itself needs
 * Hadoop.
 */
final class ZstdPages implements CompressionCodecFactory {
  @Override
  public BytesInputCompressor getCompressor(CompressionCodecName codec) {
    return new ZstdCompressor();
  }

  @Override
  public BytesInputDecompressor getDecompressor(CompressionCodecName codec) {
    if (codec != CompressionCodecName.ZSTD) {
      throw new UnsupportedOperationException("it is compressed with " + codec + ", not zstd");
    }
    return new ZstdDecompressor();
  }

  @Override
  public void release() {}

  private static final class ZstdCompressor implements BytesInputCompressor {
    @Override
    public BytesInput compress(BytesInput page) throws IOException {
      ByteArrayOutputStream compressed = new ByteArrayOutputStream();
      try (OutputStream out = new ZstdCompressorOutputStream(compressed)) {
        page.writeAllTo(out);
      }
      return BytesInput.from(compressed);
    }

    @Override
    public CompressionCodecName getCodecName() {
      return CompressionCodecName.ZSTD;
    }

    @Override
    public void release() {}
  }

  private static final class ZstdDecompressor implements BytesInputDecompressor {
    @Override
    public BytesInput decompress(BytesInput page, int bytes) throws IOException {
      try (InputStream in = text(page)) {
        return BytesInput.from(in.readNBytes(bytes));
      }
    }

    private static InputStream text(BytesInput page) throws IOException {
      return new ZstdCompressorInputStream(page.toInputStream());
    }

    @Override
    public void decompress(ByteBuffer page, int compressedBytes, ByteBuffer text, int bytes)
        throws IOException {
      ByteBuffer compressed = page.slice().limit(compressedBytes);
      try (InputStream in = text(BytesInput.from(compressed))) {
        text.put(in.readNBytes(bytes));
      }
    }

    @Override
    public void release() {}
  }
}
