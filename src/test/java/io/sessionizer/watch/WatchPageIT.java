package io.sessionizer.watch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sessionizer.SessionizationJob;
import io.sessionizer.broker.LocalBroker;
import io.sessionizer.broker.LocalTopics;
import io.sessionizer.broker.TemporaryFolder;
import io.sessionizer.generator.GeneratedVisit;
import io.sessionizer.generator.Traffic;
import io.sessionizer.generator.TrafficMix;
import io.sessionizer.generator.VisitGenerator;
import io.sessionizer.kafka.RecordMapping;
import io.sessionizer.launch.Flags;
import io.sessionizer.records.EndReason;
import io.sessionizer.records.Session;
import io.sessionizer.records.SessionJson;
import io.sessionizer.records.SessionRecord.Upsert;
import io.sessionizer.records.Timing;
import io.sessionizer.testing.Browser;
import io.sessionizer.testing.ModelSessionizer;
import io.sessionizer.testing.TestKafka;
import io.sessionizer.visits.Visit;
import io.sessionizer.visits.VisitJson;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.beam.sdk.PipelineResult;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a person sees on the page, in a real browser, beside a real job. */
class WatchPageIT {
  private static final String PAGE = "<script>document.title='run'</script>";
  private static final String USER = "<img src=x onerror=\"document.title='run'\">";
  private static final String TITLE = "sessionizer: visits and sessions";
  private static final ObjectMapper JSON = new ObjectMapper();
  private static Browser browser;

  private final List<AutoCloseable> started = new ArrayList<>();

  @BeforeAll
  static void open() {
    browser = Browser.start();
  }

  @AfterAll
  static void close() {
    if (browser != null) {
      browser.close();
    }
  }

  @BeforeEach
  void nobodyHasComplainedYet() {
    browser.complaints();
  }

  @AfterEach
  void nothingStaysBehind() throws Exception {
    browser.open("about:blank");
    for (AutoCloseable one : started) {
      one.close();
    }
  }

  @Test
  void showsSessionsCorrectionsAndRejectedRecords() throws Exception {
    // Nothing of what is shown depends on the wall clock: no partition is idle.
    TestKafka kafka = new TestKafka().createTopics(1);
    String[] flags = kafka.flags("--engine=stateful", "--idleAfter=PT1H");
    PipelineResult job = SessionizationJob.start(Flags.parse(flags));
    started.add(0, job::cancel);
    visits(kafka, visit("alpha", "10:00", "home"), visit("alpha", "10:05", "help"));
    browser.size(1400, 900);
    browser.open(watch(flags).address());
    browser.run("document.getElementById('words').open = true");
    awaitRow("alpha|" + USER + "|2|0|0||10:00:00–10:05:00, 2 visits|");

    visits(kafka, visit("beta", "10:30", "home"));
    awaitRow("alpha|" + USER + "|2|0|0|10:00:00–10:05:00, 2 visits||");
    browser.await("document.getElementById('shown').innerText.includes('10:29:00 (estimated)')");
    assertTrue(theWatermarkIsALineAt("2024-01-01T10:29:00Z"), "no line in the picture");
    browser.screenshot("a-session-has-closed");

    visits(kafka, visit("alpha", "10:07", PAGE));
    awaitRow(
        "alpha|"
            + USER
            + "|3|1|0|10:00:00–10:07:00, 3 visits, revision 2, corrected||10:07:00 "
            + PAGE
            + ": late");

    visits(kafka, visit("alpha", "09:58", "home"));
    awaitRow(
        "alpha|"
            + USER
            + "|4|2|0|09:58:00–10:07:00, 4 visits, corrected"
            + "10:00:00–10:07:00, 3 visits, revision 2, corrected, retracted, now in"
            + " alpha@1704103080000||09:58:00 home: late10:07:00 "
            + PAGE
            + ": late");

    visits(kafka, visit("gamma", "09:00", "home"), "no visit".getBytes(UTF_8));
    browser.await("document.querySelectorAll('#left-out li').length == 2");
    assertEquals(
        List.of(
            "too late: too late by 1 h 29 min, 01 Jan 2024, 09:00:00",
            "dead letter: NOT_JSON, 01 Jan 2024, 10:30:00"),
        texts("#left-out li"));
    assertEquals(
        List.of("1", "1", "3", "1", "1"),
        List.of(
            browser.text("#open"),
            browser.text("#closed"),
            browser.text("#corrections"),
            browser.text("#too-late"),
            browser.text("#dead")));
    browser.screenshot("corrections");

    aVisitThatIsClickedIsShownAsItIsOnTheTopic(kafka);
    aLaneIsExplained();
    aSearchShowsTheLanesOfAVisitIdOrAUserAndAllTimeOfThem();
    lanesAreSorted();
    theAddressHasWhatIsShown();
    keysMoveInTime();
    theWheelScrollsThePage();
    theLegendFolds();
    everybodyCanUseIt();
    itFitsAPhone();
    pausingFreezesThePage(kafka);

    assertEquals(TITLE, browser.run("return document.title"));
    assertEquals(0L, browser.run("return document.querySelectorAll('img').length"));
    assertEquals(List.of(), browser.complaints());
    assertEquals(List.of("127.0.0.1"), browser.requestedHosts());
  }

