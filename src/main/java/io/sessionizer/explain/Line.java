package io.sessionizer.explain;

/**
 * A line of an explanation.
 *
 * @param style how it is shown
 * @param text the line, which may contain any character of a record
 */
public record Line(LineStyle style, String text) {}
