package io.sessionizer.visits;

import io.sessionizer.records.Provenance;

/**
 * A visit, and where it was read.
 *
 * @param visit the visit
 * @param provenance where it was read
 */
public record LocatedVisit(Visit visit, Provenance provenance) {}
