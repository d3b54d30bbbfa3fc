package io.sessionizer.launch.dataflow;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sessionizer.config.NotReadyException;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Compares the steps of a job that is to replace another one with those of that other one. Dataflow
 * finds the state of a step by its name, and rejects, some minutes later, a job that lacks one.
 */
public final class UpdateCheck {
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * What the names of the steps begin with that form sessions. Another name is another format of
   * state, so no mapping helps: Dataflow would accept some, and the job fail at its first visit.
   */
  private static final String FORM_SESSIONS = "SessionizeVisits/";

  private UpdateCheck() {}

  /**
   * Makes sure that every step of the job that runs has one in the new job.
   *
   * @param running names of the steps of the job that runs
   * @param planned names of the steps of the new one
   * @param mapping the user's word on what is called otherwise now: a step, or a part of the graph
   * @throws NotReadyException if not; says which mapping would do, or that none does
   */
  public static void requireSuccessors(
      Collection<String> running, Collection<String> planned, Map<String, String> mapping)
      throws NotReadyException {
    requireSameSteps(running, planned);
    Set<String> orphans = new LinkedHashSet<>();
    Set<String> free = new TreeSet<>(planned);
    for (String step : running) {
      String successor = mapped(step, mapping);
      if (successor.isEmpty() || planned.contains(successor)) {
        free.remove(successor);
      } else {
        orphans.add(step);
      }
    }
    if (!orphans.isEmpty()) {
      Map<String, String> whole = new LinkedHashMap<>(mapping);
      orphans.forEach(orphan -> suggest(orphan, free, whole));
      throw new NotReadyException(
          "the running job has steps that the new one does not have: %s. If they have another name now, give --transformNameMapping='%s'%s"
              .formatted(
                  String.join(", ", orphans),
                  json(whole),
                  whole.containsValue("")
                      ? "; a step that is mapped to an empty name loses its state and its records in flight"
                      : ""));
    }
  }

  /** Makes sure that sessions are formed in the same steps, whatever the mapping says. */
  private static void requireSameSteps(Collection<String> running, Collection<String> planned)
      throws NotReadyException {
    List<String> unreadable =
        running.stream()
            .filter(step -> step.startsWith(FORM_SESSIONS) && !planned.contains(step))
            .toList();
    if (!unreadable.isEmpty()) {
      throw new NotReadyException(
          "the running job forms sessions in steps whose state the new one cannot read: %s; cancel it, and start the new one without --update (docs/operations.md, \"Upgrades that cannot keep state\")"
              .formatted(String.join(", ", unreadable)));
    }
  }

  /** The name of a step after the mapping of it, or of what it is a part of. */
  private static String mapped(String step, Map<String, String> mapping) {
    for (String part = step; ; part = part.substring(0, part.lastIndexOf('/'))) {
      String to = mapping.get(part);
      if (to != null) {
        return to.isEmpty() ? "" : to + step.substring(part.length());
      }
      if (part.indexOf('/') < 0) {
        return step;
      }
    }
  }

  /**
   * Adds, if it is not covered yet, the shortest mapping that gives a step its likely successor.
   */
  private static void suggest(String orphan, Set<String> free, Map<String, String> mapping) {
    if (free.remove(mapped(orphan, mapping))) {
      return;
    }
    String likely =
        free.stream()
            .filter(name -> same(name, orphan) > 0)
            .max(Comparator.comparingInt(name -> same(name, orphan)))
            .orElse("");
    if (likely.isEmpty()) {
      mapping.put(orphan, "");
      return;
    }
    free.remove(likely);
    List<String> from = Arrays.asList(orphan.split("/"));
    List<String> to = Arrays.asList(likely.split("/"));
    int tail = 0;
    while (tail < Math.min(from.size(), to.size()) - 1
        && from.get(from.size() - 1 - tail).equals(to.get(to.size() - 1 - tail))) {
      tail++;
    }
    mapping.put(
        String.join("/", from.subList(0, from.size() - tail)),
        String.join("/", to.subList(0, to.size() - tail)));
  }

  /** How many parts two names have in common, from the end and from the beginning. */
  private static int same(String one, String other) {
    List<String> a = Arrays.asList(one.split("/"));
    List<String> b = Arrays.asList(other.split("/"));
    int shorter = Math.min(a.size(), b.size());
    int tail = 0;
    while (tail < shorter && a.get(a.size() - 1 - tail).equals(b.get(b.size() - 1 - tail))) {
      tail++;
    }
    int head = 0;
    while (head < shorter - tail && a.get(head).equals(b.get(head))) {
      head++;
    }
    return tail == 0 && a.size() != b.size() ? 0 : 2 * tail + head;
  }

  private static String json(Map<String, String> mapping) {
    try {
      return JSON.writeValueAsString(mapping);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a map of texts is always JSON", e);
    }
  }
}
