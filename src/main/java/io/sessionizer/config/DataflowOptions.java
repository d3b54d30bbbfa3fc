package io.sessionizer.config;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.Map;
import org.apache.beam.sdk.options.PipelineOptions;

/** That flag of the Dataflow runner's which Beam leaves out when it writes options down. */
public interface DataflowOptions extends PipelineOptions {
  /** New names, by the old ones, of steps of the job that is updated. */
  @JsonIgnore
  Map<String, String> getTransformNameMapping();

  void setTransformNameMapping(Map<String, String> value);
}
