package io.sessionizer.sessions;

/** The scripts of the stateful engine on Flink embedded in this process. */
class SessionizeInShardsOnFlinkIT extends SessionizeInShardsTest {
  @Override
  String[] runner() {
    return new String[] {
      "--runner=FlinkRunner",
      "--streaming=true",
      "--parallelism=1",
      "--objectReuse=true",
      "--fasterCopy=true",
      // A watermark waits for the end of the bundle that it comes in.
      "--maxBundleSize=1"
    };
  }
}
