package io.sessionizer.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;

/**
 * As much of Google Cloud as it takes to submit a job: Dataflow's API v1b3 and Cloud Storage's JSON
 * API, on a port of this machine. It keeps jobs and objects, and fails on request.
 */
public final class LoopbackCloud implements AutoCloseable {
  public static final String PROJECT = "my-project-1";
  public static final String REGION = "europe-west1";
  public static final String BUCKET = "my-bucket";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern JOBS =
      Pattern.compile("/v1b3/projects/([^/]+)/locations/([^/]+)/jobs(?:/([^/]+)(/.*)?)?");
  private static final Pattern OBJECT =
      Pattern.compile("/(?:storage/v1|download/storage/v1)/b/([^/]+)(?:/o/(.+))?");
  private static final Pattern OBJECTS = Pattern.compile("/storage/v1/b/([^/]+)/o");
  private static final Pattern DELETION = Pattern.compile("DELETE \\S*/o/(\\S+)");
  private static final Pattern UPLOAD = Pattern.compile("/upload/storage/v1/b/([^/]+)/o");

  private record Failure(int status, String message) {}

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpServer server;
  private final Map<String, ObjectNode> jobs = Collections.synchronizedMap(new LinkedHashMap<>());
  private final Map<String, byte[]> objects = Collections.synchronizedMap(new TreeMap<>());
  private final Map<String, String> uploads = Collections.synchronizedMap(new TreeMap<>());
  private final Map<String, Deque<Failure>> failures = Collections.synchronizedMap(new TreeMap<>());
  private final AtomicInteger uploadsBegun = new AtomicInteger();
  private final List<String> requests = Collections.synchronizedList(new ArrayList<>());

  private LoopbackCloud(HttpServer server) {
    this.server = server;
  }

  public static LoopbackCloud start() throws IOException {
    LoopbackCloud cloud =
        new LoopbackCloud(
            HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
    cloud.server.setExecutor(cloud.threads);
    cloud.server.createContext("/", cloud::respond);
    cloud.server.start();
    return cloud;
  }

  /** The flags with which a job is submitted here, without authentication. */
  public List<String> flags() {
    return List.of(
        "--runner=DataflowRunner",
        "--project=" + PROJECT,
        "--region=" + REGION,
        "--tempLocation=gs://" + BUCKET + "/temp",
        "--dataflowEndpoint=" + address(),
        "--gcsEndpoint=" + address() + "storage/v1/",
        "--credentialFactoryClass=org.apache.beam.sdk.extensions.gcp.auth.NoopCredentialFactory");
  }

  public String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/";
  }

  /** From now on the next requests of this method to a path that ends so fail. */
  public void fail(String methodAndEndOfPath, int times, int status, String message) {
    Deque<Failure> failing = new ArrayDeque<>();
    for (int i = 0; i < times; i++) {
      failing.add(new Failure(status, message));
    }
    failures.put(methodAndEndOfPath, failing);
  }

  /** The jobs that were created, as they came. */
  public List<ObjectNode> jobs() {
    synchronized (jobs) {
      return List.copyOf(jobs.values());
    }
  }

  /** The objects of the bucket, by name. */
  public Map<String, byte[]> objects() {
    synchronized (objects) {
      return new TreeMap<>(objects);
    }
  }

  /** Adds an object to the bucket. */
  public void put(String name, byte[] contents) {
    objects.put(name, contents);
  }

  /** Method and path of all requests. */
  public List<String> requests() {
    synchronized (requests) {
      return List.copyOf(requests);
    }
  }

  /** Has a job be in another state from now on. */
  public void state(String jobId, String state) {
    jobs.get(jobId).put("currentState", state);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private void respond(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      String what = exchange.getRequestMethod() + " " + path;
      requests.add(what);
      byte[] body = body(exchange);
      Failure failure = failure(what);
      if (failure != null) {
        send(exchange, failure.status(), error(failure.status(), failure.message()));
        return;
      }
      Matcher job = JOBS.matcher(path);
      Matcher object = OBJECT.matcher(exchange.getRequestURI().getRawPath());
      Matcher upload = UPLOAD.matcher(path);
      if (job.matches()) {
        jobs(exchange, job, body);
      } else if (upload.matches()) {
        upload(exchange, body);
      } else if (OBJECTS.matcher(path).matches()) {
        listObjects(exchange);
      } else if (path.startsWith("/batch/")) {
        delete(exchange, new String(body, UTF_8));
      } else if (object.matches()) {
        object(exchange, object);
      } else {
        send(exchange, 404, error(404, "no such path: " + path));
      }
    }
  }

