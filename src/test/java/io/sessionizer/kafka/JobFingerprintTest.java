package io.sessionizer.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sessionizer.config.BadFlagsException;
import io.sessionizer.launch.Flags;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.junit.jupiter.api.Test;

/** What a job commits with its offsets about itself. */
class JobFingerprintTest {
  private static final String DEFAULTS =
      "--visitsTopic=visits --sessionsTopic=sessions --lateVisitsTopic=late-visits"
          + " --deadLettersTopic=dead-letters --engine=stateful --sessionGap=16m"
          + " --maxSessionDuration=1d --maxPagesPerSession=10000 --maxSessionBytes=900000"
          + " --deduplicate=false --splitOn=none --endOn=none --splitAtMidnight=none";

  private static JobFingerprint of(String... flags) throws BadFlagsException {
    return JobFingerprint.of(Flags.parse(flags).settings());
  }

  @Test
  void hasSettingsThatSessionsDependOn() throws Exception {
    assertEquals(DEFAULTS, of().flags());
    assertEquals(DEFAULTS, of("--allowedLateness=1h", "--timeZone=Asia/Tokyo").flags());
  }

  @Test
  void differencesAreThoseFlags() throws Exception {
    JobFingerprint other = of("--sessionGap=960s", "--engine=windows", "--sessionsTopic=s");
    assertEquals(List.of("--sessionsTopic=s", "--engine=windows"), other.differencesFrom(of()));
    assertEquals(
        List.of("--sessionsTopic=sessions", "--engine=stateful"), of().differencesFrom(other));
  }

  @Test
  void hasRules() throws Exception {
    String[] rules = {
      "--splitOn=user_id", "--endOn=page=check out", "--splitAtMidnight", "--timeZone=Asia/Tokyo"
    };
    JobFingerprint other = of(rules);
    assertEquals(
        List.of("--splitOn=user_id", "--endOn=page=check%20out", "--splitAtMidnight=true"),
        other.differencesFrom(of()));
    rules[3] = "--timeZone=UTC";
    assertEquals(List.of("--timeZone=UTC"), of(rules).differencesFrom(other));
    JobFingerprint longRule = of("--endOn=page=" + "p".repeat(1_000));
    assertTrue(longRule.flags().length() < 400, longRule.flags());
    assertEquals(1, longRule.differencesFrom(of("--endOn=page=q")).size());
  }

  @Test
  void hasFormatThatIsNotUsual() throws Exception {
    JobFingerprint mapped =
        of("--visitFormat=segment", "--pageField=name", "--where=type = \"page\"", "--missing=");
    assertEquals(
        DEFAULTS
            + " --where=type%20=%20\"page\" --visitIdField=anonymousId,userId"
            + " --eventTimeField=timestamp --userIdField=userId --pageField=name --missing=''",
        mapped.flags());
    assertEquals(
        List.of("--pageField=name"),
        mapped.differencesFrom(
            of("--visitFormat=segment", "--pageField=path", "--where=type = \"page\"")));
    assertEquals(
        List.of(
            "--where=none",
            "--visitIdField=visit_id",
            "--eventTimeField=event_time",
            "--userIdField=user_id",
            "--pageField=page",
            "--missing=none"),
        of().differencesFrom(mapped));
    assertEquals(6, mapped.differencesFrom(of()).size());
  }

  @Test
  void hasOrderAndDuplicatesOfEvents() throws Exception {
    String[] flags = {"--sequenceField=seq", "--eventIdField=id", "--deduplicate"};
    JobFingerprint job = of(flags);
    assertEquals(
        List.of("--deduplicate=true", "--eventIdField=id", "--sequenceField=seq"),
        job.differencesFrom(of()));
    assertEquals(
        List.of("--deduplicate=false", "--eventIdField=none", "--sequenceField=none"),
        of().differencesFrom(job));
  }

