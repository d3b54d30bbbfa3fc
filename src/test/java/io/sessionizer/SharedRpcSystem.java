package io.sessionizer;

import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.rpc.AddressResolution;
import org.apache.flink.runtime.rpc.RpcSystem;
import org.apache.flink.runtime.rpc.RpcSystemLoader;
import org.apache.flink.runtime.rpc.pekko.PekkoRpcSystemLoader;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Flink's own way to call other processes, loaded once for all Flinks of a JVM. Each of them would
 * unpack its jar and load and compile all of its classes anew.
 */
public final class SharedRpcSystem implements RpcSystemLoader {
  private static @Nullable RpcSystem shared;

  /** Before Flink's own. */
  @Override
  public int getLoadPriority() {
    return -1;
  }

  @Override
  public RpcSystem loadRpcSystem(Configuration config) {
    return new Unclosed(shared(config));
  }

  private static synchronized RpcSystem shared(Configuration config) {
    if (shared == null) {
      shared = new PekkoRpcSystemLoader().loadRpcSystem(config);
      Runtime.getRuntime().addShutdownHook(new Thread(shared::close, "close-rpc-system"));
    }
    return shared;
  }

  /** What a Flink that ends leaves to the next one. */
  private record Unclosed(RpcSystem shared) implements RpcSystem {
    @Override
    public RpcServiceBuilder localServiceBuilder(Configuration config) {
      return shared.localServiceBuilder(config);
    }

    @Override
    public RpcServiceBuilder remoteServiceBuilder(
        Configuration config, @Nullable String externalAddress, String externalPortRange) {
      return shared.remoteServiceBuilder(config, externalAddress, externalPortRange);
    }

    @Override
    public String getRpcUrl(
        String hostname,
        int port,
        String endpointName,
        AddressResolution addressResolution,
        Configuration config)
        throws UnknownHostException {
      return shared.getRpcUrl(hostname, port, endpointName, addressResolution, config);
    }

    @Override
    public InetSocketAddress getInetSocketAddressFromRpcUrl(String url) throws Exception {
      return shared.getInetSocketAddressFromRpcUrl(url);
    }

    @Override
    public long getMaximumMessageSizeInBytes(Configuration config) {
      return shared.getMaximumMessageSizeInBytes(config);
    }
  }
}
