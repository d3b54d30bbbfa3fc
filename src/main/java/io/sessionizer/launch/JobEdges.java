package io.sessionizer.launch;

import io.sessionizer.Edges;
import io.sessionizer.config.BadFlagsException;
import io.sessionizer.config.FileNames;
import io.sessionizer.config.NotReadyException;

/**
 * The edges of a job that runs in this process.
 *
 * @param edges what reads and writes
 * @param end what follows
 */
record JobEdges(Edges edges, JobEnd end) {

  /**
   * Checks what a job reads and writes, and logs what it does.
   *
   * @throws BadFlagsException if the flags cannot be used with what is there
   * @throws NotReadyException if a broker, a topic or a file is not ready
   */
  static JobEdges prepare(JobSpec job) throws BadFlagsException, NotReadyException {
    FileNames files = job.settings().files();
    if (files != null) {
      return FileEdges.prepare(job, files);
    }
    KafkaEdges kafka = KafkaEdges.prepare(job);
    return new JobEdges(kafka.edges(), kafka.end());
  }
}
