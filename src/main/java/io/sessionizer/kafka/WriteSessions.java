package io.sessionizer.kafka;

import io.sessionizer.config.Settings;
import io.sessionizer.sessions.SessionChange;
import io.sessionizer.sessions.SessionJson;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PDone;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Writes sessions: key the session's id, value its JSON, and what changed in the headers. */
public final class WriteSessions extends PTransform<PCollection<SessionChange>, PDone> {
  private static final long serialVersionUID = 1L;

  private final transient Settings settings;

  private WriteSessions(Settings settings) {
    this.settings = settings;
  }

  /** Writes as {@code settings} say. */
  public static WriteSessions with(Settings settings) {
    return new WriteSessions(settings);
  }

  @Override
  public PDone expand(PCollection<SessionChange> changes) {
    String topic = settings.topics().sessions();
    return changes
        .apply("FormatSessions", ParDo.of(new FormatSessionFn(topic, json())))
        .setCoder(WriteRecords.CODER)
        .apply(
            "WriteRecords",
            new WriteRecords(
                settings,
                topic,
                Map.of(ProducerConfig.PARTITIONER_CLASS_CONFIG, VisitIdPartitioner.class)));
  }

  private SessionJson json() {
    return new SessionJson(settings.timeZone());
  }

  private static final class FormatSessionFn
      extends DoFn<SessionChange, ProducerRecord<byte[], byte[]>> {
    private static final long serialVersionUID = 1L;
    private final Counter written = Metrics.counter(WriteSessions.class, "sessions_written");
    private final String topic;
    private final SessionJson json;

    FormatSessionFn(String topic, SessionJson json) {
      this.topic = topic;
      this.json = json;
    }

    @ProcessElement
    public void format(
        @Element SessionChange change, OutputReceiver<ProducerRecord<byte[], byte[]>> out) {
      written.inc();
      out.output(
          new ProducerRecord<>(
              topic,
              null,
              change.session().id().getBytes(StandardCharsets.UTF_8),
              json.write(change.session()),
              new Headers()
                  .add("revision", change.revision())
                  .add("timing", change.timing().headerValue())
                  .add("end_reason", change.endReason().headerValue())
                  .list()));
    }
  }
}
