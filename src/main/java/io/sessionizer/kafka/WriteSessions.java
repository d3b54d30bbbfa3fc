package io.sessionizer.kafka;

import io.sessionizer.config.Settings;
import io.sessionizer.metrics.JobMetric;
import io.sessionizer.records.RecordHeaders;
import io.sessionizer.records.SessionJson;
import io.sessionizer.records.SessionRecord;
import java.util.Map;
import java.util.UUID;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PDone;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Writes sessions and tombstones to their topic. */
public final class WriteSessions extends PTransform<PCollection<SessionRecord>, PDone> {
  private static final long serialVersionUID = 1L;

  /** The settings of a producer of sessions besides those of all producers. */
  static final Map<String, Object> PRODUCER_CONFIG =
      Map.of(ProducerConfig.PARTITIONER_CLASS_CONFIG, VisitIdPartitioner.class);

  private final transient Settings settings;
  private final transient Delivery delivery;
  private final transient Rewind rewind;
  private final transient UUID run;

  private WriteSessions(Settings settings, Delivery delivery, Rewind rewind, UUID run) {
    this.settings = settings;
    this.delivery = delivery;
    this.rewind = rewind;
    this.run = run;
  }

  /**
   * Writes as {@code settings} say, except sessions that {@code rewind} leaves.
   *
   * @param run the start of the job without saved state, for a header
   */
  public static WriteSessions with(Settings settings, Delivery delivery, Rewind rewind, UUID run) {
    return new WriteSessions(settings, delivery, rewind, run);
  }

  @Override
  public PDone expand(PCollection<SessionRecord> changes) {
    String topic = settings.topics().sessions();
    return changes
        .apply("FormatSessions", ParDo.of(new FormatSessionFn(topic, json(), rewind, run)))
        .setCoder(WriteRecords.CODER)
        .apply("WriteRecords", new WriteRecords(settings, topic, delivery, PRODUCER_CONFIG));
  }

  private SessionJson json() {
    Counter skipped = JobMetric.ATTRIBUTE_VALUES_SKIPPED.counter();
    return new SessionJson(
        settings.timeZone(),
        settings.sessionAttributes(skipped::inc),
        ProvidedPseudonymKey.pseudonyms(settings));
  }

  private static final class FormatSessionFn
      extends DoFn<SessionRecord, ProducerRecord<byte[], byte[]>> {
    private static final long serialVersionUID = 1L;
    private final Counter written = JobMetric.SESSIONS_WRITTEN.counter();
    private final Counter left = JobMetric.SESSIONS_LEFT.counter();
    private final String topic;
    private final SessionJson json;
    private final Rewind rewind;
    private final UUID run;

    FormatSessionFn(String topic, SessionJson json, Rewind rewind, UUID run) {
      this.topic = topic;
      this.json = json;
      this.rewind = rewind;
      this.run = run;
    }

    @ProcessElement
    public void format(
        @Element SessionRecord change, OutputReceiver<ProducerRecord<byte[], byte[]>> out) {
      if (rewind.leaves(change)) {
        left.inc();
        return;
      }
      written.inc();
      out.output(RecordMapping.toProduce(topic, change.write(json).with(RecordHeaders.RUN, run)));
    }
  }
}
