package io.sessionizer.metrics;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.prometheus.metrics.exporter.httpserver.MetricsHandler;
import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import org.apache.beam.sdk.PipelineResult;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP endpoint of a job in this process: {@code /metrics} for Prometheus, {@code /-/healthy}
 * with the job's state, and status 200 while the job runs or after it has finished without failure,
 * and {@code /} with links to both.
 */
public final class JobEndpoint implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(JobEndpoint.class);

  /** More than one, as a slow client blocks its thread. */
  private static final int THREADS = 4;

  private static final String INDEX =
      """
      <!DOCTYPE html>
      <html lang="en">
      <title>sessionizer</title>
      <ul>
      <li><a href="/metrics">/metrics</a>: metrics of the job and of its JVM, for Prometheus
      <li><a href="/-/healthy">/-/healthy</a>: the state of the job
      </ul>
      </html>
      """;

  private final String host;
  private final @Nullable HttpServer server;
  private final ExecutorService threads;
  private volatile @Nullable PipelineResult job;

  private JobEndpoint(String host, @Nullable HttpServer server) {
    this.host = host;
    this.server = server;
    // None is started before there is a request.
    this.threads = Executors.newFixedThreadPool(THREADS, this::daemon);
  }

  /**
   * Opens an endpoint.
   *
   * @param wanted the address to listen on, unresolved; null for an endpoint that does not listen
   * @param failure creates the exception from the reason that it cannot listen
   */
  public static <E extends Exception> JobEndpoint open(
      @Nullable InetSocketAddress wanted, Function<String, E> failure) throws E {
    if (wanted == null) {
      return new JobEndpoint("", null);
    }
    InetSocketAddress address = new InetSocketAddress(wanted.getHostString(), wanted.getPort());
    if (address.isUnresolved()) {
      throw failure.apply(
          "no such address: --metricsHost=%s; use an address of this machine, or omit the flag"
              .formatted(wanted.getHostString()));
    }
    try {
      HttpServer server = HttpServer.create(address, 0);
      JobEndpoint endpoint = new JobEndpoint(wanted.getHostString(), server);
      endpoint.listen(server);
      return endpoint;
    } catch (BindException e) {
      throw failure.apply(
          "cannot listen at %s:%s (%s): stop the program that listens there, or choose another --metricsPort"
              .formatted(wanted.getHostString(), wanted.getPort(), e.getMessage()));
    } catch (IOException e) {
      throw failure.apply("cannot serve metrics at port " + wanted.getPort() + ": " + e);
    }
  }

  private void listen(HttpServer server) {
    PrometheusRegistry registry = new PrometheusRegistry();
    registry.register(new PrometheusCollector(() -> Optional.ofNullable(job)));
    JvmMetrics.builder().register(registry);
    server.createContext("/metrics", new MetricsHandler(registry));
    server.createContext("/-/healthy", this::respondHealth);
    server.createContext("/", JobEndpoint::respondIndex);
    server.setExecutor(threads);
    server.start();
    LOG.info("metrics at http://{}/metrics, health at /-/healthy", address());
  }

  /** Returns the address, {@code HOST:PORT}, with the host as it was given. */
  String address() {
    return host
        + ":"
        + Objects.requireNonNull(server, "an endpoint that listens").getAddress().getPort();
  }

  /** Serves {@code job} from now on. */
  public void watch(PipelineResult job) {
    this.job = job;
  }

  private void respondHealth(HttpExchange exchange) throws IOException {
    PipelineResult watched = job;
    String state = watched == null ? "STARTING" : watched.getState().name();
    boolean isHealthy = state.equals("RUNNING") || state.equals("DONE");
    respond(exchange, isHealthy ? 200 : 503, "text/plain", state + "\n");
  }

  /** Handles every path without a handler of its own. */
  private static void respondIndex(HttpExchange exchange) throws IOException {
    if (exchange.getRequestURI().getPath().equals("/")) {
      respond(exchange, 200, "text/html", INDEX);
    } else {
      respond(exchange, 404, "text/plain", "there are /metrics and /-/healthy\n");
    }
  }

  private static void respond(HttpExchange exchange, int status, String type, String text)
      throws IOException {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", type + "; charset=utf-8");
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "job-endpoint");
    thread.setDaemon(true);
    return thread;
  }

  @Override
  public void close() {
    if (server != null) {
      server.stop(0);
    }
    threads.shutdownNow();
  }
}