  /** Attributes are shown where a mouse points, and in the dialog, which keys open as well. */
  @Test
  void showsAttributesAsText() throws Exception {
    TestKafka kafka = new TestKafka().createTopics(1);
    String[] flags =
        kafka.flags(
            "--engine=stateful",
            "--idleAfter=PT1H",
            "--attribute=campaign=first(/campaign)",
            "--attribute=pages=distinct(page)",
            "--attribute=revenue=sum(/value)",
            "--attribute=note=last(/note)",
            "--attribute=bounce=count() = 1");
    PipelineResult job = SessionizationJob.start(Flags.parse(flags));
    started.add(0, job::cancel);
    String note = "x".repeat(150);
    visits(
        kafka,
        event("alpha", "10:00", PAGE, Map.of("campaign", USER)),
        event(
            "alpha",
            "10:05",
            "help",
            Map.of("value", new BigDecimal("12345678901234567890.5"), "note", note)),
        event("beta", "10:30", "home", Map.of()));
    browser.size(1400, 900);
    browser.open(watch(flags).address());
    browser.run("document.getElementById('words').open = true");
    awaitRow("alpha|" + USER + "|2|0|0|10:00:00–10:05:00, 2 visits||");

    String shown =
        """
        campaign: %s
        pages: %s, help
        revenue: 12345678901234567890.5
        note: %s…
        bounce: false"""
            .formatted(USER, PAGE, "x".repeat(60));
    for (String theme : List.of("light", "dark")) {
      browser.run("window.wanted = arguments[0]", shown);
      // A picture that is drawn anew shows it once the mouse moves again.
      browser.await(
          "echarts.getInstanceByDom(document.getElementById('lanes')).getZr().storage"
              + ".getDisplayList().filter(part => !part.ignore && part.type == 'tspan')"
              + ".map(part => part.style.text).join('\\n').includes(window.wanted)",
          () -> pointAt("2024-01-01T10:02:30Z", "alpha"));
      browser.screenshot("attributes-pointed-at-" + theme);
      clickOn("2024-01-01T10:02:30Z", "alpha");
      browser.await("document.getElementById('record').open");
      assertEquals(
          List.of(
              "campaign",
              USER,
              "pages",
              PAGE + ", help",
              "revenue",
              "12345678901234567890.5",
              "note",
              "x".repeat(100) + "…",
              "bounce",
              "false"),
          texts("#record-attributes > *"));
      String record = browser.text("#record-value");
      assertTrue(record.contains(note), record);
      assertTrue(record.contains("\"revenue\" : 12345678901234567890.5,"), record);
      assertEquals(List.of(), browser.barriers(), theme);
      browser.screenshot("attributes-" + theme);
      browser.run("document.getElementById('record').close()");
      browser.run("document.getElementById('theme').click()");
    }
    clickOn("2024-01-01T10:30:00Z", "beta"); // a visit
    browser.await("document.getElementById('record').open");
    assertEquals(List.of(), texts("#record-attributes > *"));
    assertEquals(
        true, browser.run("return document.getElementById('record-attributes-title').hidden"));
    browser.run("document.getElementById('record').close()");

    assertEquals(TITLE, browser.run("return document.title"));
    assertEquals(0L, browser.run("return document.querySelectorAll('img').length"));
    assertEquals(List.of(), browser.complaints());
  }

