package io.sessionizer.explain;

import io.sessionizer.records.SessionId;
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
   * @param reason why it is none: the reason of a dead letter
   * @param message the same for people
   * @param sign by what it is known
   * @param letter where the dead letter is, or null if there is none
   */
  record RejectionFinding(
      SourcePosition place,
      String reason,
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
   * @param id its key
   * @param revision which record of this key it is
   * @param timing {@code on_time} or {@code late}
   * @param endReason why the session ended
   * @param supersededBy of a tombstone: the session that the visits are in
   * @param pages time and page of its visits; null for a tombstone
   */
  record SessionFinding(
      SourcePosition place,
      String id,
      String revision,
      String timing,
      String endReason,
      String supersededBy,
      @Nullable List<VisitedPage> pages) {

    boolean isTombstone() {
      return pages == null;
    }

    long start() {
      return pages.get(0).eventTimeMillis();
    }

    /** Which of the sessions that start in its millisecond it is, from 0. */
    int ordinal() {
      try {
        return SessionId.parse(id).start().ordinal();
      } catch (IllegalArgumentException e) {
        return 0; // not one of ours
      }
    }

    long end() {
      return pages.get(pages.size() - 1).eventTimeMillis();
    }
  }
}
