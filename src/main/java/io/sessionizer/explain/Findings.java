package io.sessionizer.explain;

import io.sessionizer.records.ProjectedFields;
import io.sessionizer.records.Reason;
import io.sessionizer.records.SessionRecord;
import io.sessionizer.records.SessionRecord.Tombstone;
import io.sessionizer.records.SourcePosition;
import io.sessionizer.records.VisitedPage;
import java.util.List;
import java.util.OptionalLong;
import org.checkerframework.checker.nullness.qual.Nullable;

/** The records about a visit id. All times are epoch milliseconds. */
final class Findings {
  private Findings() {}

  /**
   * A visit on the visits topic.
   *
   * @param position where it is
   * @param visit what was viewed, when and by whom
   * @param watermark of its partition when it was read, from the records before it; empty without
   *     any
   */
  record VisitFinding(SourcePosition position, VisitedPage visit, OptionalLong watermark) {
    long time() {
      return visit.eventTimeMillis();
    }

    /** The id of the event; null if it is not read. */
    @Nullable Object eventId() {
      return visit.fields().value(ProjectedFields.EVENT_ID);
    }

    /** Without the user, as the pages of sessions. */
    VisitedPage page() {
      return new VisitedPage(visit.eventTimeMillis(), visit.page(), null);
    }
  }

  /**
   * A rejected record of the visits topic that seems to be of the visit id.
   *
   * @param position where it is, or was
   * @param reason why it was rejected
   * @param message the same for people
   * @param knownBy by what it is known
   * @param deadLetterPosition where its dead letter is, or null if there is none
   */
  record RejectionFinding(
      SourcePosition position,
      Reason reason,
      String message,
      String knownBy,
      @Nullable SourcePosition deadLetterPosition) {}

  /**
   * A record of the late visits' topic.
   *
   * @param position where it is
   * @param source where the visit was read
   * @param lateBy how far the visit was behind the watermark of the job
   */
  record LateFinding(
      SourcePosition position, SourcePosition source, VisitedPage page, long lateBy) {}

  /**
   * A record of the sessions topic.
   *
   * @param position where it is
   * @param record what it says
   * @param pages time and page of its visits; none for a tombstone
   * @param attributes the JSON object with its attributes; null if it has none
   */
  record SessionFinding(
      SourcePosition position,
      SessionRecord record,
      List<VisitedPage> pages,
      @Nullable String attributes) {

    /** Its key. */
    String id() {
      return record.sessionId().toString();
    }

    boolean isTombstone() {
      return record instanceof Tombstone;
    }

    long start() {
      return pages.get(0).eventTimeMillis();
    }

    /** Which of the sessions that start in its millisecond it is, from 0. */
    int ordinal() {
      return record.sessionId().start().ordinal();
    }

    long end() {
      return pages.get(pages.size() - 1).eventTimeMillis();
    }
  }
}
