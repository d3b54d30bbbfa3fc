package io.sessionizer.sessions;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sessionizer.visits.Visit;
import io.sessionizer.visits.VisitCoder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.metrics.MetricsFilter;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.testing.TestPipelineExtension;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.transforms.windowing.IntervalWindow;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TimestampedValue;
import org.joda.time.Instant;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** When are two visits one session, when does it come out, and what becomes of late visits. */
@ExtendWith(TestPipelineExtension.class)
class SessionizeVisitsTest {
  private static final SessionPolicy POLICY =
      new SessionPolicy(Duration.ofMinutes(16), Duration.ofMinutes(15));

  /** 2024-01-01T00:00:00Z. */
  private static final long MIDNIGHT = 1_704_067_200_000L;

  private static final long SECOND = 1_000;
  private static final long MINUTE = 60 * SECOND;

  private TestStream.Builder<Visit> stream = TestStream.create(VisitCoder.of());

  @Nested
  class OneSessionOrTwo {
    @Test
    void visitsOneMillisecondLessThanTheGapApartAreOneSession(TestPipeline pipeline) {
      arrive(visit(0, "a"), visit(16 * MINUTE - 1, "b"));
      expect(pipeline, onTime(session(page(0, "a"), page(16 * MINUTE - 1, "b"))));
    }

    @Test
    void visitsExactlyTheGapApartAreTwoSessions(TestPipeline pipeline) {
      arrive(visit(0, "a"), visit(16 * MINUTE, "b"));
      expect(pipeline, onTime(session(page(0, "a"))), onTime(session(page(16 * MINUTE, "b"))));
    }

    @Test
    void everyVisitOfAChainWithStepsOfTheGapIsASessionOfItsOwn(TestPipeline pipeline) {
      arrive(visit(0, "a"), visit(16 * MINUTE, "b"), visit(32 * MINUTE, "c"));
      expect(
          pipeline,
          onTime(session(page(0, "a"))),
          onTime(session(page(16 * MINUTE, "b"))),
          onTime(session(page(32 * MINUTE, "c"))));
    }

    @Test
    void aVisitInBetweenThatComesBeforeAnythingIsClosedJoinsTwo(TestPipeline pipeline) {
      arrive(visit(0, "a"), visit(20 * MINUTE, "c"), visit(10 * MINUTE, "b"));
      expect(
          pipeline, onTime(session(page(0, "a"), page(10 * MINUTE, "b"), page(20 * MINUTE, "c"))));
    }

    @Test
    void twoPagesAtTheSameInstantAreBothKeptSortedByPage(TestPipeline pipeline) {
      arrive(visit(0, "b"), visit(0, "a"));
      expect(pipeline, onTime(session(page(0, "a"), page(0, "b"))));
    }

    @Test
    void anExactDuplicateIsKept(TestPipeline pipeline) {
      arrive(visit(0, "a"), visit(0, "a"));
      expect(pipeline, onTime(session(page(0, "a"), page(0, "a"))));
    }

    @Test
    void visitIdsDoNotMix(TestPipeline pipeline) {
      arrive(visit(0, "a"), new Visit("other", MIDNIGHT + MINUTE, null, "b"));
      expect(
          pipeline,
          onTime(session(page(0, "a"))),
          onTime(new Session("other", List.of(new VisitedPage(MIDNIGHT + MINUTE, "b", null)))));
    }
  }

  @Nested
  class WhenItComesOut {
    @Test
    void aSessionComesOutWhenTheWatermarkIsTheGapBehindItsLastVisit(TestPipeline pipeline) {
      arrive(visit(0, "a"));
      watermark(16 * MINUTE);
      PCollection<SessionChange> changes = changes(pipeline);
      PAssert.that(changes)
          .inEarlyPane(window(0, 16 * MINUTE))
          .empty()
          .inOnTimePane(window(0, 16 * MINUTE))
          .containsInAnyOrder(onTime(session(page(0, "a"))));
      pipeline.run().waitUntilFinish();
    }

