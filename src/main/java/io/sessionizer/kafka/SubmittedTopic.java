package io.sessionizer.kafka;

import java.io.Serializable;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A topic of visits when the job was submitted. In a job that is restored that is the first
 * submission, as the offsets in its checkpoints are meant.
 *
 * @param name its name
 * @param id its id; null if it is not known
 * @param partitions how many partitions it had; 0 if that is not known
 */
public record SubmittedTopic(String name, @Nullable String id, int partitions)
    implements Serializable {
  private static final long serialVersionUID = 1L;
}
