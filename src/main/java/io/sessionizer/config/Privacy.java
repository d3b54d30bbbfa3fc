package io.sessionizer.config;

import io.sessionizer.attributes.PrivateFields;
import io.sessionizer.formats.Condition;
import io.sessionizer.formats.ProjectedField;
import io.sessionizer.records.Pseudonyms;

/**
 * What happens to private visits.
 *
 * @param visits what happens
 * @param isPrivate which visits are private
 * @param key of pseudonyms: a reference to a config provider of {@code --producerConfig}, such as
 *     {@code ${file:/etc/pseudonyms:key}}; without pseudonyms empty
 * @param fields of which private sessions have no attributes
 */
public record Privacy(PrivateVisits visits, Condition isPrivate, String key, PrivateFields fields) {
  /** Whether private sessions have pseudonyms. */
  public boolean hasPseudonyms() {
    return visits == PrivateVisits.PSEUDONYMIZE;
  }

  /** Returns how many bytes of a session's record pseudonyms may take besides what users do. */
  int bytes() {
    return hasPseudonyms() ? Pseudonyms.BYTES : 0;
  }

  /** Returns the projected field that is true for private visits. */
  public ProjectedField privateField() {
    return ProjectedField.of(isPrivate);
  }
}
