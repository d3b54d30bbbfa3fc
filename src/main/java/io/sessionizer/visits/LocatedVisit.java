package io.sessionizer.visits;

import io.sessionizer.records.SourcePosition;

/**
 * A visit, and where it was read.
 *
 * @param visit the visit
 * @param origin where it was read
 */
public record LocatedVisit(Visit visit, SourcePosition origin) {}
