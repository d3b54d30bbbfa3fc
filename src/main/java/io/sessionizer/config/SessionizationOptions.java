package io.sessionizer.config;

import java.util.Map;
import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;

/** The flags of the job, as typed. {@link Settings} is what they mean. */
public interface SessionizationOptions extends PipelineOptions {

  @Description("Kafka brokers. Several are separated by commas")
  @Default.String("localhost:9092")
  String getBootstrapServers();

  void setBootstrapServers(String value);

  @Description(
      "files to read visits from, not a topic. A glob such as 'visits/*.jsonl.gz', or - for the"
          + " standard input; lines, compressed or not. The flag may be repeated")
  FlagValues getInput();

  void setInput(FlagValues value);

  @Description(
      "folder to write files to, with --input. New or empty; - writes sessions to the standard"
          + " output")
  String getOutput();

  void setOutput(String value);

  @Description("jsonl or parquet: what sessions are written as, with --output=DIR")
  @Default.String("jsonl")
  String getOutputFormat();

  void setOutputFormat(String value);

  @Description("with --output=-: file for rejected records, with the reason")
  String getDeadLetters();

  void setDeadLetters(String value);

  @Description(
      "event time where a stream continues the archive of --input. Visits from then on are skipped;"
          + " those of sessions that are open then are written to files, for --openVisits")
  String getSeam();

  void setSeam(String value);

  @Description(
      "folder with the visits of sessions that were open at the seam. They are read first, and"
          + " visits of the topic before the seam are skipped. With --input, the folder to write")
  String getOpenVisits();

  void setOpenVisits(String value);

  @Description("topic to read visits from. Several are separated by commas")
  @Default.String("visits")
  String getVisitsTopic();

  void setVisitsTopic(String value);

  @Description(
      "format of the visits. It is a name, or a YAML file, which has a '/' or ends in .yaml. It sets the flags for the format of the visits; those that are given override it [reference]")
  String getVisitFormat();

  void setVisitFormat(String value);

  @Description("what records are written in: json, tsv, csv or regex:PATTERN [json]")
  String getRecordFormat();

  void setRecordFormat(String value);

  @Description("names of the columns of a record, with commas between them")
  String getColumns();

  void setColumns(String value);

  @Description(
      "field of the record that has the event: an object, JSON as a text, or base64:FIELD. Without it, the record is the event")
  String getRecordField();

  void setRecordField(String value);

  @Description("field whose text is JSON itself. The flag may be repeated")
  String getJsonText();

  void setJsonText(String value);

  @Description(
      "condition of the events that are visits. Others are counted and left out. For example 'type in (\"page\", \"screen\")'")
  String getWhere();

  void setWhere(String value);

  @Description("field that visits of one session have in common [visit_id]")
  String getVisitIdField();

  void setVisitIdField(String value);

  @Description("field with the event time [event_time]")
  String getEventTimeField();

  void setEventTimeField(String value);

  @Description(
      "iso8601, epoch-seconds, epoch-millis, epoch-micros, epoch-nanos or pattern:PATTERN. The pattern is one of Java's DateTimeFormatter, with English names [iso8601]")
  String getEventTimeFormat();

  void setEventTimeFormat(String value);

  @Description("time zone of event times without one [UTC]")
  String getEventTimeZone();

  void setEventTimeZone(String value);

  @Description("field with the user id; none if there is none [user_id]")
  String getUserIdField();

  void setUserIdField(String value);

  @Description("field with the page; none if there is none [page]")
  String getPageField();

  void setPageField(String value);

  @Description(
      "field with the id of the event: with --deduplicate, visits of one time that have the same"
          + " are one")
  String getEventIdField();

  void setEventIdField(String value);

  @Description("field with a number that orders visits of one millisecond")
  String getSequenceField();

  void setSequenceField(String value);

  @Description(
      "text that stands for a value that is missing, for example '-', or nothing at all for the empty"
          + " text. The flag may be repeated")
  FlagValues getMissing();

  void setMissing(FlagValues value);

  @Description(
      "keep, exclude or pseudonymize. Excluded visits are counted and go no further, neither into sessions nor to dead-letters. With pseudonymize, the session of a private visit has a pseudonym in place of its user")
  @Default.String("keep")
  String getPrivateVisits();

  void setPrivateVisits(String value);

  @Description(
      "field that says whether a visit is private: it is if the field is true, or the text true")
  @Default.String("keep_private")
  String getPrivateField();

  void setPrivateField(String value);

  @Description(
      "with --privateVisits=pseudonymize: field of which private sessions have no attributes. The flag may be repeated")
  FlagValues getPrivateFields();

  void setPrivateFields(FlagValues value);

  @Description(
      "with --privateVisits=pseudonymize: the secret key of the pseudonyms, as a reference to a config provider of --producerConfig. For example ${file:/etc/pseudonyms.properties:key}")
  String getPseudonymKey();

  void setPseudonymKey(String value);

