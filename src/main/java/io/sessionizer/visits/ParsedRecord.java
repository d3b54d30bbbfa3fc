package io.sessionizer.visits;

/** A record, parsed: a {@link Visit}, {@link LeftOut}, or a {@link Rejection} with the reason. */
public sealed interface ParsedRecord permits Visit, LeftOut, Rejection {}
