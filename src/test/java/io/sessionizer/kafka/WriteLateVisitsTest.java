package io.sessionizer.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sessionizer.kafka.WriteLateVisits.FormatLateVisitFn;
import io.sessionizer.records.LateVisitRecord;
import io.sessionizer.records.ProjectedFields;
import io.sessionizer.records.Provenance;
import io.sessionizer.records.SourcePosition;
import io.sessionizer.records.TopicRecord;
import io.sessionizer.records.TopicRecord.Header;
import io.sessionizer.visits.LateVisit;
import io.sessionizer.visits.LocatedVisit;
import io.sessionizer.visits.Visit;
import io.sessionizer.visits.VisitJson;
import java.util.List;
import org.junit.jupiter.api.Test;

class WriteLateVisitsTest {
  private static final int IS_PRIVATE = 7;
  private static final SourcePosition SOURCE = new SourcePosition("events", 1, 2);
  private static final TopicRecord ORIGINAL =
      new TopicRecord(
          new byte[] {1},
          new byte[100],
          List.of(new Header("h", new byte[3]), new Header("i", null)));

  private static LateVisit late(boolean isPrivate, TopicRecord original) {
    ProjectedFields.FieldsWriter fields = new ProjectedFields.FieldsWriter();
    fields.add(IS_PRIVATE, isPrivate);
    Visit visit = new Visit("v", 5, "kim", "/", fields.toFields());
    return new LateVisit(new LocatedVisit(visit, new Provenance(SOURCE, 9)), 60_000, original);
  }

  private static LateVisitRecord written(int room, LateVisit late) {
    return new FormatLateVisitFn("late-visits", room, IS_PRIVATE).record(late);
  }

  private static LateVisitRecord json() {
    return new LateVisitRecord("v", VisitJson.write(new Visit("v", 5, "kim", "/")), 60_000, SOURCE);
  }

  @Test
  void visitIsWrittenAsRead() {
    assertEquals(
        new LateVisitRecord(ORIGINAL, 9L, 60_000, SOURCE),
        written((int) ORIGINAL.size(), late(false, ORIGINAL)));
  }

  @Test
  void privateVisitIsNotWrittenAsRead() {
    assertEquals(json(), written(1 << 20, late(true, ORIGINAL)));
  }

  @Test
  void tooLargeRecordIsNotWrittenAsRead() {
    assertEquals(json(), written((int) ORIGINAL.size() - 1, late(false, ORIGINAL)));
  }

  @Test
  void visitThatKeptNothingIsJson() {
    assertEquals(json(), written(1 << 20, late(false, null)));
  }
}
