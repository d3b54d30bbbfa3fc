package io.sessionizer.kafka;

import io.sessionizer.config.Settings;
import io.sessionizer.records.LateVisitRecord;
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

/** Writes visits that were too late to their topic. */
public final class WriteLateVisits extends PTransform<PCollection<LateVisit>, PDone> {
  private static final long serialVersionUID = 1L;

  private final transient Settings settings;
  private final transient Delivery delivery;

  private WriteLateVisits(Settings settings, Delivery delivery) {
    this.settings = settings;
    this.delivery = delivery;
  }

  /** Writes as {@code settings} say. */
  public static WriteLateVisits with(Settings settings, Delivery delivery) {
    return new WriteLateVisits(settings, delivery);
  }

  @Override
  public PDone expand(PCollection<LateVisit> visits) {
    String topic = settings.topics().lateVisits();
    return visits
        .apply("FormatLateVisits", ParDo.of(new FormatLateVisitFn(topic)))
        .setCoder(WriteRecords.CODER)
        .apply("WriteRecords", new WriteRecords(settings, topic, delivery, Map.of()));
  }

  private static final class FormatLateVisitFn
      extends DoFn<LateVisit, ProducerRecord<byte[], byte[]>> {
    private static final long serialVersionUID = 1L;
    private final String topic;

    FormatLateVisitFn(String topic) {
      this.topic = topic;
    }

    @ProcessElement
    public void format(
        @Element LateVisit late, OutputReceiver<ProducerRecord<byte[], byte[]>> out) {
      Visit visit = late.located().visit();
      LateVisitRecord record =
          new LateVisitRecord(
              visit.visitId(),
              VisitJson.write(visit),
              late.lateByMillis(),
              late.located().provenance().position());
      out.output(RecordMapping.toProduce(topic, record.write()));
    }
  }
}
