package io.sessionizer.kafka;

import io.sessionizer.config.Privacy;
import io.sessionizer.config.Settings;
import io.sessionizer.records.LateVisitRecord;
import io.sessionizer.records.Provenance;
import io.sessionizer.records.TopicRecord;
import io.sessionizer.visits.LateVisit;
import io.sessionizer.visits.Visit;
import io.sessionizer.visits.VisitJson;
import java.util.Map;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PDone;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Writes visits that were too late to their topic: their records as they were read, if these were
 * kept and the topic accepts them, and are not private visits; else as JSON of the default format.
 */
public final class WriteLateVisits extends PTransform<PCollection<LateVisit>, PDone> {
  private static final long serialVersionUID = 1L;

  private final transient Settings settings;
  private final transient Delivery delivery;
  private final int maxMessageBytes;

  private WriteLateVisits(Settings settings, Delivery delivery, int maxMessageBytes) {
    this.settings = settings;
    this.delivery = delivery;
    this.maxMessageBytes = maxMessageBytes;
  }

  /**
   * Writes as {@code settings} say.
   *
   * @param maxMessageBytes the largest record that the topic accepts, its {@code max.message.bytes}
   */
  public static WriteLateVisits with(Settings settings, Delivery delivery, int maxMessageBytes) {
    return new WriteLateVisits(settings, delivery, maxMessageBytes);
  }

  @Override
  public PDone expand(PCollection<LateVisit> visits) {
    String topic = settings.topics().lateVisits();
    int room = WriteDeadLetters.room(settings, maxMessageBytes);
    Privacy privacy = settings.privacy();
    Integer isPrivate = privacy.hasPseudonyms() ? privacy.privateField().id() : null;
    return visits
        .apply("FormatLateVisits", ParDo.of(new FormatLateVisitFn(topic, room, isPrivate)))
        .setCoder(WriteRecords.coder(settings))
        .apply("WriteRecords", new WriteRecords(settings, topic, delivery, Map.of()));
  }

  static final class FormatLateVisitFn extends DoFn<LateVisit, ProducerRecord<byte[], byte[]>> {
    private static final long serialVersionUID = 1L;
    private final String topic;
    private final int room;
    private final @Nullable Integer isPrivate;

    /**
     * Formats late visits.
     *
     * @param room the most bytes of a record that is written as it was read
     * @param isPrivate the projected field that is true for private visits; null if there is none
     */
    FormatLateVisitFn(String topic, int room, @Nullable Integer isPrivate) {
      this.topic = topic;
      this.room = room;
      this.isPrivate = isPrivate;
    }

    @ProcessElement
    public void format(
        @Element LateVisit late, OutputReceiver<ProducerRecord<byte[], byte[]>> out) {
      out.output(RecordMapping.toProduce(topic, record(late).write()));
    }

    LateVisitRecord record(LateVisit late) {
      Visit visit = late.located().visit();
      Provenance source = late.located().provenance();
      TopicRecord original = late.original();
      if (original != null && original.size() <= room && !isPrivate(visit)) {
        return new LateVisitRecord(
            original, source.timestampMillis(), late.lateByMillis(), source.position());
      }
      return new LateVisitRecord(
          visit.visitId(), VisitJson.write(visit), late.lateByMillis(), source.position());
    }

    private boolean isPrivate(Visit visit) {
      return isPrivate != null && Boolean.TRUE.equals(visit.fields().value(isPrivate));
    }
  }
}
