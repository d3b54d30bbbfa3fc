package io.sessionizer.watch;

/**
 * Where a record is.
 *
 * @param topic the topic's name
 */
record Place(String topic, int partition, long offset) {}
