package io.sessionizer.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Catches the requests of a JVM to anything but this machine: no other name has an address, and its
 * HTTP goes through a proxy that only takes notes.
 */
public final class LoopbackTrap implements AutoCloseable {
  private final ServerSocket proxy;
  private final List<String> caught = Collections.synchronizedList(new ArrayList<>());

  private LoopbackTrap(ServerSocket proxy) {
    this.proxy = proxy;
  }

  public static LoopbackTrap start() throws IOException {
    LoopbackTrap trap = new LoopbackTrap(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
    Thread thread = new Thread(trap::takeNotes, "trap");
    thread.setDaemon(true);
    thread.start();
    return trap;
  }

  private void takeNotes() {
    while (!proxy.isClosed()) {
      try (Socket client = proxy.accept();
          BufferedReader in =
              new BufferedReader(new InputStreamReader(client.getInputStream(), ISO_8859_1))) {
        caught.add(String.valueOf(in.readLine()));
        client
            .getOutputStream()
            .write("HTTP/1.1 502 caught\r\nContent-Length: 0\r\n\r\n".getBytes(ISO_8859_1));
      } catch (IOException e) {
        // The client is gone, or the trap is closed.
      }
    }
  }

  /** Options of a JVM that is to be caught. */
  public List<String> javaOptions(Path folder) throws IOException {
    Path hosts =
        Files.writeString(
            folder.resolve("hosts"),
            "127.0.0.1 localhost %s%n".formatted(InetAddress.getLocalHost().getHostName()));
    String port = String.valueOf(proxy.getLocalPort());
    return List.of(
        "-Djdk.net.hosts.file=" + hosts,
        "-Dhttp.proxyHost=127.0.0.1",
        "-Dhttp.proxyPort=" + port,
        "-Dhttps.proxyHost=127.0.0.1",
        "-Dhttps.proxyPort=" + port,
        "-Dhttp.nonProxyHosts=127.*|localhost",
        // Else somebody's own credentials are found.
        "-Duser.home=" + folder);
  }

  /** The first lines of the requests that it caught. */
  public List<String> caught() {
    synchronized (caught) {
      return List.copyOf(caught);
    }
  }

  @Override
  public void close() throws IOException {
    proxy.close();
  }
}
