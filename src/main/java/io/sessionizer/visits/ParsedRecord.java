package io.sessionizer.visits;

/** A record's value, parsed: a {@link Visit}, or a {@link Rejection} with the reason. */
public sealed interface ParsedRecord permits Visit, Rejection {}
