package io.sessionizer.launch.dataflow;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.Map;
import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.PipelineOptions;

/**
 * Those of the Dataflow runner's flags that cannot be read from the written form of the options, or
 * have to be set: same names, same defaults.
 */
public interface DataflowOptions extends PipelineOptions {
  /** How many readers the partitions are divided among; 0 if the runner is to decide. */
  @Default.Integer(0)
  int getDesiredNumUnboundedSourceSplits();

  void setDesiredNumUnboundedSourceSplits(int value);

  /** New names, by the old ones, of steps of the job that is updated. */
  @JsonIgnore
  Map<String, String> getTransformNameMapping();

  void setTransformNameMapping(Map<String, String> value);
}
