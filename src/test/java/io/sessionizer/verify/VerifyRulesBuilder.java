package io.sessionizer.verify;

import io.sessionizer.attributes.SessionAttributes;
import io.sessionizer.formats.InputFormat;
import io.sessionizer.sessions.SessionPolicy;
import io.sessionizer.sessions.VisitField;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Builds the rules of a verification. By default they are those of the stateful engine, on visits
 * in the default format that are all verified, in UTC.
 */
public final class VerifyRulesBuilder {
  private final SessionPolicy policy;
  private Duration maxOutOfOrderness = Duration.ZERO;
  private boolean dropsLateVisits;
  private InputFormat inputFormat = InputFormat.DEFAULT;
  private @Nullable SessionAttributes attributes;
  private ZoneId timeZone = ZoneOffset.UTC;
  private @Nullable SeamRule seam;
  private @Nullable Long sinceMillis;
  private @Nullable Long untilMillis;

  private VerifyRulesBuilder(SessionPolicy policy) {
    this.policy = policy;
  }

  public static VerifyRulesBuilder of(SessionPolicy policy) {
    return new VerifyRulesBuilder(policy);
  }

  VerifyRulesBuilder maxOutOfOrderness(Duration outOfOrderness) {
    this.maxOutOfOrderness = outOfOrderness;
    return this;
  }

  VerifyRulesBuilder dropsLateVisits(boolean drops) {
    this.dropsLateVisits = drops;
    return this;
  }

  public VerifyRulesBuilder inputFormat(InputFormat format) {
    this.inputFormat = format;
    return this;
  }

  VerifyRulesBuilder attributes(@Nullable SessionAttributes ofSessions) {
    this.attributes = ofSessions;
    return this;
  }

  VerifyRulesBuilder timeZone(ZoneId zone) {
    this.timeZone = zone;
    return this;
  }

  /** The archive up to a seam is verified, with what it carries over. */
  public VerifyRulesBuilder archiveUntil(long millis) {
    this.seam = new SeamRule(millis, true);
    return this;
  }

  /** Sessions are verified that start from {@code since} on and before {@code until}. */
  VerifyRulesBuilder between(long since, long until) {
    this.sinceMillis = since;
    this.untilMillis = until;
    return this;
  }

  public VerifyRules build() {
    return new VerifyRules(
        policy.gap().toMillis(),
        policy.allowedLateness().toMillis(),
        maxOutOfOrderness.toMillis(),
        policy.maxDuration().toMillis(),
        policy.maxPages(),
        policy.maxBytes(),
        policy.deduplicate(),
        policy.rules().splitOn().stream().map(VisitField::fieldName).toList(),
        policy.rules().endOn().stream()
            .map(end -> new VerifyRules.EndValue(end.field().fieldName(), end.value()))
            .toList(),
        policy.rules().midnightIn() != null,
        dropsLateVisits,
        inputFormat,
        attributes,
        null,
        1 << 20,
        timeZone,
        seam,
        sinceMillis,
        untilMillis);
  }
}
