package io.sessionizer.inspect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sessionizer.explain.Line;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Function;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Whatever the records are, they are inspected. */
class AnyInspectionTest {
  private static final int COLUMNS = 100;
  private static final List<Function<MadeUpVisits.MadeUpVisit, String>> SHAPES =
      List.copyOf(Shapes.KNOWN.values());

  private static void inspect(RecordSample sample) {
    Inspection inspection = InspectionTest.of(sample);
    for (boolean hideValues : new boolean[] {true, false}) {
      for (Line line : InspectionReport.lines(inspection, hideValues, COLUMNS)) {
        assertTrue(line.text() != null);
      }
      ConfigText.of(inspection, Map.of(), List.of(), hideValues);
    }
  }

  @Property(tries = 300)
  void bytesAreInspected(@ForAll List<byte[]> values) {
    RecordSample sample = new RecordSample(RecordSample.Source.TOPIC, "any", 100);
    for (byte[] value : values) {
      sample.addNewest(new SampledRecord(value, value, value.length, value.length % 3));
    }
    inspect(sample);
  }

  @Property(tries = 300)
  void textsAreInspected(@ForAll List<String> values) {
    inspect(MadeUpVisits.file(values));
  }

  @Property(tries = 200)
  void changedRecordsAreInspected(@ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<String> lines =
        new ArrayList<>(MadeUpVisits.of(4).lines(SHAPES.get(random.nextInt(SHAPES.size()))));
    for (int i = 0; i < lines.size(); i++) {
      byte[] line = lines.get(i).getBytes(UTF_8);
      for (int changes = random.nextInt(4); changes > 0; changes--) {
        byte[] with = "\"{}[]:,0\0\t \\e+-".getBytes(UTF_8);
        line[random.nextInt(line.length)] = with[random.nextInt(with.length)];
      }
      lines.set(i, new String(line, UTF_8));
    }
    inspect(MadeUpVisits.file(lines));
  }

  @Property(tries = 3)
  void manyRecordsStayWithinBounds(@ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    RecordSample sample = new RecordSample(RecordSample.Source.TOPIC, "any", 10_000);
    for (int i = 0; i < 10_000; i++) {
      String value =
          "{\"k%s\":\"%s\",\"id\":%s,\"t\":%s}"
              .formatted(
                  random.nextInt(1_000_000),
                  Long.toString(random.nextLong(), 36),
                  random.nextInt(3000),
                  1_772_359_200_000L + random.nextInt(1 << 30));
      sample.addNewest(new SampledRecord(null, value.getBytes(UTF_8), i, i % 4));
    }
    Inspection inspection = InspectionTest.of(sample);
    assertTrue(inspection.table().fields().size() <= FieldTable.MAX_FIELDS);
    inspect(sample);
  }
}