  private void aVisitThatIsClickedIsShownAsItIsOnTheTopic(TestKafka kafka) {
    clickOn("2024-01-01T10:07:00Z", "alpha");
    browser.await("document.getElementById('record').open");
    assertEquals(kafka.topic("visits") + ", partition 0, offset 3", browser.text("#record-title"));
    assertEquals(
        """
        {
          "visit_id" : "alpha",
          "event_time" : "2024-01-01T10:07:00Z",
          "user_id" : "%s",
          "page" : "%s"
        }"""
            .formatted(USER.replace("\"", "\\\""), PAGE),
        browser.text("#record-value"));
    browser.screenshot("a-record");
    browser.run("document.getElementById('record').close()");

    browser.run("document.querySelector('#left-out li:last-child button').click()");
    browser.await("document.getElementById('record-value').innerText == 'no visit'");
    assertTrue(browser.text("#record-parts").contains("error.reason\nNOT_JSON"));
    browser.run("document.getElementById('record').close()");
  }

  private void aSearchShowsTheLanesOfAVisitIdOrAUserAndAllTimeOfThem() {
    browser.run("document.getElementById('search').focus()");
    browser.type("BETA");
    browser.await("document.querySelectorAll('#rows th').length == 1");
    assertEquals(List.of("beta"), texts("#rows th"));
    browser.run("document.getElementById('search').select()");
    browser.type("<img");
    browser.await("document.querySelectorAll('#rows th').length == 3");
    assertEquals(List.of("beta", "alpha", "gamma"), texts("#rows th"));
    browser.run("document.getElementById('search').select()");
    browser.type("nobody");
    browser.await("document.getElementById('shown').innerText == 'No visits of such an id'");
    browser.run(
        "const box = document.getElementById('search'); box.value = '';"
            + " box.dispatchEvent(new Event('input'))");
    browser.await("document.getElementById('live').getAttribute('aria-pressed') == 'true'");
    browser.await("document.querySelectorAll('#rows th').length == 3");
  }

  private void keysMoveInTime() {
    String before = browser.text("#shown");
    browser.run("document.getElementById('scroller').focus()");
    browser.press("ArrowLeft");
    browser.run("window.before = arguments[0]", before);
    browser.await("document.getElementById('shown').innerText != window.before");
    assertEquals("false", browser.run("return document.getElementById('live').ariaPressed"));
    browser.run("document.getElementById('live').click()");
  }

  private void everybodyCanUseIt() {
    assertEquals(List.of(), browser.barriers(), "light");
    browser.run("document.getElementById('theme').click()");
    browser.await("document.documentElement.dataset.theme == 'dark'");
    assertEquals(List.of(), browser.barriers(), "dark");
    browser.screenshot("dark");
    browser.run("document.getElementById('theme').click()");
  }

  private void itFitsAPhone() {
    browser.size(390, 800);
    browser.await("document.getElementById('lanes').offsetWidth < 390");
    assertEquals(
        true,
        browser.run(
            "const page = document.documentElement; return page.scrollWidth <= page.clientWidth"));
    assertEquals(
        List.of("140…8_1", "140…8_2", "beta"),
        shortened(7, "140719780965248_1", "140719780965248_2", "beta"));
    assertEquals(List.of("…a-9-x", "…b-9-x"), shortened(6, "visit-0000-a-9-x", "visit-0000-b-9-x"));
    browser.screenshot("phone");
    browser.size(1400, 900);
  }

  private static Object shortened(int most, String... visitIds) {
    return browser.run("return Labels.short(arguments[0], arguments[1])", List.of(visitIds), most);
  }

