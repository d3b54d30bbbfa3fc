package io.sessionizer.inspect;

import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A record as the visit that it would be.
 *
 * @param timeMillis the event time, epoch milliseconds
 * @param kafkaMillis the Kafka timestamp; {@link SampledRecord#NO_TIMESTAMP} without one
 * @param part the number of its partition or file
 */
record SampledVisit(
    String visitId,
    long timeMillis,
    @Nullable String userId,
    @Nullable String page,
    long kafkaMillis,
    int part) {}
