package io.sessionizer.visits;

import io.sessionizer.formats.Condition;
import io.sessionizer.formats.FieldExpression;
import io.sessionizer.formats.FieldExpression.Call;
import io.sessionizer.formats.FieldExpression.FirstOf;
import io.sessionizer.formats.FieldExpression.Function;
import io.sessionizer.formats.FieldExpression.Joined;
import io.sessionizer.formats.FieldExpression.KafkaField;
import io.sessionizer.formats.FieldExpression.KafkaPart;
import io.sessionizer.formats.FieldExpression.Node;
import io.sessionizer.formats.FieldExpression.Pointer;
import io.sessionizer.formats.FieldExpression.Step;
import io.sessionizer.formats.InputFormat;
import io.sessionizer.formats.MappedField;
import io.sessionizer.formats.ProjectedField;
import io.sessionizer.formats.ProjectedField.OfCondition;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The fields of an {@link InputFormat}, compiled: each has a slot in {@link RecordFields}. First
 * come those that a scanner finds, then the parts of the Kafka record, then what is computed.
 */
final class VisitFields {
  /** Those of the visits topic. */
  static final VisitFields DEFAULT = new VisitFields(InputFormat.DEFAULT);

  /** In place of the slot of a field that a format does not have. */
  static final int NONE = -1;

  private final InputFormat format;
  private final FieldTree tree;
  private final List<NestedText> nestedTexts = new ArrayList<>();
  private final Map<KafkaField, Integer> kafkaSlots = new LinkedHashMap<>();
  private final Map<Pointer, Integer> pointers = new LinkedHashMap<>();
  private final Field visitId;
  private final Field eventTime;
  private final Field userId;
  private final Field page;
  private final @Nullable EventFilter filter;
  private final @Nullable EventFilter excluded;
  private final Map<MappedField, Integer> mappedSlots = new EnumMap<>(MappedField.class);
  private final List<Projection> projections;
  private final int computedFrom;
  private int slots;

  /**
   * A field.
   *
   * @param name as the user wrote it
   * @param slot its slot, if a scanner finds it; -1 if there is no such field
   * @param evaluation what it is, if it is computed
   */
  record Field(String name, int slot, @Nullable Evaluation evaluation) {
    private static final Field ABSENT = new Field("", NONE, null);

    /** Returns the slot that has the value. */
    int slotIn(RecordFields fields) {
      return evaluation == null ? slot : evaluation.evaluate(fields);
    }
  }

  /**
   * A text that is JSON.
   *
   * @param name as the user wrote it
   * @param value where the text is, with the fields in it
   * @param isEvent whether it is the event, which must be there
   * @param isBase64 whether it is in Base64
   */
  record NestedText(String name, FieldTree value, boolean isEvent, boolean isBase64) {}

  /**
   * A projected field.
   *
   * @param id its id
   * @param value its value; null if it is a condition
   * @param condition null if it is a value
   */
  record Projection(int id, @Nullable Evaluation value, @Nullable EventFilter condition) {}

  /** Compiles a format. */
  VisitFields(InputFormat format) {
    this.format = format;
    List<Step> event =
        format.recordField() == null ? List.of() : format.recordField().pointer().steps();
    Set<List<Step>> found = new LinkedHashSet<>();
    if (!event.isEmpty()) {
      found.add(event);
    }
    format.jsonText().forEach(text -> found.add(within(event, text.pointer())));
    for (Node leaf : format.leaves()) {
      if (leaf instanceof Pointer pointer) {
        found.add(within(event, pointer));
      }
    }
    this.tree = FieldTree.of(found);
    if (format.recordField() != null) {
      String name = format.recordField().text();
      nestedTexts.add(new NestedText(name, tree.at(event), true, format.recordField().isBase64()));
    }
    format.jsonText().stream()
        .sorted(Comparator.comparing(text -> text.pointer().steps().size()))
        .map(
            text ->
                new NestedText(text.text(), tree.at(within(event, text.pointer())), false, false))
        .forEach(nestedTexts::add);
    this.slots = tree.endSlot();
    for (Node leaf : format.leaves()) {
      if (leaf instanceof KafkaField kafka) {
        kafkaSlots.put(kafka, slots++);
      } else if (leaf instanceof Pointer pointer) {
        pointers.put(pointer, tree.slotOf(within(event, pointer)));
      }
    }
    this.computedFrom = slots;
    this.visitId = field(format.visitId(), ':', true);
    this.eventTime = field(format.eventTime(), ' ', false);
    this.userId = format.userId() == null ? Field.ABSENT : field(format.userId(), ':', true);
    this.page = format.page() == null ? Field.ABSENT : field(format.page(), ':', true);
    this.filter = filter(format.where());
    this.excluded = filter(format.excluded());
    this.projections =
        format.projected().stream()
            .sorted((a, b) -> Integer.compareUnsigned(a.id(), b.id()))
            .map(this::projection)
            .toList();
  }

