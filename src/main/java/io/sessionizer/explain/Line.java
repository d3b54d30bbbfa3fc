package io.sessionizer.explain;

/**
 * A line of a story.
 *
 * @param tone what it is
 * @param text the line, which may hold any character that is in a record
 */
public record Line(LineStyle tone, String text) {}
