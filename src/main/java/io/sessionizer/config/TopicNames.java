package io.sessionizer.config;

/**
 * The names of the topics.
 *
 * @param visits read
 * @param sessions written
 * @param lateVisits for visits that came too late
 * @param deadLetters for rejected records
 */
public record TopicNames(String visits, String sessions, String lateVisits, String deadLetters) {}