  private Failure failure(String what) {
    synchronized (failures) {
      for (Map.Entry<String, Deque<Failure>> failing : failures.entrySet()) {
        String[] methodAndEnd = failing.getKey().split(" ", 2);
        if (what.startsWith(methodAndEnd[0] + " ") && what.endsWith(methodAndEnd[1])) {
          return failing.getValue().poll();
        }
      }
      return null;
    }
  }

  private static byte[] body(HttpExchange exchange) throws IOException {
    boolean zipped = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
    try (InputStream in = exchange.getRequestBody()) {
      byte[] sent = in.readAllBytes();
      return zipped ? new GZIPInputStream(new ByteArrayInputStream(sent)).readAllBytes() : sent;
    }
  }

  // --- Dataflow
  // -----------------------------------------------------------------------------------

  private void jobs(HttpExchange exchange, Matcher path, byte[] body) throws IOException {
    String jobId = path.group(3);
    if (!path.group(2).equals(REGION)) {
      send(
          exchange,
          400,
          error(400, "The regional endpoint '" + path.group(2) + "' is not supported."));
    } else if (!path.group(1).equals(PROJECT)) {
      send(exchange, 404, error(404, "project " + path.group(1) + " not found"));
    } else if (jobId == null) {
      if (exchange.getRequestMethod().equals("POST")) {
        create(exchange, (ObjectNode) JSON.readTree(body));
      } else {
        list(exchange);
      }
    } else if (path.group(4) != null) {
      send(exchange, 200, JSON.createObjectNode()); // no messages, no metrics
    } else {
      ObjectNode job = jobs.get(jobId);
      if (exchange.getRequestMethod().equals("PUT")) {
        job.put("currentState", "JOB_STATE_CANCELLED");
      }
      boolean all = String.valueOf(exchange.getRequestURI().getQuery()).contains("JOB_VIEW_ALL");
      send(exchange, 200, all ? job : summary(job));
    }
  }

  private void create(HttpExchange exchange, ObjectNode job) throws IOException {
    String id = "2026-11-23_00_00_00-" + (jobs.size() + 1);
    job.put("id", id).put("projectId", PROJECT).put("location", REGION);
    job.put("currentState", "JOB_STATE_RUNNING");
    if (job.has("replaceJobId")) {
      jobs.get(job.path("replaceJobId").asText()).put("currentState", "JOB_STATE_UPDATED");
    }
    jobs.put(id, job);
    send(exchange, 200, summary(job));
  }

  private void list(HttpExchange exchange) throws IOException {
    ArrayNode active = JSON.createArrayNode();
    for (ObjectNode job : jobs()) {
      if (job.path("currentState").asText().equals("JOB_STATE_RUNNING")) {
        active.add(summary(job));
      }
    }
    send(exchange, 200, JSON.createObjectNode().set("jobs", active));
  }

  private static ObjectNode summary(ObjectNode job) {
    ObjectNode summary = job.deepCopy();
    summary.remove("steps");
    return summary;
  }

  // --- Cloud Storage
  // ------------------------------------------------------------------------------

