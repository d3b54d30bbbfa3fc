package io.sessionizer.kafka;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.IterableCoder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.NullableCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.io.kafka.ProducerRecordCoder;
import org.apache.beam.sdk.util.VarInt;
import org.apache.beam.sdk.values.KV;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Codes records of bytes to be written, as Beam's {@link ProducerRecordCoder} does; but that has no
 * bytes for a header without a value, as records that are written as they were read may have.
 */
final class ProducedRecordCoder extends AtomicCoder<ProducerRecord<byte[], byte[]>> {
  private static final long serialVersionUID = 1L;
  private static final int NO_PARTITION = -1;
  private static final long NO_TIMESTAMP = Long.MAX_VALUE;
  private static final StringUtf8Coder TEXT = StringUtf8Coder.of();
  private static final VarIntCoder INT = VarIntCoder.of();
  private static final VarLongCoder LONG = VarLongCoder.of();
  private static final NullableCoder<byte[]> BYTES = NullableCoder.of(ByteArrayCoder.of());
  private static final Coder<Iterable<KV<String, byte[]>>> HEADERS =
      IterableCoder.of(KvCoder.of(TEXT, new HeaderValueCoder()));

  @Override
  public void encode(ProducerRecord<byte[], byte[]> record, OutputStream out) throws IOException {
    TEXT.encode(record.topic(), out);
    INT.encode(record.partition() == null ? NO_PARTITION : record.partition(), out);
    LONG.encode(record.timestamp() == null ? NO_TIMESTAMP : record.timestamp(), out);
    List<KV<String, byte[]>> headers = new ArrayList<>();
    for (Header header : record.headers()) {
      headers.add(KV.of(header.key(), header.value()));
    }
    HEADERS.encode(headers, out);
    BYTES.encode(record.key(), out);
    BYTES.encode(record.value(), out);
  }

  @Override
  public ProducerRecord<byte[], byte[]> decode(InputStream in) throws IOException {
    String topic = TEXT.decode(in);
    int partition = INT.decode(in);
    long timestamp = LONG.decode(in);
    List<Header> headers = new ArrayList<>();
    for (KV<String, byte[]> header : HEADERS.decode(in)) {
      headers.add(new RecordHeader(header.getKey(), header.getValue()));
    }
    return new ProducerRecord<>(
        topic,
        partition == NO_PARTITION ? null : partition,
        timestamp == NO_TIMESTAMP ? null : timestamp,
        BYTES.decode(in),
        BYTES.decode(in),
        headers);
  }

  /** Codes bytes behind their length, which is -1 if they are null. */
  private static final class HeaderValueCoder extends AtomicCoder<byte[]> {
    private static final long serialVersionUID = 1L;
    private static final int NULL = -1;

    @Override
    public void encode(byte @Nullable [] value, OutputStream out) throws IOException {
      if (value == null) {
        VarInt.encode(NULL, out);
      } else {
        ByteArrayCoder.of().encode(value, out);
      }
    }

    @Override
    public byte @Nullable [] decode(InputStream in) throws IOException {
      int length = VarInt.decodeInt(in);
      if (length == NULL) {
        return null;
      }
      byte[] value = in.readNBytes(length);
      if (value.length < length) {
        throw new IOException("the value of a header is cut");
      }
      return value;
    }
  }
}
