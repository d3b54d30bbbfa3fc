package io.sessionizer.config;

import io.sessionizer.formats.AttributeDefinition;
import io.sessionizer.formats.SyntaxException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads the attributes of sessions. */
final class AttributeSettings {
  static final String FLAG = "--attribute";

  /** How many attributes a session has, at most. */
  private static final int MAX_ATTRIBUTES = 100;

  private AttributeSettings() {}

  /**
   * Reads the flags; of several of one name the last counts, where the first one is.
   *
   * @param problems takes what is wrong, one sentence each
   */
  static List<AttributeDefinition> read(SessionizationOptions options, List<String> problems) {
    Map<String, AttributeDefinition> attributes = new LinkedHashMap<>();
    for (String text : FlagValues.of(options.getAttribute())) {
      try {
        AttributeDefinition attribute = AttributeDefinition.parse(text);
        attributes.put(attribute.name(), attribute);
      } catch (SyntaxException e) {
        problems.add("%s=%s: %s".formatted(FLAG, text, e.getMessage()));
      }
    }
    List<AttributeDefinition> all = List.copyOf(attributes.values());
    checkNames(all, problems);
    if (all.size() > MAX_ATTRIBUTES) {
      problems.add(
          "%s: given with %s names, %s at most".formatted(FLAG, all.size(), MAX_ATTRIBUTES));
    }
    return all;
  }

  private static void checkNames(List<AttributeDefinition> attributes, List<String> problems) {
    Map<String, AttributeDefinition> byName = new HashMap<>();
    for (AttributeDefinition attribute : attributes) {
      for (String name : attribute.names()) {
        AttributeDefinition other = byName.putIfAbsent(name, attribute);
        if (other != null) {
          problems.add(
              "%s=%s: the name '%s' is used by '%s' already"
                  .formatted(FLAG, attribute, name, other.name()));
        }
      }
    }
  }
}
