package io.sessionizer.verify;

import io.sessionizer.records.SourcePosition;
import io.sessionizer.records.TopicRecord;

/**
 * A record that is verified.
 *
 * @param position where it was read
 * @param timestampMillis when it was written, epoch milliseconds
 * @param isRecent whether a job may not have finished with it: of a visit, it may not be in its
 *     place yet; of a session, others of the same time may not be written yet
 * @param contents key, value and headers
 */
record SourceRecord(
    SourcePosition position, long timestampMillis, boolean isRecent, TopicRecord contents) {}