  private void pausingFreezesThePage(TestKafka kafka) throws Exception {
    browser.run("document.getElementById('pause').click()");
    assertEquals("Resume", browser.text("#pause"));
    assertTrue(browser.text("#status").startsWith("paused at "), browser.text("#status"));
    String rows = browser.text("#rows");
    String numbers = browser.text(".numbers");
    String partitions =
        browser.run("return document.getElementById('partition-rows').textContent").toString();
    visits(kafka, visit("delta", "10:31", "home"), visit("beta", "10:31", "home"));
    awaitVisits(8);
    assertEquals(rows, browser.text("#rows"));
    assertEquals(numbers, browser.text(".numbers"));
    assertEquals(
        partitions,
        browser.run("return document.getElementById('partition-rows').textContent").toString());
    search("delta");
    browser.await("document.getElementById('shown').innerText == 'No visits of such an id'");
    search("beta");
    awaitRow("beta|" + USER + "|1|0|0||10:30:00–10:30:00, 1 visit|");
    browser.screenshot("paused");
    search("");
    browser.await("document.querySelectorAll('#rows th').length == 3");

    browser.run("document.getElementById('pause').click()");
    assertEquals("Pause", browser.text("#pause"));
    awaitRow("delta|" + USER + "|1|0|0||10:31:00–10:31:00, 1 visit|");
    awaitRow("beta|" + USER + "|2|0|0||10:30:00–10:31:00, 2 visits|");
  }

  private static void search(String text) {
    browser.run(
        "const box = document.getElementById('search'); box.value = arguments[0];"
            + " box.dispatchEvent(new Event('input'))",
        text);
  }

  private void aLaneIsExplained() {
    browser.run(
        "[...document.querySelectorAll('#ids button')].find(b => b.dataset.id == 'alpha').click()");
    browser.await("document.querySelector('#explanation p')");
    assertEquals("Explain alpha", browser.text("#explain-title"));
    assertEquals("alpha: 1 session of 4 visits", browser.text("#explanation p.result"));
    assertEquals(
        List.of(
            "Visits, by event time",
            "Sessions, as they were written",
            "Watermark, estimated from the visits topic"),
        texts("#explanation p.title"));
    assertTrue(browser.text("#explain-progress").startsWith("Read at "));
    assertEquals(List.of(), browser.barriers(), "explanation");
    browser.screenshot("explanation");
    browser.run("document.getElementById('explain').close()");

    browser.run("document.querySelector('#rows th button').focus()");
    browser.run("document.activeElement.click()");
    browser.await("document.getElementById('explain').open");
    browser.run("document.getElementById('explain-search').click()");
    browser.await("document.querySelectorAll('#rows th').length == 1");
    search("");
    browser.await("document.querySelectorAll('#rows th').length == 3");
  }

  private void lanesAreSorted() {
    assertEquals(List.of("beta", "alpha", "gamma"), texts("#rows th"));
    choose("sort", "most_visits");
    awaitLanes("alpha", "beta", "gamma");
    assertTrue(browser.text("#shown").contains("most visits first"), browser.text("#shown"));
    choose("sort", "last_visit");
    awaitLanes("beta", "alpha", "gamma");
  }

  private void theAddressHasWhatIsShown() {
    choose("show", "too_late");
    awaitLanes("gamma");
    search("gamma");
    browser.await("location.hash.includes('q=gamma')");
    String address = browser.run("return location.href").toString();
    assertTrue(address.contains("show=too_late"), address);
    assertTrue(address.contains("from=2024-01-01T08"), address);
    browser.run("history.back()");
    browser.await("document.getElementById('search').value == ''");
    awaitLanes("gamma");
    browser.run("history.back()");
    awaitLanes("beta", "alpha", "gamma");

    browser.open("about:blank");
    browser.open(address);
    browser.await("document.getElementById('words')");
    browser.run("document.getElementById('words').open = true");
    awaitLanes("gamma");
    assertEquals("gamma", browser.run("return document.getElementById('search').value"));
    assertEquals("too_late", browser.run("return document.getElementById('show').value"));
    assertEquals("false", browser.run("return document.getElementById('live').ariaPressed"));
    search("");
    choose("show", "all");
    awaitLanes("beta", "alpha", "gamma");
  }