  @Description("topic to write sessions to")
  @Default.String("sessions")
  String getSessionsTopic();

  void setSessionsTopic(String value);

  @Description("topic for visits that are too late. The windows engine drops them instead")
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

  @Description(
      "how long a session accepts late visits (a duration). It is counted from the end of the session, which is one --sessionGap after its last visit")
  @Default.String("15m")
  String getAllowedLateness();

  void setAllowedLateness(String value);

  @Description(
      "windows or stateful. The windows engine uses Beam's session windows; the stateful engine also retracts sessions that late visits merge or move. The default is windows on Dataflow, else stateful [depends on the runner]")
  String getEngine();

  void setEngine(String value);

  @Description("maximum session length (a duration)")
  @Default.String("24h")
  String getMaxSessionDuration();

  void setMaxSessionDuration(String value);

  @Description("maximum number of visits in a session")
  @Default.Integer(10_000)
  Integer getMaxPagesPerSession();

  void setMaxPagesPerSession(Integer value);

  @Description("maximum size of a session's record, in bytes")
  @Default.Integer(900_000)
  Integer getMaxSessionBytes();

  void setMaxSessionBytes(Integer value);

  @Description(
      "count visits of one visit id with the same time and page as one; with --eventIdField, those"
          + " with the same time and event id")
  @Default.Boolean(false)
  Boolean getDeduplicate();

  void setDeduplicate(Boolean value);

  @Description(
      "field of events, for example user_id: a visit with another value than the last one begins a"
          + " session. The flag may be repeated")
  FlagValues getSplitOn();

  void setSplitOn(FlagValues value);

  @Description(
      "field of events and a value, for example page=/thanks: a visit that has it ends its session."
          + " The flag may be repeated")
  FlagValues getEndOn();

  void setEndOn(FlagValues value);

  @Description("begin a session at the first visit of a day in --timeZone")
  @Default.Boolean(false)
  Boolean getSplitAtMidnight();

  void setSplitAtMidnight(Boolean value);

  @Description(
      "attribute of sessions: a name, and how it is computed from the visits. For example"
          + " entry_page=first(page) or revenue=sum(/value). The flag may be repeated")
  FlagValues getAttribute();

  void setAttribute(FlagValues value);

  @Description("watermark delay behind the newest visit (a duration)")
  @Default.String("1m")
  String getMaxOutOfOrderness();

  void setMaxOutOfOrderness(String value);

  @Description(
      "how long a caught-up partition may be silent before it no longer holds back the watermark (a duration). Measured by the wall clock")
  @Default.String("30s")
  String getIdleAfter();

  void setIdleAfter(String value);

  @Description("how far ahead of the wall clock an event time may be (a duration)")
  @Default.String("1h")
  String getMaxFutureSkew();

  void setMaxFutureSkew(String value);

  @Description("maximum size of a record that is read as a visit, in bytes")
  @Default.Integer(1 << 20)
  Integer getMaxRecordBytes();

  void setMaxRecordBytes(Integer value);

  @Description("time zone of start_time and end_time. For example Europe/Paris")
  @Default.String("UTC")
  String getTimeZone();

  void setTimeZone(String value);

  @Description(
      "committed, earliest, latest or time. With committed, reading starts at the offsets that the consumer group has committed, or earlier, as far as the sessions need that were open there; at earliest if it has none. A time, such as 2024-01-01T00:00:00Z, is that of the Kafka records, not of the visits")
  @Default.String("committed")
  String getStartFrom();

  void setStartFrom(String value);

  @Description(
      "with --startFrom=committed: how far before the committed offsets to start, in place of as far as open sessions need (a duration). It is measured by the times of the Kafka records")
  String getRewind();

  void setRewind(String value);

  @Description(
      "use the consumer group even if its offsets belong to a job with other settings, or another job of the group seems to run")
  @Default.Boolean(false)
  Boolean getTakeOver();

  void setTakeOver(Boolean value);

  @Description("read up to the current end of the topic and exit. Open sessions are flushed")
  @Default.Boolean(false)
  Boolean getStopWhenDrained();

  void setStopWhenDrained(Boolean value);

  @Description(
      "port for /metrics and /-/healthy. The metrics are in the format of Prometheus; 0 is any free port; the job must run in this process [off]")
  Integer getMetricsPort();

  void setMetricsPort(Integer value);

  @Description(
      "address that --metricsPort listens on. Everybody who reaches it can read the metrics")
  @Default.String("127.0.0.1")
  String getMetricsHost();

  void setMetricsHost(String value);

  @Description(
      "Kafka consumer settings: a file or KEY=VALUE. The file is a properties file. The flag may be repeated")
  Map<String, String> getConsumerConfig();

  void setConsumerConfig(Map<String, String> value);

  @Description(
      "Kafka producer settings: a file or KEY=VALUE. The file is a properties file. The flag may be repeated")
  Map<String, String> getProducerConfig();

  void setProducerConfig(Map<String, String> value);
}
