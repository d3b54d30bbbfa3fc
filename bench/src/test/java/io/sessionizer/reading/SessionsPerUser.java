package io.sessionizer.reading;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.Produced;

/** A Kafka Streams application over the sessions topic. */
final class SessionsPerUser {
  private SessionsPerUser() {}

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Counts the sessions of each user. */
  static Topology topology(String sessionsTopic, String countsTopic) {
    StreamsBuilder builder = new StreamsBuilder();
    builder
        .table(sessionsTopic, Consumed.with(Serdes.String(), Serdes.String()))
        .groupBy(
            (id, session) -> KeyValue.pair(userId(session), id),
            Grouped.with(Serdes.String(), Serdes.String()))
        .count()
        .toStream()
        .to(countsTopic, Produced.with(Serdes.String(), Serdes.Long()));
    return builder.build();
  }

  private static String userId(String session) {
    try {
      return JSON.readTree(session).path("user_id").asText("anonymous");
    } catch (JsonProcessingException e) {
      throw new SerializationException(e);
    }
  }
}