  private void theWheelScrollsThePage() {
    browser.run("scrollTo(0, 0)");
    browser.run("document.getElementById('live').click()");
    double x = 600;
    double y = number("return document.getElementById('lanes').getBoundingClientRect().top + 60");
    browser.wheel(x, y, 120, "");
    browser.await("scrollY > 0");
    browser.await("!document.getElementById('wheel-hint').hidden");
    assertEquals("true", browser.run("return document.getElementById('live').ariaPressed"));
    browser.await("document.getElementById('wheel-hint').hidden");
    browser.run("scrollTo(0, 0)");
    browser.wheel(x, y, 120, "Ctrl");
    browser.await("document.getElementById('live').ariaPressed == 'false'");
    assertEquals(0.0, number("return scrollY"));
    browser.run("document.getElementById('live').click()");
  }

  private void theLegendFolds() {
    assertEquals(true, browser.run("return document.getElementById('guide').open"));
    double before = number("return document.getElementById('lanes').offsetWidth");
    browser.run("document.querySelector('#guide summary').click()");
    browser.await("document.getElementById('lanes').offsetWidth > " + (before + 200));
    browser.run("location.reload()");
    browser.await(
        "document.getElementById('guide') && echarts && document.querySelector('#ids li')");
    assertEquals(false, browser.run("return document.getElementById('guide').open"));
    browser.run("document.querySelector('#guide summary').click()");
    browser.run("document.getElementById('words').open = true");
    awaitLanes("beta", "alpha", "gamma");
  }

  private static void choose(String list, String value) {
    browser.run(
        "const list = document.getElementById(arguments[0]); list.value = arguments[1];"
            + " list.dispatchEvent(new Event('change'))",
        list,
        value);
  }

  private static void awaitLanes(String... visitIds) {
    browser.run("window.lanes = arguments[0]", String.join(" ", visitIds));
    browser.await(
        "[...document.querySelectorAll('#rows th')].map(one => one.innerText).join(' ') =="
            + " window.lanes");
  }

  private static double number(String script) {
    return ((Number) browser.run(script)).doubleValue();
  }

  @Test
  void statusFollowsBrokerAndJob() throws Exception {
    TemporaryFolder folder = TemporaryFolder.create();
    started.add(0, folder);
    LocalBroker broker = LocalBroker.start(folder.path(), 0);
    started.add(0, broker);
    LocalTopics.create(broker.address());
    String[] flags = {"--bootstrapServers=" + broker.address(), "--engine=stateful"};
    PipelineResult job = SessionizationJob.start(Flags.parse(flags));
    started.add(0, job::cancel);
    browser.size(1400, 900);
    browser.open(watch(flags).address());
    awaitStatus("waiting for visits");

    started.add(0, new BackgroundVisits(broker.address()));
    awaitStatus("live");
    browser.await("document.querySelectorAll('#partition-rows tr').length == 2");
    broker.close();
    awaitStatus("broker not reachable since ");
    browser.screenshot("broker-away");
    int port = Integer.parseInt(broker.address().replaceFirst(".*:", ""));
    started.add(3, LocalBroker.start(folder.path(), port));
    awaitStatus("live");
    job.cancel();
    awaitStatus("job not seen since ");
    assertTrue(
        browser.text("#status-detail").startsWith("Visits were written after the last report:"));
    assertEquals(List.of(), browser.barriers());
    browser.screenshot("job-not-seen");
    assertEquals(List.of(), browser.complaints());
  }

  private static void awaitStatus(String start) {
    browser.run("window.wanted = arguments[0]", start);
    browser.await("document.getElementById('status').innerText.startsWith(window.wanted)");
  }

  /** Writes a visit every half second, whatever happens to the broker. */
  private static final class BackgroundVisits implements AutoCloseable {
    private final KafkaProducer<byte[], byte[]> producer;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread = new Thread(this::write, "background-visits");

    BackgroundVisits(String broker) {
      this.producer =
          TestKafka.producer(Map.of(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, broker));
      thread.start();
    }

