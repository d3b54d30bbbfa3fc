package io.sessionizer.watch;

import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.sessionizer.config.NotReadyException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * A read-only HTTP server for a browser, the JDK's own. Only pages of this server may send it
 * requests.
 */
final class WebServer implements AutoCloseable {
  /** A page may load nothing from elsewhere, nothing inline, no plugins and no frames. */
  private static final String CONTENT_SECURITY_POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
          + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|\\[[0-9a-fA-F:.]+\\]");

  private final HttpServer server;
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          work -> {
            Thread thread = new Thread(work, "web");
            thread.setDaemon(true);
            return thread;
          });
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Map<String, Page> pages = new HashMap<>();
  private final String host;

  private interface Page {
    void show(HttpExchange exchange) throws IOException;
  }

  /** A browser that receives server-sent events. */
  interface EventReceiver {
    /** Sends an event; fails if the browser has disconnected. */
    void send(byte[] json) throws IOException;
  }

  /** Sends events to a browser, as long as it has any. */
  interface EventSource {
    void send(Map<String, String> parameters, EventReceiver receiver) throws IOException;
  }

  /** A request that cannot be processed, with the reason. */
  static final class BadRequestException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BadRequestException(String message) {
      super(message);
    }

    @Override
    public String getMessage() {
      return Objects.requireNonNull(super.getMessage(), "set by the constructor");
    }
  }

  /**
   * A response.
   *
   * @param status of HTTP
   * @param type the content's type
   */
  record Response(int status, String type, byte[] content) {
    static Response json(byte[] json) {
      return new Response(200, "application/json", json);
    }

    static Response text(int status, String text) {
      return new Response(
          status, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
    }
  }

  /**
   * Binds the port; requests wait until {@link #start}.
   *
   * @throws NotReadyException if it cannot listen there
   */
  WebServer(String host, int port) throws NotReadyException, IOException {
    this.host = host;
    try {
      server = HttpServer.create(new InetSocketAddress(host, port), 0);
    } catch (BindException e) {
      throw new NotReadyException(
          "port %s of %s cannot be listened on (%s): stop the program that listens there, or choose another one"
              .formatted(port, host, e.getMessage()));
    }
    server.setExecutor(threads);
    server
        .createContext("/", this::respond)
        .getFilters()
        .add(Filter.beforeHandler("headers of every response", WebServer::addHeaders));
  }

  int port() {
    return server.getAddress().getPort();
  }

  void start() {
    server.start();
  }

  /** Responds to requests for {@code path} with a function of their parameters. */
  void get(String path, Function<Map<String, String>, Response> response) {
    pages.put(path, exchange -> send(exchange, response.apply(parameters(exchange))));
  }

  /** Responds to requests for {@code path} with server-sent events, one every {@code interval}. */
  void events(String path, Duration interval, Supplier<byte[]> json) {
    events(
        path,
        (parameters, receiver) -> {
          do {
            receiver.send(json.get()); // fails once the browser has disconnected, which ends it
          } while (!isClosedAfter(interval));
        });
  }

  /** Responds to requests for {@code path} with the server-sent events of {@code source}. */
  void events(String path, EventSource source) {
    pages.put(
        path,
        exchange -> {
          exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
          exchange.sendResponseHeaders(200, 0);
          OutputStream out = exchange.getResponseBody();
          source.send(
              parameters(exchange),
              json -> {
                out.write("data: ".getBytes(StandardCharsets.UTF_8));
                out.write(json);
                out.write("\n\n".getBytes(StandardCharsets.UTF_8));
                out.flush();
              });
        });
  }

  private boolean isClosedAfter(Duration interval) throws IOException {
    try {
      return closed.await(interval.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private static void addHeaders(HttpExchange exchange) {
    exchange.getResponseHeaders().set("Content-Security-Policy", CONTENT_SECURITY_POLICY);
    exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
    exchange.getResponseHeaders().set("Referrer-Policy", "no-referrer");
    exchange.getResponseHeaders().set("Cross-Origin-Resource-Policy", "same-origin");
    exchange.getResponseHeaders().set("Cache-Control", "no-store");
  }

  private void respond(HttpExchange exchange) throws IOException {
    try (exchange) {
      Page page = pages.get(exchange.getRequestURI().getPath());
      if (!isOurs(exchange.getRequestHeaders().getFirst("Host"))) {
        // A foreign host name that resolves to this address: its page could read this one's data.
        send(exchange, Response.text(421, "use the address or localhost"));
      } else if (isFromOtherSite(exchange)) {
        send(exchange, Response.text(403, "only pages of this server may request this"));
      } else if (!exchange.getRequestMethod().equals("GET")) {
        send(exchange, Response.text(405, "GET only"));
      } else if (page == null) {
        send(exchange, Response.text(404, "no such page"));
      } else {
        show(page, exchange);
      }
    }
  }

  private static void show(Page page, HttpExchange exchange) throws IOException {
    try {
      page.show(exchange);
    } catch (BadRequestException e) {
      send(exchange, Response.text(400, e.getMessage()));
    }
  }

  private boolean isOurs(String hostHeader) {
    if (hostHeader == null) {
      return false;
    }
    String name = hostHeader.replaceFirst(":\\d+$", "").toLowerCase(Locale.ROOT);
    return name.equals("localhost")
        || name.equals(host.toLowerCase(Locale.ROOT))
        || ADDRESS.matcher(name).matches();
  }

  /** A link on another site may lead to the page, but no other site may have the topics read. */
  private static boolean isFromOtherSite(HttpExchange exchange) {
    String site = exchange.getRequestHeaders().getFirst("Sec-Fetch-Site");
    return exchange.getRequestURI().getPath().startsWith("/api/")
        && site != null
        && !site.equals("same-origin")
        && !site.equals("none");
  }

  private static void send(HttpExchange exchange, Response response) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", response.type());
    exchange.sendResponseHeaders(response.status(), response.content().length);
    exchange.getResponseBody().write(response.content());
  }

  private static Map<String, String> parameters(HttpExchange exchange) {
    Map<String, String> parameters = new HashMap<>();
    String query = exchange.getRequestURI().getRawQuery();
    for (String part : (query == null ? "" : query).split("&", -1)) {
      String[] nameAndValue = part.split("=", 2);
      if (nameAndValue.length == 2) {
        parameters.put(nameAndValue[0], URLDecoder.decode(nameAndValue[1], StandardCharsets.UTF_8));
      }
    }
    return parameters;
  }

  @Override
  public void close() {
    closed.countDown();
    server.stop(0);
    threads.shutdown();
  }
}
