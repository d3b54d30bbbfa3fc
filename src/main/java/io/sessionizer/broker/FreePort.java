package io.sessionizer.broker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A port of loopback that no program listens on, for a process that is about to start.
 *
 * <p>It lies below the ports that the operating system gives to outgoing connections and to
 * listeners on port 0 (Linux from 32768, macOS from 49152, gVisor from 16000 on): one of those may
 * be in use before the process listens.
 */
public final class FreePort {
  private static final int FIRST = 10_000;
  private static final int END = 16_000;

  private FreePort() {}

  /** Returns a port that is free now; another one at nearly every call. */
  public static int choose() {
    for (int tries = 0; tries < END - FIRST; tries++) {
      int port = ThreadLocalRandom.current().nextInt(FIRST, END);
      if (isFree(port)) {
        return port;
      }
    }
    throw new UncheckedIOException(
        new IOException("no free port on loopback from %s to %s".formatted(FIRST, END - 1)));
  }

  /** Returns whether no program listens on a port of loopback. */
  public static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
