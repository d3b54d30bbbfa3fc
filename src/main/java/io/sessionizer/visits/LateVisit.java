package io.sessionizer.visits;

/**
 * A visit that came too late for any session.
 *
 * @param located the visit, and where it was read
 * @param lateByMillis how far it was behind the watermark, in milliseconds
 */
public record LateVisit(LocatedVisit located, long lateByMillis) {}
