package io.sessionizer.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReadVisitsTest {
  /**
   * A broker waits with a response of fewer bytes, even if the partition has more than may be in
   * it.
   */
  @ParameterizedTest
  @CsvSource({
    "1, 8388608, 4194304",
    "2, 4194304, 2097152",
    "8, 1048576, 524288",
    "900, 1048576, 524288"
  })
  void fetchOfOnePartitionNeverWaitsWhenBehind(int partitions, int atMost, int waitsFor) {
    assertEquals(fetches(atMost, waitsFor), ReadVisits.fetches(partitions, Map.of()));
  }

  @ParameterizedTest
  @CsvSource({"100000, 50000", "' 1 ', 0"})
  void fetchWaitsForHalfOfWhatUserAllows(String atMost, int waitsFor) {
    assertEquals(
        fetches(Integer.parseInt(atMost.trim()), waitsFor),
        ReadVisits.fetches(64, Map.of(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, atMost)));
  }

  private static Map<String, Object> fetches(int atMost, int waitsFor) {
    return Map.of(
        ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
        atMost,
        ConsumerConfig.FETCH_MIN_BYTES_CONFIG,
        waitsFor);
  }
}
