package io.sessionizer.visits;

/**
 * What a record's value turned out to be: a {@link Visit}, or a {@link Rejection} that says why
 * not.
 */
public sealed interface ParsedRecord permits Visit, Rejection {}
