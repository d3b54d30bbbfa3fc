package io.sessionizer.testing;

import java.util.Arrays;
import org.apache.flink.client.deployment.application.ApplicationClusterEntryPoint;
import org.apache.flink.client.program.PackagedProgram;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.GlobalConfiguration;
import org.apache.flink.runtime.entrypoint.ClusterEntrypoint;
import org.apache.flink.runtime.resourcemanager.StandaloneResourceManagerFactory;

/**
 * The JobManager of a cluster for one job (Flink's application mode), which runs the job's main
 * class itself. What Flink has for this on Kubernetes differs in how TaskManagers start.
 */
@SuppressWarnings("try") // Flink's close() throws what it likes, and nobody here calls it
public final class ApplicationCluster extends ApplicationClusterEntryPoint {
  private ApplicationCluster(Configuration configuration, PackagedProgram program) {
    super(configuration, program, StandaloneResourceManagerFactory.getInstance());
  }

  /** Runs it. The arguments: the folder of config.yaml, the main class, and its arguments. */
  public static void main(String[] args) throws Exception {
    Configuration configuration = GlobalConfiguration.loadConfiguration(args[0]);
    PackagedProgram program =
        PackagedProgram.newBuilder()
            .setEntryPointClassName(args[1])
            .setArguments(Arrays.copyOfRange(args, 2, args.length))
            .setConfiguration(configuration)
            .build();
    configureExecution(configuration, program);
    ClusterEntrypoint.runClusterEntrypoint(new ApplicationCluster(configuration, program));
  }
}