  private @Nullable EventFilter filter(@Nullable Condition condition) {
    return condition == null ? null : EventFilter.of(condition.root(), this::evaluation);
  }

  private Projection projection(ProjectedField field) {
    return field.source() instanceof OfCondition of
        ? new Projection(field.id(), null, EventFilter.of(of.condition().root(), this::evaluation))
        : new Projection(
            field.id(),
            evaluation(Objects.requireNonNull(field.field(), "it is no condition")),
            null);
  }

  private Evaluation evaluation(FieldExpression field) {
    return evaluation(field.root(), ':', true);
  }

  private static List<Step> within(List<Step> event, Pointer pointer) {
    List<Step> steps = new ArrayList<>(event);
    steps.addAll(pointer.steps());
    return steps;
  }

  private Field field(FieldExpression expression, char separator, boolean isEscaped) {
    return expression.root() instanceof Pointer pointer
        ? new Field(expression.text(), slotOf(pointer), null)
        : new Field(expression.text(), NONE, evaluation(expression.root(), separator, isEscaped));
  }

  private int slotOf(Pointer pointer) {
    return Objects.requireNonNull(pointers.get(pointer), "every pointer has a slot");
  }

  private Evaluation evaluation(Node node, char separator, boolean isEscaped) {
    if (node instanceof Joined joined) {
      return new JoinedTexts(
          evaluations(joined.parts(), separator, isEscaped), separator, isEscaped, slots++);
    } else if (node instanceof FirstOf first) {
      return new FirstPresent(evaluations(first.alternatives(), separator, isEscaped));
    } else if (node instanceof Call call) {
      Evaluation text = evaluation(call.field(), separator, isEscaped);
      return call.function() == Function.LOWER
          ? new LowerCase(text, slots++)
          : new UrlPart(call.function(), text, call.parameter(), slots++);
    }
    int slot = slotOfLeaf(node);
    return fields -> slot;
  }

  private int slotOfLeaf(Node node) {
    if (node instanceof Pointer pointer) {
      return slotOf(pointer);
    } else if (node instanceof MappedField mapped) {
      return mappedSlots.computeIfAbsent(mapped, field -> slots++);
    }
    return Objects.requireNonNull(kafkaSlots.get(node), "every part has a slot");
  }

  private Evaluation[] evaluations(List<Node> nodes, char separator, boolean isEscaped) {
    return nodes.stream()
        .map(node -> evaluation(node, separator, isEscaped))
        .toArray(Evaluation[]::new);
  }

  InputFormat format() {
    return format;
  }

  /** What a scanner finds. */
  FieldTree tree() {
    return tree;
  }

  /** The first slot of those that are computed. */
  int computedFrom() {
    return computedFrom;
  }

  /** How many slots there are. */
  int slots() {
    return slots;
  }

  /** Texts that are JSON, those before that are within others. */
  List<NestedText> nestedTexts() {
    return nestedTexts;
  }

  /** The slots of the parts of the Kafka record. */
  Map<KafkaField, Integer> kafkaSlots() {
    return kafkaSlots;
  }

  /** The slot of the timestamp of the Kafka record; -1 if it is no field. */
  int timestampSlot() {
    return kafkaSlots.getOrDefault(new KafkaField(KafkaPart.TIMESTAMP, ""), NONE);
  }

  Field visitId() {
    return visitId;
  }

  Field eventTime() {
    return eventTime;
  }

  Field userId() {
    return userId;
  }

  Field page() {
    return page;
  }

  /** The slots of those fields of visits that projected fields need. */
  Map<MappedField, Integer> mappedSlots() {
    return mappedSlots;
  }

  /** The projected fields, by id as an unsigned number. */
  List<Projection> projections() {
    return projections;
  }

  /** Which events are visits; null if all are. */
  @Nullable EventFilter filter() {
    return filter;
  }

  /** Which of them are left out, since they are private; null if none is. */
  @Nullable EventFilter excluded() {
    return excluded;
  }
}
