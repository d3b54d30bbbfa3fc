package io.sessionizer.testing;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;

/** A sink in memory. */
public final class Collected<T> extends PTransform<PCollection<T>, PCollection<Void>> {
  private static final long serialVersionUID = 1L;
  private static final Map<UUID, List<Object>> BY_SINK = new ConcurrentHashMap<>();

  private final UUID sink = UUID.randomUUID();

  /** Creates an empty sink. */
  public Collected() {
    BY_SINK.put(sink, new CopyOnWriteArrayList<>());
  }

  /** Returns what has been written, in the order of writing. */
  @SuppressWarnings("unchecked")
  public List<T> elements() {
    return (List<T>) List.copyOf(BY_SINK.get(sink));
  }

  @Override
  public PCollection<Void> expand(PCollection<T> input) {
    return input.apply("Collect", ParDo.of(new CollectFn<>(sink)));
  }

  private static final class CollectFn<T> extends DoFn<T, Void> {
    private static final long serialVersionUID = 1L;
    private final UUID sink;

    CollectFn(UUID sink) {
      this.sink = sink;
    }

    @ProcessElement
    public void collect(@Element T element) {
      BY_SINK.get(sink).add(element);
    }
  }
}
