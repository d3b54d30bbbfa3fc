package io.sessionizer.kafka;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.NullableCoder;
import org.apache.beam.sdk.io.kafka.ProducerRecordCoder;
import org.apache.beam.sdk.util.CoderUtils;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.junit.jupiter.api.Test;

class ProducedRecordCoderTest {
  private static final NullableCoder<byte[]> BYTES = NullableCoder.of(ByteArrayCoder.of());
  private static final Coder<ProducerRecord<byte[], byte[]>> BEAM =
      ProducerRecordCoder.of(BYTES, BYTES);
  private static final Coder<ProducerRecord<byte[], byte[]>> CODER = new ProducedRecordCoder();

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Buffered records are in savepoints. */
  @Test
  void bytesAreThoseOfBeamsCoder() throws Exception {
    List<Header> headers =
        List.of(new RecordHeader("a", bytes("1")), new RecordHeader("a", new byte[0]));
    for (ProducerRecord<byte[], byte[]> record :
        List.of(
            new ProducerRecord<byte[], byte[]>("t", bytes("value")),
            new ProducerRecord<byte[], byte[]>("t", null, bytes("key"), null, headers),
            new ProducerRecord<byte[], byte[]>("t", 3, 7L, null, new byte[300], headers))) {
      byte[] coded = CoderUtils.encodeToByteArray(BEAM, record);
      assertArrayEquals(coded, CoderUtils.encodeToByteArray(CODER, record));
      ProducerRecord<byte[], byte[]> read = CoderUtils.decodeFromByteArray(CODER, coded);
      assertArrayEquals(coded, CoderUtils.encodeToByteArray(BEAM, read));
    }
  }

  @Test
  void headerMayHaveNoValue() throws Exception {
    List<Header> headers = List.of(new RecordHeader("a", (byte[]) null));
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>("t", null, null, null, bytes("value"), headers);
    byte[] coded = CoderUtils.encodeToByteArray(CODER, record);
    ProducerRecord<byte[], byte[]> read = CoderUtils.decodeFromByteArray(CODER, coded);
    assertEquals(record.headers(), read.headers());
    assertArrayEquals(record.value(), read.value());
  }
}