  private void upload(HttpExchange exchange, byte[] body) throws IOException {
    Map<String, String> query = query(exchange.getRequestURI());
    if (exchange.getRequestMethod().equals("POST")) {
      String name = query.get("name");
      if (name == null) {
        name = JSON.readTree(body).path("name").asText();
      }
      String id = "upload-" + uploadsBegun.incrementAndGet();
      uploads.put(id, name);
      objects.remove(name);
      exchange
          .getResponseHeaders()
          .add(
              "Location",
              address() + exchange.getRequestURI().getPath().substring(1) + "?upload_id=" + id);
      send(exchange, 200, JSON.createObjectNode());
    } else {
      String name = uploads.get(query.get("upload_id"));
      objects.merge(name, body, LoopbackCloud::joined);
      String range = String.valueOf(exchange.getRequestHeaders().getFirst("Content-Range"));
      if (range.endsWith("/*")) {
        int length = objects.get(name).length;
        exchange.getResponseHeaders().add("Range", "bytes=0-" + (length - 1));
        exchange.sendResponseHeaders(308, -1);
      } else {
        send(exchange, 200, metadata(name));
      }
    }
  }

  private void listObjects(HttpExchange exchange) throws IOException {
    String prefix = query(exchange.getRequestURI()).getOrDefault("prefix", "");
    ObjectNode list = JSON.createObjectNode().put("kind", "storage#objects");
    ArrayNode items = list.putArray("items");
    objects().keySet().stream()
        .filter(name -> name.startsWith(prefix))
        .forEach(name -> items.add(metadata(name)));
    send(exchange, 200, list);
  }

  /** Deletes the objects that the parts of a request name. */
  private void delete(HttpExchange exchange, String parts) throws IOException {
    StringBuilder response = new StringBuilder();
    DELETION
        .matcher(parts)
        .results()
        .map(deletion -> URLDecoder.decode(deletion.group(1), UTF_8))
        .forEach(
            name -> {
              String status = objects.remove(name) == null ? "404 Not Found" : "204 No Content";
              response
                  .append("--part\r\nContent-Type: application/http\r\n\r\nHTTP/1.1 ")
                  .append(status)
                  .append("\r\nContent-Length: 0\r\n\r\n\r\n");
            });
    byte[] bytes = response.append("--part--\r\n").toString().getBytes(UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "multipart/mixed; boundary=part");
    exchange.sendResponseHeaders(200, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  private static byte[] joined(byte[] one, byte[] other) {
    byte[] both = Arrays.copyOf(one, one.length + other.length);
    System.arraycopy(other, 0, both, one.length, other.length);
    return both;
  }

  private void object(HttpExchange exchange, Matcher path) throws IOException {
    if (!path.group(1).equals(BUCKET)) {
      send(exchange, 404, error(404, "The specified bucket does not exist."));
    } else if (path.group(2) == null) {
      send(
          exchange, 200, JSON.createObjectNode().put("name", BUCKET).put("kind", "storage#bucket"));
    } else {
      String name = URLDecoder.decode(path.group(2), UTF_8);
      if (objects.containsKey(name)) {
        send(exchange, 200, metadata(name));
      } else {
        send(exchange, 404, error(404, "No such object: " + BUCKET + "/" + name));
      }
    }
  }

  private ObjectNode metadata(String name) {
    return JSON.createObjectNode()
        .put("kind", "storage#object")
        .put("bucket", BUCKET)
        .put("name", name)
        .put("generation", "1")
        .put("metageneration", "1")
        .put("size", String.valueOf(objects.get(name).length))
        .put("updated", Instant.EPOCH.toString())
        .put("timeCreated", Instant.EPOCH.toString());
  }

  private static Map<String, String> query(URI uri) {
    Map<String, String> query = new TreeMap<>();
    for (String pair : String.valueOf(uri.getRawQuery()).split("&", -1)) {
      String[] nameAndValue = pair.split("=", 2);
      query.put(
          nameAndValue[0],
          nameAndValue.length == 1 ? "" : URLDecoder.decode(nameAndValue[1], UTF_8));
    }
    return query;
  }

  // --- Both
  // ---------------------------------------------------------------------------------------

  private static JsonNode error(int status, String message) {
    ObjectNode error = JSON.createObjectNode().put("code", status).put("message", message);
    return JSON.createObjectNode().set("error", error);
  }

  private static void send(HttpExchange exchange, int status, JsonNode json) throws IOException {
    byte[] bytes = JSON.writeValueAsBytes(json);
    exchange.getResponseHeaders().add("Content-Type", "application/json; charset=UTF-8");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }
}
