package io.sessionizer.config;

import java.util.Map;
import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;

/** The flags of the job, as typed. {@link Settings} is what they mean. */
public interface SessionizationOptions extends PipelineOptions {

  @Description("Kafka brokers to connect to first, HOST:PORT[,HOST:PORT...]")
  @Default.String("localhost:9092")
  String getBootstrapServers();

  void setBootstrapServers(String value);

  @Description("topic to read visits from")
  @Default.String("visits")
  String getVisitsTopic();

  void setVisitsTopic(String value);

  @Description("topic to write sessions to")
  @Default.String("sessions")
  String getSessionsTopic();

  void setSessionsTopic(String value);

  @Description(
      "topic to write visits to that came too late (by the stateful engine; the other one drops"
          + " them)")
  @Default.String("late-visits")
  String getLateVisitsTopic();

  void setLateVisitsTopic(String value);

  @Description("topic for rejected records, with the reason")
  @Default.String("dead-letters")
  String getDeadLettersTopic();

  void setDeadLettersTopic(String value);

  @Description("inactivity gap that ends a session (a duration)")
  @Default.String("16m")
  String getSessionGap();

  void setSessionGap(String value);

  @Description("how long after its end a session still accepts late visits (a duration)")
  @Default.String("15m")
  String getAllowedLateness();

  void setAllowedLateness(String value);

  @Description(
      "how sessions are formed: windows (Beam's session windows) or stateful (retracts what late visits change) [stateful on FlinkRunner, else windows]")
  String getEngine();

  void setEngine(String value);

  @Description("maximum session length (a duration)")
  @Default.String("24h")
  String getMaxSessionDuration();

  void setMaxSessionDuration(String value);

  @Description("how many visits a session has at most")
  @Default.Integer(10_000)
  Integer getMaxPagesPerSession();

  void setMaxPagesPerSession(Integer value);

  @Description("how many bytes the record of a session has at most")
  @Default.Integer(900_000)
  Integer getMaxSessionBytes();

  void setMaxSessionBytes(Integer value);

  @Description("count visits of one visit id with the same time and page as one")
  @Default.Boolean(false)
  Boolean getDeduplicate();

  void setDeduplicate(Boolean value);

  @Description("how far the watermark stays behind the newest visit (a duration)")
  @Default.String("1m")
  String getMaxOutOfOrderness();

  void setMaxOutOfOrderness(String value);

  @Description(
      "how long a caught-up partition may be silent before it no longer holds back the watermark"
          + " (a duration of wall time)")
  @Default.String("30s")
  String getIdleAfter();

  void setIdleAfter(String value);

  @Description("how far ahead of the wall clock an event time may be (a duration)")
  @Default.String("1h")
  String getMaxFutureSkew();

  void setMaxFutureSkew(String value);

  @Description("the largest record that is read as a visit, in bytes")
  @Default.Integer(1 << 20)
  Integer getMaxRecordBytes();

  void setMaxRecordBytes(Integer value);

  @Description("time zone of start_time and end_time, for example Europe/Paris")
  @Default.String("UTC")
  String getTimeZone();

  void setTimeZone(String value);

  @Description(
      "where to start reading: earliest, latest, committed (else earliest), or a time such as"
          + " 2024-01-01T00:00:00Z (of the Kafka records, not of the visits)")
  @Default.String("earliest")
  String getStartFrom();

  void setStartFrom(String value);

  @Description(
      "with --startFrom=committed: how far before that to begin, so that sessions that were open are"
          + " formed again (a duration, by the times of the Kafka records)")
  String getRewind();

  void setRewind(String value);

  @Description("read up to where the topic ends now, flush open sessions and exit")
  @Default.Boolean(false)
  Boolean getStopWhenDrained();

  void setStopWhenDrained(Boolean value);

  @Description(
      "port for /metrics (Prometheus) and /-/healthy, if the job runs in this process; 0 is any free"
          + " one [off]")
  Integer getMetricsPort();

  void setMetricsPort(Integer value);

  @Description(
      "address that --metricsPort listens at; everybody who reaches it can read the metrics")
  @Default.String("127.0.0.1")
  String getMetricsHost();

  void setMetricsHost(String value);

  @Description("Kafka consumer settings: KEY=VALUE, or a properties file; repeat the flag for more")
  Map<String, String> getConsumerConfig();

  void setConsumerConfig(Map<String, String> value);

  @Description("Kafka producer settings: KEY=VALUE, or a properties file; repeat the flag for more")
  Map<String, String> getProducerConfig();

  void setProducerConfig(Map<String, String> value);
}
