package io.sessionizer.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sessionizer.records.EndReason;
import io.sessionizer.records.Session;
import io.sessionizer.records.VisitedPage;
import io.sessionizer.sessions.SessionPolicy;
import io.sessionizer.verify.Difference.Kind;
import io.sessionizer.verify.ScriptedJob.Outcome;
import io.sessionizer.visits.Visit;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Which differences a job may have for reasons that are not seen. Times are minutes. */
class UnverifiedSessionsTest {
  private final ScriptedJob job = ScriptedJob.empty();
  private VerifyRules rules = ScriptedJob.rules(false);

  private void visits(String visitId, long... minutes) {
    for (long minute : minutes) {
      job.accept(0, new Visit(visitId, minute * 60_000, null, "p"));
    }
  }

  private void session(String visitId, long... minutes) {
    List<VisitedPage> pages =
        LongStream.of(minutes).mapToObj(m -> new VisitedPage(m * 60_000, "p", null)).toList();
    Session session = new Session(visitId, pages);
    EndReason reason =
        pages.size() >= rules.maxPages() ? EndReason.MAX_PAGES : EndReason.INACTIVITY;
    job.sessions.add(0, ScriptedJob.upsert(session, 1, reason));
  }

  private List<Kind> kinds() throws IOException {
    return verify().differences().stream().map(Difference::kind).toList();
  }

  private Verdict verdict() throws IOException {
    Outcome outcome = verify();
    assertEquals(List.of(), outcome.differences());
    return outcome.verdict();
  }

  private Outcome verify() throws IOException {
    return job.verify(rules, 1 << 20);
  }

  @Nested
  class Open {
    @Test
    void lastSessionMayBeOpen() throws IOException {
      visits("v1", 0);
      visits("v2", 16);
      assertEquals(2, verdict().open);
    }

    @Test
    void newestVisitShowsProgress() throws IOException {
      visits("v1", 0);
      visits("v2", 17);
      assertEquals(List.of(Kind.MISSING_SESSION), kinds());
    }

    @Test
    void writtenSessionShowsProgress() throws IOException {
      visits("v1", 0);
      visits("v2", 0);
      session("v2", 0);
      assertEquals(List.of(Kind.MISSING_SESSION), kinds());
    }

    @Test
    void drainedTopicHasNoOpenSession() throws IOException {
      visits("v1", 0);
      job.visits.isComplete = true;
      assertEquals(List.of(Kind.MISSING_SESSION), kinds());
    }

    @Test
    void slowestPartitionShowsProgress() throws IOException {
      visits("v1", 0);
      visits("v2", 17);
      job.accept(1, new Visit("v3", 0, null, "p"));
      assertEquals(3, verdict().open);
    }
  }

  @Nested
  class Recent {
    @Test
    void recentVisitMayBeInNoSession() throws IOException {
      visits("v1", 0);
      visits("v2", 100);
      session("v2", 100);
      job.visits.isRecent = true;
      Verdict verdict = verdict();
      assertEquals(1, verdict.recent);
      assertEquals(1, verdict.right);
    }

    @Test
    void recentVisitHidesNoOtherSession() throws IOException {
      visits("v1", 0, 50);
      visits("v2", 0);
      job.visits.recentFrom = 3;
      visits("v1", 0);
      visits("v3", 100);
      session("v3", 100);
      assertEquals(List.of(Kind.MISSING_SESSION, Kind.MISSING_SESSION), kinds());
      assertEquals(1, verify().verdict().recent);
    }

    @Test
    void recentVisitMayMoveLaterCuts() throws IOException {
      rules = withAtMostTwoPages(false);
      visits("v1", 1, 2, 3, 4, 5);
      job.visits.recentFrom = 5;
      visits("v1", 0);
      visits("v2", 100);
      session("v1", 1, 2);
      session("v1", 3, 4);
      session("v1", 5);
      session("v2", 100);
      assertTrue(verdict().recent > 0);
    }
  }

  @Nested
  class CutOff {
    @Test
    void sessionMayStartBeforeFirstRecord() throws IOException {
      visits("v1", 0, 10, 100);
      visits("v2", 200);
      session("v1", 0, 10);
      session("v1", 100);
      session("v2", 200);
      assertEquals(3, verdict().right);
      job.visits.first[0] = 1;
      Verdict verdict = verdict();
      assertTrue(verdict.cutOff > 0);
      assertEquals(0, verdict.open);
    }

    @Test
    void laterSessionIsVerified() throws IOException {
      for (int i = 0; i < 20; i++) {
        visits("v0", i);
      }
      visits("v1", 40);
      visits("v2", 100);
      session("v2", 100);
      job.visits.first[0] = 1;
      assertEquals(List.of(Kind.MISSING_SESSION), kinds());
    }
  }

  @Nested
  class OfWindowsEngine {
    @Test
    void tooLateVisitIsDropped() throws IOException {
      rules = ScriptedJob.rules(true);
      visits("v1", 100, 0);
      visits("v2", 200);
      session("v1", 100);
      session("v2", 200);
      Verdict verdict = verdict();
      assertEquals(1, verdict.droppedOrLost());
      assertEquals(2, verdict.right);
    }

