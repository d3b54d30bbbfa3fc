package io.sessionizer.parquet;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.page.DataPage;
import org.apache.parquet.column.page.DataPageV1;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.column.page.PageReader;
import org.apache.parquet.compression.CompressionCodecFactory.BytesInputDecompressor;
import org.apache.parquet.format.DataPageHeader;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.PageType;
import org.apache.parquet.format.Util;
import org.apache.parquet.format.converter.ParquetMetadataConverter;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.ColumnPath;
import org.checkerframework.checker.nullness.qual.Nullable;

/** The pages of the columns of a row group, read from a file one by one. */
final class RowGroupPages implements PageReadStore {
  private static final ParquetMetadataConverter CONVERTER = new ParquetMetadataConverter();

  private final long rows;
  private final Map<ColumnPath, ColumnPages> columns = new HashMap<>();

  RowGroupPages(Path file, BlockMetaData group) throws IOException {
    this.rows = group.getRowCount();
    for (ColumnChunkMetaData column : group.getColumns()) {
      columns.put(column.getPath(), new ColumnPages(file, column));
    }
  }

  @Override
  public PageReader getPageReader(ColumnDescriptor column) {
    ColumnPages pages = columns.get(ColumnPath.get(column.getPath()));
    if (pages == null) {
      throw new IllegalStateException("a row group has no column " + column);
    }
    return pages;
  }

  @Override
  public long getRowCount() {
    return rows;
  }

  @Override
  public void close() {
    columns.values().forEach(ColumnPages::close);
  }

  /** The pages of a column: that of its dictionary, if it has one, and those of its values. */
  private static final class ColumnPages implements PageReader {
    private final InputStream in;
    private final BytesInputDecompressor decompressor;
    private final long values;
    private long valuesRead;
    private @Nullable PageHeader next;

    ColumnPages(Path file, ColumnChunkMetaData column) throws IOException {
      this.values = column.getValueCount();
      this.decompressor = new ZstdPages().getDecompressor(column.getCodec());
      InputStream bytes = Files.newInputStream(file);
      try {
        bytes.skipNBytes(column.getStartingPos());
      } catch (IOException e) {
        bytes.close();
        throw e;
      }
      this.in = new BufferedInputStream(bytes);
    }

    @Override
    public long getTotalValueCount() {
      return values;
    }

    @Override
    public @Nullable DictionaryPage readDictionaryPage() {
      try {
        PageHeader header = Util.readPageHeader(in);
        if (header.getType() != PageType.DICTIONARY_PAGE) {
          next = header;
          return null;
        }
        return new DictionaryPage(
            contents(header),
            header.getDictionary_page_header().getNum_values(),
            CONVERTER.getEncoding(header.getDictionary_page_header().getEncoding()));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public @Nullable DataPage readPage() {
      if (valuesRead >= values) {
        return null;
      }
      try {
        PageHeader header = next == null ? Util.readPageHeader(in) : next;
        next = null;
        if (header.getType() != PageType.DATA_PAGE) {
          throw new IOException("a page is of the type " + header.getType());
        }
        DataPageHeader data = header.getData_page_header();
        valuesRead += data.getNum_values();
        return new DataPageV1(
            contents(header),
            data.getNum_values(),
            header.getUncompressed_page_size(),
            null,
            CONVERTER.getEncoding(data.getRepetition_level_encoding()),
            CONVERTER.getEncoding(data.getDefinition_level_encoding()),
            CONVERTER.getEncoding(data.getEncoding()));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private BytesInput contents(PageHeader header) throws IOException {
      byte[] compressed = new byte[header.getCompressed_page_size()];
      if (in.readNBytes(compressed, 0, compressed.length) < compressed.length) {
        throw new IOException("a page is cut");
      }
      return decompressor.decompress(
          BytesInput.from(compressed), header.getUncompressed_page_size());
    }

    void close() {
      try {
        in.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
