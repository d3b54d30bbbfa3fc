package io.sessionizer.deadletters;

/**
 * Where a record was read.
 *
 * @param topic the topic
 * @param partition the partition of the topic
 * @param offset the offset in the partition
 * @param timestampMillis the record's own Kafka timestamp, epoch milliseconds (not the event time)
 */
public record Origin(String topic, int partition, long offset, long timestampMillis) {}