    @Test
    void lateVisitIsLost() throws IOException {
      rules = ScriptedJob.rules(true);
      visits("v1", 100, 80);
      visits("v2", 200);
      session("v1", 100);
      session("v2", 200);
      assertEquals(List.of(Kind.LOST_VISIT), kinds());
    }

    @Test
    void onlyLateVisitOfSessionIsLost() throws IOException {
      rules = ScriptedJob.rules(true);
      visits("v1", 70, 100, 69);
      visits("v2", 200);
      session("v1", 70);
      session("v1", 100);
      session("v2", 200);
      assertEquals(List.of(Kind.LOST_VISIT), kinds());
    }

    @Test
    void sessionAcrossGapIsDifference() throws IOException {
      rules = ScriptedJob.rules(true);
      visits("v1", 70, 100, 69);
      visits("v2", 200);
      session("v1", 69, 70, 100);
      session("v1", 100);
      session("v2", 200);
      assertTrue(kinds().contains(Kind.EXTRA_SESSION));
    }

    @Test
    void joinedSessionIsReplaced() throws IOException {
      rules = ScriptedJob.rules(true);
      visits("v1", 70, 100, 69);
      visits("v2", 200);
      session("v1", 70);
      session("v1", 69, 70);
      session("v1", 100);
      session("v2", 200);
      Verdict verdict = verdict();
      assertEquals(1, verdict.replaced);
      assertEquals(3, verdict.right);
    }

    @Test
    void inventedVisitIsDifference() throws IOException {
      rules = ScriptedJob.rules(true);
      visits("v1", 70, 100, 69);
      visits("v2", 200);
      session("v1", 70, 71);
      session("v1", 69, 70);
      session("v1", 100);
      session("v2", 200);
      assertEquals(List.of(Kind.EXTRA_SESSION), kinds());
    }

    @Test
    void cappedSessionIsWrittenAfterGap() throws IOException {
      rules = withAtMostTwoPages(true);
      visits("v1", 0, 10, 20, 30, 40, 50);
      assertEquals(3, verdict().open);
      visits("v2", 100);
      assertEquals(
          List.of(Kind.MISSING_SESSION, Kind.MISSING_SESSION, Kind.MISSING_SESSION), kinds());
    }
  }

  @Nested
  class OfStatefulEngine {
    @Test
    void cappedSessionIsWrittenBeforeGap() throws IOException {
      rules = withAtMostTwoPages(false);
      visits("v1", 0, 10, 20, 30, 40, 50);
      assertEquals(List.of(Kind.MISSING_SESSION, Kind.MISSING_SESSION), kinds());
    }

    /** One lost visit moves all cuts after it. */
    @Test
    void manyOverlappingSessionsAreJudged() throws IOException {
      List<VisitedPage> pages = new ArrayList<>();
      for (int i = 0; i < 120_000; i++) {
        job.accept(0, new Visit("v1", 10L * i, null, "p"));
        pages.add(new VisitedPage(10L * i, "p", null));
      }
      for (int i = 1; i < pages.size(); i += 10_000) {
        List<VisitedPage> of = pages.subList(i, Math.min(i + 10_000, pages.size()));
        EndReason reason = of.size() == 10_000 ? EndReason.MAX_PAGES : EndReason.INACTIVITY;
        job.sessions.add(0, ScriptedJob.upsert(new Session("v1", of), 1, reason));
      }
      visits("v2", 1_000);
      List<Kind> kinds = kinds();
      assertEquals(12, kinds.stream().filter(kind -> kind == Kind.MISSING_SESSION).count());
      assertEquals(12, kinds.stream().filter(kind -> kind == Kind.EXTRA_SESSION).count());
    }
  }

  @Test
  void onlyChosenStartsAreVerified() throws IOException {
    visits("v1", 0, 100, 200);
    visits("v2", 10_000);
    rules = chosen(100, 101);
    assertEquals(List.of(Kind.MISSING_SESSION), kinds());
    session("v1", 0);
    session("v1", 100);
    assertEquals(1, verdict().tableSize);
    rules = chosen(101, 200);
    assertEquals(List.of(), kinds());
    rules = chosen(0, 201);
    assertEquals(List.of(Kind.MISSING_SESSION), kinds());
  }

  @Test
  void newestRecordOfKeyCounts() throws IOException {
    visits("v1", 0);
    visits("v2", 100);
    session("v2", 100);
    session("v1", 0);
    job.sessions.timestamps[0] = 2;
    Session other = new Session("v1", List.of(new VisitedPage(0, "other", null)));
    job.sessions.add(1, ScriptedJob.upsert(other, 1));
    assertEquals(2, verdict().right);
    job.sessions.timestamps[1] = 3;
    assertEquals(List.of(Kind.WRONG_SESSION), kinds());
  }

  private static VerifyRules chosen(long since, long until) {
    return ScriptedJob.rules(ScriptedJob.POLICY).between(since * 60_000, until * 60_000).build();
  }

  private static VerifyRules withAtMostTwoPages(boolean dropsLateVisits) {
    SessionPolicy policy = ScriptedJob.POLICY;
    return ScriptedJob.rules(
            new SessionPolicy(
                policy.gap(), policy.allowedLateness(), policy.maxDuration(), 2, false))
        .dropsLateVisits(dropsLateVisits)
        .build();
  }
}