    @Test
    void notOneMillisecondEarlier(TestPipeline pipeline) {
      // At 15:59.999 the session is open, so this visit, out of order, comes out with the first.
      arrive(visit(0, "a"));
      watermark(16 * MINUTE - 1);
      arrive(visit(MINUTE, "b"));
      expect(pipeline, onTime(session(page(0, "a"), page(MINUTE, "b"))));
    }

    @Test
    void exactlyThenItIsOutAndTheSameVisitCorrectsIt(TestPipeline pipeline) {
      arrive(visit(MINUTE, "a"));
      watermark(17 * MINUTE);
      arrive(visit(MINUTE, "b"));
      expect(
          pipeline,
          onTime(session(page(MINUTE, "a"))),
          late(2, session(page(MINUTE, "a"), page(MINUTE, "b"))));
    }

    @Test
    void openSessionsComeOutWhenTheStreamEnds(TestPipeline pipeline) {
      arrive(visit(0, "a"), visit(MINUTE, "b"));
      expect(pipeline, onTime(session(page(0, "a"), page(MINUTE, "b"))));
    }
  }

  @Nested
  class LateVisits {
    /** Accepted iff t + G - 1 + L >= W; here t = 0, so the limit is W = 30:59.999. */
    @Test
    void aVisitAtTheLimitOfLatenessIsASession(TestPipeline pipeline) {
      watermark(31 * MINUTE - 1);
      arrive(visit(0, "a"));
      expect(pipeline, late(1, session(page(0, "a"))));
      assertEquals(0, droppedVisits);
    }

    @Test
    void aVisitOneMillisecondBeyondTheLimitIsDroppedAndCounted(TestPipeline pipeline) {
      watermark(31 * MINUTE);
      arrive(visit(0, "a"));
      expect(pipeline);
      assertEquals(1, droppedVisits);
    }

    @Test
    void aLateVisitAmendsItsSessionWhichComesOutAgainWhole(TestPipeline pipeline) {
      arrive(visit(0, "a"), visit(10 * MINUTE, "c"));
      watermark(27 * MINUTE);
      arrive(visit(5 * MINUTE, "b"));
      expect(
          pipeline,
          onTime(session(page(0, "a"), page(10 * MINUTE, "c"))),
          late(2, session(page(0, "a"), page(5 * MINUTE, "b"), page(10 * MINUTE, "c"))));
      assertEquals(0, droppedVisits);
    }

    @Test
    void everyFurtherLateVisitCountsTheRevisionUp(TestPipeline pipeline) {
      arrive(visit(0, "a"), visit(10 * MINUTE, "d"));
      watermark(27 * MINUTE);
      arrive(visit(5 * MINUTE, "b"));
      arrive(visit(6 * MINUTE, "c"));
      expect(
          pipeline,
          onTime(session(page(0, "a"), page(10 * MINUTE, "d"))),
          late(2, session(page(0, "a"), page(5 * MINUTE, "b"), page(10 * MINUTE, "d"))),
          late(
              3,
              session(
                  page(0, "a"),
                  page(5 * MINUTE, "b"),
                  page(6 * MINUTE, "c"),
                  page(10 * MINUTE, "d"))));
    }
  }

  /** What Beam's windows cannot do, pinned here so that a change of it is noticed. */
  @Nested
  class WhatTheWindowsDoNotKeep {
    @Test
    void twoPublishedSessionsThatALateVisitJoinsAreNotTakenBack(TestPipeline pipeline) {
      arrive(visit(0, "a"), visit(20 * MINUTE, "c"));
      watermark(36 * MINUTE);
      arrive(visit(10 * MINUTE, "b"));
      expect(
          pipeline,
          onTime(session(page(0, "a"))),
          onTime(session(page(20 * MINUTE, "c"))),
          late(1, session(page(10 * MINUTE, "b"), page(20 * MINUTE, "c"))));
    }

    @Test
    void aSessionWhoseStartALateVisitMovesKeepsItsOldRecord(TestPipeline pipeline) {
      arrive(visit(10 * MINUTE, "b"));
      watermark(26 * MINUTE);
      arrive(visit(0, "a"));
      expect(
          pipeline,
          onTime(session(page(10 * MINUTE, "b"))),
          late(1, session(page(0, "a"), page(10 * MINUTE, "b"))));
    }

