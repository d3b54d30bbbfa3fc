package io.sessionizer.watch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sessionizer.config.NotReadyException;
import io.sessionizer.watch.WebServer.BadRequestException;
import io.sessionizer.watch.WebServer.Response;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebServerTest {
  private WebServer server;

  @BeforeEach
  void start() throws Exception {
    server = new WebServer("127.0.0.1", 0);
    server.get(
        "/say", parameters -> Response.text(200, parameters.getOrDefault("what", "nothing")));
    server.get(
        "/bad",
        parameters -> {
          throw new BadRequestException("the problem");
        });
    server.get("/api/say", parameters -> Response.text(200, "nothing"));
    server.events("/events", Duration.ofMillis(1), () -> "{}".getBytes(UTF_8));
    server.start();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "127.0.0.1:8070", "localhost:8070", "LOCALHOST", "[::1]:80"})
  void acceptsLoopbackHost(String host) throws IOException {
    String response = request("GET /say?what=a%20%3Cb%3E%26 HTTP/1.1", host);
    assertTrue(response.startsWith("HTTP/1.1 200 "), response);
    assertTrue(response.endsWith("\r\n\r\na <b>&"), response);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "evil.example",
        "evil.example:8070",
        "127.0.0.1.evil.example",
        "localhost.evil.example"
      })
  void rejectsForeignHost(String host) throws IOException {
    String response = request("GET /say HTTP/1.1", host);
    assertTrue(response.startsWith("HTTP/1.1 421 "), response);
  }

  @ParameterizedTest
  @ValueSource(strings = {"cross-site", "same-site"})
  void otherSiteMayOnlyLinkToPages(String site) throws IOException {
    String host = "localhost\r\nSec-Fetch-Site: " + site;
    assertTrue(request("GET /api/say HTTP/1.1", host).startsWith("HTTP/1.1 403 "));
    assertTrue(request("GET /say HTTP/1.1", host).startsWith("HTTP/1.1 200 "));
  }

  @ParameterizedTest
  @ValueSource(strings = {"same-origin", "none"})
  void acceptsOwnPagesAndTypedAddress(String site) throws IOException {
    String host = "localhost\r\nSec-Fetch-Site: " + site;
    assertTrue(request("GET /api/say HTTP/1.1", host).startsWith("HTTP/1.1 200 "));
  }

  @Test
  void headersForbidForeignResourcesAndFrames() throws IOException {
    String response = request("GET /say HTTP/1.1", "localhost").toLowerCase(Locale.ROOT);
    assertTrue(
        response.contains(
            "content-security-policy: default-src 'none'; script-src 'self'; style-src 'self';"
                + " img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none';"
                + " frame-ancestors 'none'\r\n"),
        response);
    assertTrue(response.contains("x-content-type-options: nosniff\r\n"), response);
    assertTrue(response.contains("cross-origin-resource-policy: same-origin\r\n"), response);
  }

  @Test
  void rejectsOtherMethods() throws IOException {
    String response = request("DELETE /say HTTP/1.1", "localhost");
    assertTrue(response.startsWith("HTTP/1.1 405 "), response);
  }

  @Test
  void unknownPathIsNotFound() throws IOException {
    String response = request("GET /../../etc/passwd HTTP/1.1", "localhost");
    assertTrue(response.startsWith("HTTP/1.1 404 "), response);
  }

  @Test
  void badRequestNamesProblem() throws IOException {
    String response = request("GET /bad HTTP/1.1", "localhost");
    assertTrue(response.startsWith("HTTP/1.1 400 "), response);
    assertTrue(response.endsWith("\r\n\r\nthe problem"), response);
  }

  @Test
  void eventsStopWithServer() throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket
          .getOutputStream()
          .write("GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(UTF_8));
      assertEquals('H', socket.getInputStream().read());
      server.close();
      socket.setSoTimeout(10_000);
      socket.getInputStream().readAllBytes(); // fails if it continues for longer
    }
  }

  @Test
  void namesPortInUse() {
    NotReadyException e =
        assertThrows(NotReadyException.class, () -> new WebServer("127.0.0.1", server.port()));
    assertEquals(
        "port %s of 127.0.0.1 cannot be listened on (Address already in use): stop the program that listens there, or choose another one"
            .formatted(server.port()),
        e.getMessage());
  }

  private String request(String line, String host) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket
          .getOutputStream()
          .write((line + "\r\nHost: " + host + "\r\nConnection: close\r\n\r\n").getBytes(UTF_8));
      return new String(socket.getInputStream().readAllBytes(), UTF_8);
    }
  }
}
