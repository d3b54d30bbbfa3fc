package io.sessionizer.explain;

import io.sessionizer.records.Reason;
import io.sessionizer.records.SessionRecord;
import io.sessionizer.records.SessionRecord.Tombstone;
import io.sessionizer.records.SourcePosition;
import io.sessionizer.records.VisitedPage;
import java.util.List;
import java.util.OptionalLong;
import org.checkerframework.checker.nullness.qual.Nullable;

/** What the topics hold of a visit id. All times are epoch milliseconds. */
final class Findings {
  private Findings() {}

  /**
   * A visit on the visits topic.
   *
   * @param place where it is
   * @param page what was viewed, and when
   * @param watermark that of its partition when it was read, by what is in front of it; none if
   *     nothing is
   */
  record VisitFinding(SourcePosition place, VisitedPage page, OptionalLong watermark) {
    long time() {
      return page.eventTimeMillis();
    }
  }

  /**
   * A record of the visits topic that is no visit, and seems to be of the visit id.
   *
   * @param place where it is, or was
   * @param reason why it is none
   * @param message the same for people
   * @param sign by what it is known
   * @param letter where the dead letter is, or null if there is none
   */
  record RejectionFinding(
      SourcePosition place,
      Reason reason,
      String message,
      String sign,
      @Nullable SourcePosition letter) {}

  /**
   * A record of the late visits' topic.
   *
   * @param place where it is
   * @param source where the visit was read
   * @param lateBy how far the visit was behind the watermark of the job
   */
  record LateFinding(SourcePosition place, SourcePosition source, VisitedPage page, long lateBy) {}

  /**
   * A record of the sessions topic.
   *
   * @param place where it is
   * @param record what it says
   * @param pages time and page of its visits; none for a tombstone
   */
  record SessionFinding(SourcePosition place, SessionRecord record, List<VisitedPage> pages) {

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
