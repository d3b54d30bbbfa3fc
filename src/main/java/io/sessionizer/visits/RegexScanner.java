package io.sessionizer.visits;

import com.google.re2j.Matcher;
import io.sessionizer.formats.RecordPattern;
import io.sessionizer.records.Reason;
import java.util.Arrays;
import java.util.Objects;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Finds fields in a line of text that a regular expression matches: its named groups. A group that
 * has no part in the match is missing. Not thread-safe.
 */
final class RegexScanner implements RecordScanner {
  /** Access logs have lines of a few hundred bytes, of some thousand at most. */
  private static final int MAX_BYTES = 65_536;

  private final FieldTree tree;
  private final RecordFields fields;
  private final Matcher matcher;

  /** The numbers of the groups that are fields, and their slots. */
  private final int[] groups;

  private final int[] slots;
  private final TextValue text = new TextValue();

  RegexScanner(RecordPattern pattern, FieldTree tree, RecordFields fields) {
    this.tree = tree;
    this.fields = fields;
    this.matcher = pattern.matcher();
    String[] names =
        pattern.groups().keySet().stream()
            .filter(name -> isField(tree.member(name)))
            .toArray(String[]::new);
    this.groups = Arrays.stream(names).mapToInt(pattern.groups()::get).toArray();
    this.slots =
        Arrays.stream(names)
            .mapToInt(name -> Objects.requireNonNull(tree.member(name), "filtered").slot())
            .toArray();
  }

  private static boolean isField(@Nullable FieldTree member) {
    return member != null && member.isField();
  }

  @Override
  public void scan(byte[] bytes, int from, int to) throws RejectedVisitException {
    if (to - from > MAX_BYTES) {
      throw new RejectedVisitException(
          Reason.TOO_LARGE,
          "the value has %s bytes, with a regular expression %s at most"
              .formatted(to - from, MAX_BYTES));
    }
    fields.startRecord(bytes);
    fields.clear(tree.firstSlot(), tree.endSlot());
    text.set(bytes, from, to);
    int start = text.start();
    int end = text.end();
    boolean isWhole = start == 0 && end == bytes.length;
    matcher.reset(isWhole ? bytes : Arrays.copyOfRange(bytes, start, end));
    if (!matcher.matches()) {
      throw text.notInFormat("the value does not match the regular expression");
    }
    for (int i = 0; i < groups.length; i++) {
      int group = matcher.start(groups[i]);
      if (group >= 0) {
        text.setField(fields, slots[i], start + group, start + matcher.end(groups[i]));
      }
    }
  }
}
