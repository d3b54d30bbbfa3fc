package io.sessionizer.broker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sessionizer.config.NotReadyException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalBrokerIT {
  @TempDir private Path folder;

  /** Another program may listen on a port between the choice and the start of the broker. */
  @Test
  void triesAnotherPortIfOneIsInUse() throws Exception {
    try (ServerSocket inUse = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int free = FreePort.choose();
      Iterator<Integer> ports = List.of(inUse.getLocalPort(), free).iterator();
      try (LocalBroker broker = LocalBroker.start(folder, ports::next, Map.of())) {
        assertEquals("127.0.0.1:" + free, broker.address());
      }
    }
  }

  @Test
  void namesPortInUse() throws Exception {
    try (ServerSocket inUse = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = inUse.getLocalPort();
      assertFalse(FreePort.isFree(port));
      String message =
          assertThrows(NotReadyException.class, () -> LocalBroker.start(folder, port)).getMessage();
      assertTrue(message.startsWith("port " + port + " is in use"), message);
    }
  }
}
