/** Inquiries outside the pipeline: checks of brokers, topics and settings, offsets, rewind. */
package io.sessionizer.kafka.admin;