    @Test
    void anAmendmentThatReopensASessionStartsTheRevisionsAgain(TestPipeline pipeline) {
      arrive(visit(0, "a"));
      watermark(16 * MINUTE);
      arrive(visit(10 * MINUTE, "b"));
      watermark(26 * MINUTE);
      expect(
          pipeline,
          onTime(session(page(0, "a"))),
          onTime(session(page(0, "a"), page(10 * MINUTE, "b"))));
    }

    /** The sequence of apache/beam#18677: gap 5, no lateness, 0, watermark 6, 3. */
    @Test
    void twoSessionsThatWereEmittedCanOverlap(TestPipeline pipeline) {
      SessionPolicy strict = new SessionPolicy(Duration.ofMillis(5), Duration.ZERO);
      arrive(visit(0, "a"));
      watermark(6);
      arrive(visit(3, "b"));
      expect(pipeline, strict, onTime(session(page(0, "a"))), onTime(session(page(3, "b"))));
    }

    @Test
    void aLateDuplicateIsALateVisitLikeAnyOther(TestPipeline pipeline) {
      arrive(visit(0, "a"));
      watermark(16 * MINUTE);
      arrive(visit(0, "a"));
      expect(pipeline, onTime(session(page(0, "a"))), late(2, session(page(0, "a"), page(0, "a"))));
    }
  }

  private long droppedVisits;

  private void arrive(Visit... visits) {
    for (Visit visit : visits) {
      Instant time = Instant.ofEpochMilli(visit.eventTimeMillis());
      stream = stream.addElements(TimestampedValue.of(visit, time));
    }
  }

  private void watermark(long afterMidnight) {
    stream = stream.advanceWatermarkTo(Instant.ofEpochMilli(MIDNIGHT + afterMidnight));
  }

  private void expect(TestPipeline pipeline, SessionChange... expected) {
    expect(pipeline, POLICY, expected);
  }

  private void expect(TestPipeline pipeline, SessionPolicy policy, SessionChange... expected) {
    PCollection<SessionChange> changes =
        pipeline.apply(stream.advanceWatermarkToInfinity()).apply(SessionizeVisits.with(policy));
    PAssert.that(changes).containsInAnyOrder(expected);
    PipelineResult result = pipeline.run();
    result.waitUntilFinish();
    droppedVisits = counter(result, "DroppedDueToLateness");
  }

  private PCollection<SessionChange> changes(TestPipeline pipeline) {
    return pipeline.apply(stream.advanceWatermarkToInfinity()).apply(SessionizeVisits.with(POLICY));
  }

  private static long counter(PipelineResult result, String name) {
    return StreamSupport.stream(
            result
                .metrics()
                .queryMetrics(MetricsFilter.builder().build())
                .getCounters()
                .spliterator(),
            false)
        .filter(counter -> counter.getName().getName().equals(name))
        .mapToLong(counter -> counter.getAttempted())
        .sum();
  }

  private static Visit visit(long afterMidnight, String page) {
    return new Visit("visit", MIDNIGHT + afterMidnight, "user", page);
  }

  private static VisitedPage page(long afterMidnight, String page) {
    return new VisitedPage(MIDNIGHT + afterMidnight, page, "user");
  }

  private static Session session(VisitedPage... pages) {
    return new Session("visit", new ArrayList<>(List.of(pages)));
  }

  private static SessionChange onTime(Session session) {
    return new SessionChange(session, 1, Timing.ON_TIME, EndReason.INACTIVITY);
  }

  private static SessionChange late(int revision, Session session) {
    return new SessionChange(session, revision, Timing.LATE, EndReason.INACTIVITY);
  }

  private static BoundedWindow window(long from, long to) {
    return new IntervalWindow(
        Instant.ofEpochMilli(MIDNIGHT + from), Instant.ofEpochMilli(MIDNIGHT + to));
  }
}
