package io.sessionizer.visits;

import io.sessionizer.formats.InputFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The fields of a visit in JSON, where names or pointers say. */
final class NamedFields {
  private NamedFields() {}

  static VisitFields of(String visitId, String eventTime, String userId, String page) {
    List<String> problems = new ArrayList<>();
    InputFormat format =
        InputFormat.read(
            Map.of(
                "--visitIdField", visitId,
                "--eventTimeField", eventTime,
                "--userIdField", userId,
                "--pageField", page),
            Set.of(),
            problems);
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(problems.toString());
    }
    return new VisitFields(format);
  }
}
