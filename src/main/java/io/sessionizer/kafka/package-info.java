/**
 * Reading the visits topic with event times and watermarks, and writing the results: the only
 * package of the pipeline that knows Kafka. {@link io.sessionizer.kafka.ReadVisits} reads through
 * {@link io.sessionizer.kafka.BoundedConsumer}, which describes a poll step by step.
 */
package io.sessionizer.kafka;
