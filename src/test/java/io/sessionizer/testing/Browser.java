package io.sessionizer.testing;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.openqa.selenium.JavascriptException;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** The system's Chromium, without a window: what a person would see and do. */
public final class Browser implements AutoCloseable {
  private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
  private static final Path DRIVER = Path.of("/usr/bin/chromedriver");
  private static final Path SCREENSHOTS = Path.of("target", "screenshots");
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  /** It warns of every Chromium that is newer than itself. */
  private static final Logger SELENIUM = Logger.getLogger("org.openqa.selenium");

  private static final ObjectMapper JSON = new ObjectMapper();

  private final ChromeDriver driver;
  private final List<String> requests = new ArrayList<>();

  private Browser(ChromeDriver driver) {
    this.driver = driver;
  }

  /** Starts it; skips the test, and says what to install, if it is not there. */
  public static Browser start() {
    assumeTrue(
        Files.isExecutable(CHROMIUM) && Files.isExecutable(DRIVER),
        "no " + CHROMIUM + " and " + DRIVER + ": apt-get install chromium chromium-driver");
    SELENIUM.setLevel(Level.SEVERE);
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    logs.enable(LogType.PERFORMANCE, Level.ALL);
    ChromeOptions options = new ChromeOptions();
    options.setBinary(CHROMIUM.toFile());
    // Its sandbox does not run as root, as tests in a container do; it opens our own pages only.
    options.addArguments("--headless=new", "--no-sandbox", "--disable-dev-shm-usage");
    options.setCapability("goog:loggingPrefs", logs);
    ChromeDriverService service =
        new ChromeDriverService.Builder()
            .usingDriverExecutable(DRIVER.toFile())
            .usingAnyFreePort()
            .withLogFile(new File("/dev/null"))
            .build();
    Browser browser = new Browser(new ChromeDriver(service, options));
    browser.size(1400, 900);
    return browser;
  }

  public void open(String address) {
    driver.get(address);
  }

  /** Makes the page this large, also smaller than a window can be. */
  public void size(int width, int height) {
    driver.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
  }

  /** Returns what {@code return ...} gives in the page. */
  public Object run(String script, Object... arguments) {
    return driver.executeScript(script, arguments);
  }

  public String text(String cssSelector) {
    return String.valueOf(
        run("return document.querySelector(arguments[0])?.innerText", cssSelector));
  }

  /** Waits until a JavaScript expression is true. */
  public void await(String expression) {
    await(expression, PATIENCE);
  }

  public void await(String expression, Duration patience) {
    await(expression, patience, () -> {});
  }

  /**
   * Waits until a JavaScript expression is true, and does something before it is evaluated each
   * time.
   */
  public void await(String expression, Runnable before) {
    await(expression, PATIENCE, before);
  }

  private void await(String expression, Duration patience, Runnable before) {
    long deadline = System.nanoTime() + patience.toNanos();
    before.run();
    while (!Boolean.TRUE.equals(tried(expression))) {
      assertTrue(
          System.nanoTime() < deadline,
          () -> expression + " does not come true on a page that says\n" + text("body"));
      run("return new Promise(done => setTimeout(done, 50))");
      before.run();
    }
  }

  private Object tried(String expression) {
    try {
      return run("return !!(" + expression + ")");
    } catch (JavascriptException e) {
      return false; // its element is not there yet
    }
  }

  /** Clicks as a mouse does, at a place of the page. */
  public void click(double x, double y) {
    pointAt(x, y);
    for (String type : List.of("mousePressed", "mouseReleased")) {
      driver.executeCdpCommand(
          "Input.dispatchMouseEvent",
          Map.of("type", type, "x", x, "y", y, "button", "left", "clickCount", 1));
    }
  }

  /** Moves the mouse to a place of the page. */
  public void pointAt(double x, double y) {
    driver.executeCdpCommand(
        "Input.dispatchMouseEvent", Map.of("type", "mouseMoved", "x", x, "y", y));
  }

  /**
   * Turns the wheel down by so many pixels at a place of the page; {@code key} is Ctrl or Shift.
   */
  public void wheel(double x, double y, double pixels, String key) {
    int modifiers = Map.of("", 0, "Ctrl", 2, "Shift", 8).get(key);
    driver.executeCdpCommand(
        "Input.dispatchMouseEvent",
        Map.of(
            "type",
            "mouseWheel",
            "x",
            x,
            "y",
            y,
            "deltaX",
            0,
            "deltaY",
            pixels,
            "modifiers",
            modifiers));
  }

  /** Types into what has the focus. */
  public void type(String text) {
    driver.executeCdpCommand("Input.insertText", Map.of("text", text));
  }

  /** Presses and releases a key, for example {@code ArrowLeft}. */
  public void press(String key) {
    for (String type : List.of("keyDown", "keyUp")) {
      driver.executeCdpCommand("Input.dispatchKeyEvent", Map.of("type", type, "key", key));
    }
  }

  /** Keeps a picture of what is in sight as {@code target/screenshots/NAME.png}. */
  public void screenshot(String name) {
    try {
      Files.createDirectories(SCREENSHOTS);
      Files.write(SCREENSHOTS.resolve(name + ".png"), driver.getScreenshotAs(OutputType.BYTES));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns what the rules of axe-core find wrong for people who see or move differently. */
  public List<?> barriers() {
    try (InputStream axe = Browser.class.getResourceAsStream("/axe.min.js")) {
      run(new String(axe.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return (List<?>)
        run(
            "return axe.run(document).then(found => found.violations.map(barrier => barrier.id +"
                + " ': ' + barrier.nodes.map(node => node.target + ' ' + node.any.map(a =>"
                + " a.message)).join('; ')))");
  }

  /** Returns what the page complained of, for example of a content security policy. */
  public List<String> complaints() {
    return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
        .map(LogEntry::getMessage)
        .toList();
  }

  /** Returns the hosts that the browser has sent requests to. */
  public List<String> requestedHosts() {
    for (LogEntry entry : driver.manage().logs().get(LogType.PERFORMANCE)) {
      JsonNode message = json(entry.getMessage()).path("message");
      if (message.path("method").asText().equals("Network.requestWillBeSent")) {
        requests.add(message.path("params").path("request").path("url").asText());
      }
    }
    return requests.stream()
        .filter(url -> !url.startsWith("data:") && !url.startsWith("about:"))
        .map(url -> url.startsWith("file:") ? "(file)" : URI.create(url).getHost())
        .distinct()
        .toList();
  }

  private static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    driver.quit();
  }
}
