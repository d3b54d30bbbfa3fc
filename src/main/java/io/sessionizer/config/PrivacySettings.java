package io.sessionizer.config;

import io.sessionizer.attributes.PrivateFields;
import io.sessionizer.formats.Condition;
import io.sessionizer.formats.FieldExpression;
import io.sessionizer.formats.InputFormat;
import io.sessionizer.formats.ProjectedField;
import io.sessionizer.formats.SyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Reads what happens to private visits. */
final class PrivacySettings {
  static final String VISITS = "--privateVisits";
  static final String FIELD = "--privateField";
  static final String FIELDS = "--privateFields";
  static final String KEY = "--pseudonymKey";

  private static final Pattern REFERENCE = Pattern.compile("\\$\\{[^:}]+:[^}]+}");

  private final InputFormat format;
  private final List<String> problems;

  private PrivacySettings(InputFormat format, List<String> problems) {
    this.format = format;
    this.problems = problems;
  }

  /**
   * Reads the flags.
   *
   * @param problems takes what is wrong, one sentence each
   */
  static Privacy read(SessionizationOptions options, InputFormat format, List<String> problems) {
    return new PrivacySettings(format, problems).read(options);
  }

  private Privacy read(SessionizationOptions options) {
    PrivateVisits visits = visits(options.getPrivateVisits());
    FieldExpression field = field(FIELD, options.getPrivateField());
    Condition isPrivate =
        Condition.isTrue(field == null ? FieldExpression.member("keep_private") : field);
    if (visits != PrivateVisits.KEEP) {
      format.check(FIELD + "=" + options.getPrivateField(), ProjectedField.of(isPrivate), problems);
    }
    List<FieldExpression> fields = new ArrayList<>();
    for (String text : FlagValues.of(options.getPrivateFields())) {
      FieldExpression each = field(FIELDS, text);
      if (each != null) {
        fields.add(each);
      }
    }
    String key = key(options.getPseudonymKey(), visits);
    if (visits != PrivateVisits.PSEUDONYMIZE) {
      return new Privacy(visits, isPrivate, key, PrivateFields.NONE);
    }
    if (format.userId() != null) {
      checkUser(format.userId());
      fields.add(format.userId());
    }
    return new Privacy(visits, isPrivate, key, new PrivateFields(fields));
  }

  private PrivateVisits visits(@Nullable String name) {
    for (PrivateVisits visits : PrivateVisits.values()) {
      if (visits.flagValue().equals(name)) {
        return visits;
      }
    }
    problems.add(VISITS + "=" + name + ": must be keep, exclude or pseudonymize");
    return PrivateVisits.KEEP;
  }

  private @Nullable FieldExpression field(String flag, @Nullable String text) {
    try {
      return FieldExpression.parse(text == null ? "" : text);
    } catch (SyntaxException e) {
      problems.add(flag + "=" + text + ": " + e.getMessage());
      return null;
    }
  }

  /** A key on a command line could be read by everybody who sees the processes. */
  private String key(@Nullable String key, PrivateVisits visits) {
    if (key == null) {
      if (visits == PrivateVisits.PSEUDONYMIZE) {
        problems.add(
            KEY
                + ": is required with --privateVisits=pseudonymize, for example"
                + " ${file:/etc/pseudonyms.properties:key}");
      }
      return "";
    }
    if (visits != PrivateVisits.PSEUDONYMIZE) {
      problems.add(KEY + ": only with --privateVisits=pseudonymize");
    } else if (!REFERENCE.matcher(key).matches()) {
      problems.add(
          KEY
              + ": must not be the key itself, but a reference to a config provider, such as"
              + " ${file:/etc/pseudonyms.properties:key}");
    }
    return key;
  }

  /** The visit id is the key of a session's record, and is in its value. */
  private void checkUser(FieldExpression userId) {
    if (userId.leaves().stream().anyMatch(format.visitId().leaves()::contains)) {
      problems.add(
          "%s=pseudonymize: --visitIdField=%s and --userIdField=%s have a field in common, so that the visit id shows the user"
              .formatted(VISITS, format.visitId(), userId));
    }
  }
}