  @Test
  void hasExcludedVisits() throws Exception {
    JobFingerprint excluding = of("--privateVisits=exclude", "--privateField=/user/private");
    assertEquals(
        List.of("--privateVisits=exclude", "--privateField=/user/private"),
        List.of(excluding.flags().replaceFirst(DEFAULTS + " ", "").split(" ", -1)));
    assertEquals(List.of("--privateVisits=exclude"), excluding.differencesFrom(of()));
    assertEquals(List.of("--privateVisits=keep"), of().differencesFrom(excluding));
  }

  @Test
  void attributesAndPseudonymsAreNoPart() throws Exception {
    assertEquals(DEFAULTS, of("--attribute=entry=first(page)").flags());
    assertEquals(
        DEFAULTS,
        of(
                "--privateVisits=pseudonymize",
                "--pseudonymKey=${file:/etc/keys:key}",
                "--producerConfig=config.providers=file")
            .flags());
  }

  @Test
  void unknownFlagOfOtherVersionIsNoDifference() throws Exception {
    JobFingerprint later = new JobFingerprint(DEFAULTS + " --rules=a");
    assertEquals(List.of(), later.differencesFrom(of()));
    assertEquals(List.of(), of().differencesFrom(later));
  }

  @Test
  void isReadFromMetadataOfOffset() throws Exception {
    OffsetAndMetadata offset = new CommittedOffset(9, 7).in(new OffsetAndMetadata(9, "by hand"));
    OffsetAndMetadata committed = of().addTo(offset);
    assertEquals(Optional.of(of()), JobFingerprint.in(committed));
    assertEquals(new CommittedOffset(9, 7), CommittedOffset.of(committed));
    assertEquals(Optional.empty(), JobFingerprint.in(offset));
  }

  @Test
  void keepsOtherMetadataReadable() throws Exception {
    UUID job = UUID.randomUUID();
    PartitionProgress progress = new PartitionProgress(1, 2, 3, true, 4);
    OffsetAndMetadata committed =
        of().addTo(CommittedOffset.of(9).in(new OffsetAndMetadata(9, progress.metadata(job))));
    assertEquals(Optional.of(progress), PartitionProgress.of(committed.metadata(), job));
    assertEquals(Optional.of(job), PartitionProgress.job(committed.metadata()));
    assertTrue(CommittedOffset.isDrained(of().addTo(CommittedOffset.drained(9))));
    committed =
        of("--where=a =\n'\u2028'", "--endOn=page=a\nb")
            .addTo(new CommittedOffset(9, 7).in(new OffsetAndMetadata(9, progress.metadata(job))));
    assertEquals(new CommittedOffset(9, 7), CommittedOffset.of(committed));
    assertEquals(Optional.of(progress), PartitionProgress.of(committed.metadata(), job));
  }

  @Test
  void fitsMetadataOfOffset() throws Exception {
    String longest = "t".repeat(248);
    JobFingerprint job =
        of(
            "--visitsTopic=1" + longest,
            "--sessionsTopic=2" + longest,
            "--lateVisitsTopic=3" + longest,
            "--deadLettersTopic=4" + longest);
    // Kafka's default of offset.metadata.max.bytes is 4096.
    assertTrue(job.flags().length() < 2_000);
    String text = "\u20ac".repeat(280);
    JobFingerprint mapped = longest(longest, text, text);
    assertTrue(mapped.flags().startsWith("--visitsTopic=hash:"), mapped.flags());
    assertTrue(mapped.flags().getBytes(UTF_8).length <= 3_600, mapped.flags());
    assertEquals(List.of(), mapped.differencesFrom(mapped));
    JobFingerprint other = longest(longest, text, "\u20ad".repeat(280));
    assertEquals(
        List.of("--pageField"),
        other.differencesFrom(mapped).stream().map(flag -> flag.replaceFirst("=.*", "")).toList());
  }

  private static JobFingerprint longest(String topic, String text, String page) throws Exception {
    return of(
        "--visitsTopic=1" + topic + ",2" + topic + ",visits",
        "--splitOn=" + text,
        "--endOn=a=" + text,
        "--visitIdField=" + text,
        "--eventTimeField=" + text,
        "--userIdField=" + text,
        "--pageField=" + page,
        "--where=" + text + "=1");
  }
}
