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
          throw new BadRequestException("what is wrong");
        });
    server.events("/events", Duration.ofMillis(1), () -> "{}".getBytes(UTF_8));
    server.start();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "127.0.0.1:8070", "localhost:8070", "LOCALHOST", "[::1]:80"})
  void answersThoseWhoAskByAddressOrAsLocalhost(String host) throws IOException {
    String answer = ask("GET /say?what=a%20%3Cb%3E%26 HTTP/1.1", host);
    assertTrue(answer.startsWith("HTTP/1.1 200 "), answer);
    assertTrue(answer.endsWith("\r\n\r\na <b>&"), answer);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "evil.example",
        "evil.example:8070",
        "127.0.0.1.evil.example",
        "localhost.evil.example"
      })
  void refusesThoseWhoAskByTheNameOfAnotherSite(String host) throws IOException {
    String answer = ask("GET /say HTTP/1.1", host);
    assertTrue(answer.startsWith("HTTP/1.1 421 "), answer);
  }

  @Test
  void anAnswerMayLoadNothingFromElsewhereAndBeIncludedNowhere() throws IOException {
    String answer = ask("GET /say HTTP/1.1", "localhost").toLowerCase(Locale.ROOT);
    assertTrue(
        answer.contains(
            "content-security-policy: default-src 'none'; script-src 'self'; style-src 'self';"
                + " img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none';"
                + " frame-ancestors 'none'\r\n"),
        answer);
    assertTrue(answer.contains("x-content-type-options: nosniff\r\n"), answer);
    assertTrue(answer.contains("cross-origin-resource-policy: same-origin\r\n"), answer);
  }

  @Test
  void nothingCanBeSentToIt() throws IOException {
    String answer = ask("DELETE /say HTTP/1.1", "localhost");
    assertTrue(answer.startsWith("HTTP/1.1 405 "), answer);
  }

  @Test
  void whatIsNotThereIsNotFound() throws IOException {
    String answer = ask("GET /../../etc/passwd HTTP/1.1", "localhost");
    assertTrue(answer.startsWith("HTTP/1.1 404 "), answer);
  }

  @Test
  void aBadRequestIsToldWhatIsWrong() throws IOException {
    String answer = ask("GET /bad HTTP/1.1", "localhost");
    assertTrue(answer.startsWith("HTTP/1.1 400 "), answer);
    assertTrue(answer.endsWith("\r\n\r\nwhat is wrong"), answer);
  }

  @Test
  void eventsEndWhenTheServerDoes() throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket
          .getOutputStream()
          .write("GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(UTF_8));
      assertEquals('H', socket.getInputStream().read());
      server.close();
      socket.setSoTimeout(10_000);
      socket.getInputStream().readAllBytes(); // fails if it goes on for longer
    }
  }

  @Test
  void aPortInUseIsSaid() {
    NotReadyException e =
        assertThrows(NotReadyException.class, () -> new WebServer("127.0.0.1", server.port()));
    assertEquals(
        "port %s of 127.0.0.1 cannot be listened on (Address already in use): end what listens there, or choose another one"
            .formatted(server.port()),
        e.getMessage());
  }

  private String ask(String line, String host) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket
          .getOutputStream()
          .write((line + "\r\nHost: " + host + "\r\nConnection: close\r\n\r\n").getBytes(UTF_8));
      return new String(socket.getInputStream().readAllBytes(), UTF_8);
    }
  }
}
