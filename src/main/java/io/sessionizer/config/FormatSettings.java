package io.sessionizer.config;

import com.fasterxml.jackson.databind.JsonNode;
import io.sessionizer.formats.FormatFile;
import io.sessionizer.formats.FormatFlags;
import io.sessionizer.formats.InputFormat;
import io.sessionizer.formats.ProjectedField;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads how records are read as visits: a format, and flags that override it. */
final class FormatSettings {
  private FormatSettings() {}

  /**
   * Reads the flags.
   *
   * @param isOfFiles whether records are lines of files
   * @param problems takes what is wrong, one sentence each
   */
  static InputFormat read(SessionizationOptions options, boolean isOfFiles, List<String> problems) {
    Map<String, String> given = given(options);
    Map<String, String> values = new LinkedHashMap<>();
    Set<String> missing = Set.of();
    List<String> found = new ArrayList<>();
    FormatFile file = null;
    if (options.getVisitFormat() != null) {
      file = FormatFile.read(options.getVisitFormat(), problems);
      values.putAll(file.values());
      missing = file.missing();
    }
    values.putAll(given);
    if (options.getMissing() != null) {
      missing = new LinkedHashSet<>(FlagValues.of(options.getMissing()));
    }
    InputFormat format = InputFormat.read(values, missing, found);
    if (isOfFiles) {
      format
          .kafkaFields()
          .forEach(
              (flag, field) ->
                  found.add(
                      flag
                          + "="
                          + field
                          + ": not with --input; only records of a topic have kafka: fields"));
    }
    if (!isOfFiles && format.hasColumnsInFiles()) {
      found.add(
          "--recordFormat=%s: needs --columns; only a file has a first line that names them"
              .formatted(format.recordFormat()));
    }
    for (String problem : found) {
      String flag = problem.substring(0, problem.indexOf('='));
      problems.add(file == null || given.containsKey(flag) ? problem : file.located(flag, problem));
    }
    return format;
  }

  /**
   * Returns a format with the fields that rules and attributes need, which are projected.
   *
   * @param fields by the flag that needs them, with its value
   * @param isOfFiles whether records are lines of files
   * @param problems takes what is wrong, one sentence each
   */
  static InputFormat withProjected(
      InputFormat format,
      Map<String, List<ProjectedField>> fields,
      boolean isOfFiles,
      List<String> problems) {
    Map<Integer, ProjectedField> byId = new LinkedHashMap<>();
    format.projected().forEach(field -> byId.put(field.id(), field));
    fields.forEach(
        (flag, ofFlag) -> {
          for (ProjectedField field : ofFlag) {
            format.check(flag, field, problems);
            ProjectedField other = byId.putIfAbsent(field.id(), field);
            if (other != null && !other.equals(field)) {
              problems.add(
                  "%s: '%s' has the same id as '%s', by chance; write one in another way"
                      .formatted(flag, field.text(), other.text()));
            }
          }
          if (isOfFiles && ofFlag.stream().anyMatch(ProjectedField::usesKafka)) {
            problems.add(flag + ": not with --input; only records of a topic have kafka: fields");
          }
        });
    return format.withProjected(List.copyOf(byId.values()));
  }

  private static Map<String, String> given(SessionizationOptions options) {
    Map<String, String> given = new LinkedHashMap<>();
    JsonNode values = FlagReader.values(options);
    for (String flag : FormatFlags.TEXTS) {
      String name = flag.substring("--".length());
      if (values.hasNonNull(name)) {
        given.put(flag, values.get(name).asText());
      }
    }
    return given;
  }
}