    private void write() {
      try {
        while (!closed.await(500, TimeUnit.MILLISECONDS)) {
          Visit visit = new Visit("v", System.currentTimeMillis(), null, "home");
          ProducerRecord<byte[], byte[]> record =
              new ProducerRecord<>("visits", VisitJson.write(visit));
          try {
            producer.send(record).get(1, TimeUnit.SECONDS);
          } catch (ExecutionException | TimeoutException | KafkaException e) {
            // The broker is away, or the test is over.
          }
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public void close() {
      closed.countDown();
      producer.close(Duration.ofSeconds(5));
    }
  }

  /** Requests the numbers from the server, since the page is paused. */
  private void awaitVisits(int count) {
    browser.run(
        """
        const count = arguments[0];
        return new Promise(done => {
          const live = new EventSource('api/live');
          live.onmessage = event => {
            if (JSON.parse(event.data).numbers.visitsRead >= count) {
              live.close();
              done(true);
            }
          };
        })""",
        count);
  }

  @Test
  void scrollsHundredThousandVisits() throws Exception {
    TestKafka kafka = new TestKafka().createTopics();
    Traffic traffic =
        new Traffic(
            100_000, 1000, Instant.parse("2024-01-01T00:00:00Z"), 1, TrafficMix.ALL_ON_TIME);
    kafka.generate(traffic);
    TestKafka.write(sessions(kafka, traffic));
    Watch watch = watch(kafka.flags());
    browser.size(1400, 900);
    browser.open(watch.address());
    browser.await(
        "document.getElementById('shown').innerText.startsWith('Lanes') && !['connecting …',"
            + " 'reading the backlog'].includes(document.getElementById('status').innerText)");
    browser.open(watch.address());
    browser.await(
        "['picture', 'first-contentful-paint'].every(name =>"
            + " performance.getEntriesByName(name).length > 0)");
    Map<?, ?> paint =
        (Map<?, ?>)
            browser.run(
                "return {first: performance.getEntriesByName('first-contentful-paint')[0].startTime,"
                    + " picture: performance.getEntriesByName('picture')[0].startTime}");
    browser.run("document.getElementById('span').value = 'all'");
    browser.run("document.getElementById('span').dispatchEvent(new Event('change'))");
    browser.await(
        "document.getElementById('shown').innerText.includes('of 7,') || document.getElementById('shown').innerText.includes('of 8,')");
    browser.screenshot("hundred-thousand-visits");
    Map<?, ?> frames = (Map<?, ?>) browser.run(SCROLL);
    System.out.printf(
        "100,000 visits: first paint %s ms, first picture %s ms; while scrolling through %s:"
            + " median frame %s ms, longest %s ms; the last response has %s bytes%n",
        paint.get("first"),
        paint.get("picture"),
        browser.text("#shown").replaceFirst(", .*", ""),
        frames.get("median"),
        frames.get("longest"),
        frames.get("bytes"));
    assertEquals(List.of(), browser.complaints());
  }

  /** Scrolls all the way in two seconds, and measures from frame to frame. */
  private static final String SCROLL =
      """
      const scroller = document.getElementById('lane-bar');
      return new Promise(done => {
        const frames = [];
        let last = performance.now();
        const begin = last;
        const step = now => {
          frames.push(now - last);
          last = now;
          scroller.scrollTop = scroller.scrollHeight * Math.min(1, (now - begin) / 2000);
          if (now - begin < 2500) {
            requestAnimationFrame(step);
          } else {
            frames.sort((a, b) => a - b);
            const responses = performance.getEntriesByType('resource').filter(r => r.name.includes('api/view'));
            done({median: Math.round(frames[frames.length >> 1]), longest: Math.round(frames[frames.length - 1]),
              bytes: responses[responses.length - 1].decodedBodySize});
          }
        };
        requestAnimationFrame(step);
      })""";

  private static List<ProducerRecord<byte[], byte[]>> sessions(TestKafka kafka, Traffic traffic)
      throws Exception {
    List<Visit> visits = new ArrayList<>();
    for (VisitGenerator all = new VisitGenerator(traffic); all.hasNext(); ) {
      GeneratedVisit visit = all.next();
      visits.add(VisitJson.parse(visit.value()));
    }
    SessionJson json = new SessionJson(ZoneOffset.UTC);
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (Session session : ModelSessionizer.sessions(visits, Duration.ofMinutes(16))) {
      Upsert first = new Upsert(session, 1, Timing.ON_TIME, EndReason.INACTIVITY);
      records.add(RecordMapping.toProduce(kafka.topic("sessions"), first.write(json)));
    }
    return records;
  }

  private Watch watch(String... flags) throws Exception {
    Watch watch =
        Watch.start(
            Flags.parse(flags).settings(),
            new Watch.Listening(Watch.Listening.LOOPBACK, 0, Watch.Listening.USUAL_VISITS));
    started.add(0, watch);
    return watch;
  }

  /** Waits for a row of the table, its cells with bars between them. */
  private static void awaitRow(String row) {
    browser.run("window.row = arguments[0]", row);
    browser.await(
        "[...document.querySelectorAll('#rows tr')].some(tr => [...tr.children].map(cell =>"
            + " cell.textContent).join('|') == window.row)");
  }

  private static List<?> texts(String cssSelector) {
    return (List<?>)
        browser.run(
            "return [...document.querySelectorAll(arguments[0])].map(one => one.innerText)",
            cssSelector);
  }

  /** Whether pixels of the picture, one above the other, have the watermark's colour. */
  private static boolean theWatermarkIsALineAt(String time) {
    return Boolean.TRUE.equals(
        browser.run(
            """
            const lanes = document.getElementById('lanes');
            const chart = echarts.getInstanceByDom(lanes);
            const canvas = lanes.querySelector('canvas');
            const [red, green, blue] = getComputedStyle(document.documentElement)
                .getPropertyValue('--watermark').trim().match(/[0-9a-f]{2}/gi).map(part => parseInt(part, 16));
            const [x, top] = chart.convertToPixel({xAxisIndex: 0, yAxisIndex: 0}, [Date.parse(arguments[0]), 3]);
            const pixels = canvas.getContext('2d').getImageData(Math.round(x), Math.round(top), 1, 40).data;
            return [0, 4 * 39].every(at => pixels[at] === red && pixels[at + 1] === green && pixels[at + 2] === blue);""",
            time));
  }

  private static void clickOn(String time, String visitId) {
    List<Double> place = place(time, visitId);
    browser.click(place.get(0), place.get(1));
  }

  private static void pointAt(String time, String visitId) {
    List<Double> place = place(time, visitId);
    browser.pointAt(place.get(0), place.get(1));
  }

  private static List<Double> place(String time, String visitId) {
    List<?> position =
        (List<?>)
            browser.run(
                """
                const lanes = document.getElementById('lanes');
                lanes.scrollIntoView({block: 'center'});
                const chart = echarts.getInstanceByDom(lanes);
                const lane = chart.getOption().yAxis[0].data.findIndex(one => one.value === arguments[1]);
                const [x, y] = chart.convertToPixel({xAxisIndex: 0, yAxisIndex: 0}, [Date.parse(arguments[0]), lane]);
                const box = lanes.getBoundingClientRect();
                return [box.x + x, box.y + y]""",
                time,
                visitId);
    return position.stream().map(part -> ((Number) part).doubleValue()).toList();
  }

  private static void visits(TestKafka kafka, byte[]... visits) throws Exception {
    kafka.writeVisits(0, visits);
  }

  private static byte[] visit(String visitId, String time, String page) {
    return VisitJson.write(
        new Visit(
            visitId, Instant.parse("2024-01-01T" + time + ":00Z").toEpochMilli(), USER, page));
  }

  private static byte[] event(String visitId, String time, String page, Map<String, Object> more)
      throws Exception {
    ObjectNode event = (ObjectNode) JSON.readTree(visit(visitId, time, page));
    more.forEach(event::putPOJO);
    return JSON.writeValueAsBytes(event);
  }
}
