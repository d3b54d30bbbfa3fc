package io.sessionizer.cli;

import io.sessionizer.config.NotReadyException;
import io.sessionizer.config.Settings;
import io.sessionizer.demo.Demo;
import io.sessionizer.demo.SessionTally;
import io.sessionizer.generator.Traffic;
import io.sessionizer.metrics.JobProgress;
import io.sessionizer.watch.Watch;
import java.io.IOException;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import me.tongfei.progressbar.ProgressBar;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Shows a demo: sessions on standard output, progress on a terminal, both on a web page. */
final class DemoScreen implements Demo.Listener, AutoCloseable {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final StatusLine status = StatusLine.open();
  private final @Nullable ProgressBar bar;
  private final @Nullable Integer watchPort;
  private @Nullable Watch watch;

  /**
   * Creates a screen.
   *
   * @param visits number of visits, {@link Traffic#ENDLESS} included
   * @param watchPort port of the web page; null for no page
   */
  DemoScreen(long visits, @Nullable Integer watchPort) {
    this.watchPort = watchPort;
    this.bar =
        visits == Traffic.ENDLESS
            ? null
            : status.bar("visits", visits).hideEta().continuousUpdate().build();
  }

  @Override
  public void stepStarted(String step) {
    if (bar == null) {
      status.show(step);
    } else {
      bar.setExtraMessage(step);
    }
  }

  @Override
  public void brokerStarted(Settings settings) throws NotReadyException, IOException {
    if (watchPort != null) {
      watch =
          Watch.start(
              settings,
              new Watch.Listening(
                  Watch.Listening.LOOPBACK, watchPort, Watch.Listening.USUAL_VISITS));
      System.err.println("Watch it at " + watch.address() + " (Ctrl-C stops it).");
    }
  }

  @Override
  public void brokerStopping() {
    if (watch != null) {
      watch.close();
    }
  }

  @Override
  public void sessionEmitted(String json) {
    System.out.println(json);
  }

  @Override
  public void progressed(JobProgress job, long open, SessionTally emitted) {
    String sessions =
        String.format(
            Locale.ROOT,
            "watermark %s, open %,d, closed %,d",
            job.watermark().map(TIME::format).orElse("-"),
            open,
            emitted.sessions());
    if (bar == null) {
      status.show(String.format(Locale.ROOT, "visits %,d, %s", job.visitsRead(), sessions));
    } else {
      bar.stepTo(job.visitsRead());
      bar.setExtraMessage(sessions);
    }
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
    status.close();
  }
}
