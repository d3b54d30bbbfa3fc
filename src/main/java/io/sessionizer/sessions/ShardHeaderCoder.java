package io.sessionizer.sessions;

import io.sessionizer.coders.VersionedCoder;
import io.sessionizer.sessions.SessionRules.FieldValue;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.coders.BigEndianLongCoder;
import org.apache.beam.sdk.coders.BooleanCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.coders.VarLongCoder;

/**
 * Codes a {@link ShardHeader}: a part of the stateful engine's saved state. Its version is also
 * that of the entries of the log: 1, or 2 if the policy has rules, which are then at the end.
 */
final class ShardHeaderCoder extends VersionedCoder<ShardHeader> {
  private static final long serialVersionUID = 1L;
  private static final ShardHeaderCoder INSTANCE = new ShardHeaderCoder();
  private static final int WITHOUT_RULES = 1;
  private static final int WITH_RULES = 2;
  private static final StringUtf8Coder TEXT = StringUtf8Coder.of();
  private static final VarIntCoder INT = VarIntCoder.of();
  private static final VarLongCoder LONG = VarLongCoder.of();
  private static final BigEndianLongCoder TOKEN = BigEndianLongCoder.of();
  private static final BooleanCoder BOOLEAN = BooleanCoder.of();

  private ShardHeaderCoder() {
    super(ShardHeader.class, WITHOUT_RULES, WITH_RULES);
  }

  @Override
  protected int version(ShardHeader header) {
    return header.policy().rules().isNone() ? WITHOUT_RULES : WITH_RULES;
  }

  static ShardHeaderCoder of() {
    return INSTANCE;
  }

  @Override
  protected void write(ShardHeader header, OutputStream out) throws IOException {
    SessionPolicy policy = header.policy();
    LONG.encode(policy.gap().toMillis(), out);
    LONG.encode(policy.allowedLateness().toMillis(), out);
    LONG.encode(policy.maxDuration().toMillis(), out);
    INT.encode(policy.maxPages(), out);
    INT.encode(policy.maxBytes(), out);
    BOOLEAN.encode(policy.deduplicate(), out);
    TOKEN.encode(header.token(), out);
    LONG.encode(header.firstNumber(), out);
    LONG.encode(header.nextNumber(), out);
    LONG.encode(header.timerMillis(), out);
    LONG.encode(header.bytesInLog(), out);
    LONG.encode(header.bytesAlive(), out);
    if (!policy.rules().isNone()) {
      write(policy.rules(), out);
    }
  }

  private static void write(SessionRules rules, OutputStream out) throws IOException {
    ZoneId zone = rules.midnightIn();
    TEXT.encode(zone == null ? "" : zone.getId(), out);
    INT.encode(rules.splitOn().size(), out);
    for (VisitField field : rules.splitOn()) {
      TEXT.encode(field.fieldName(), out);
    }
    INT.encode(rules.endOn().size(), out);
    for (FieldValue end : rules.endOn()) {
      TEXT.encode(end.field().fieldName(), out);
      TEXT.encode(end.value(), out);
    }
  }

  private static SessionRules readRules(InputStream in) throws IOException {
    String zone = TEXT.decode(in);
    List<VisitField> splitOn = new ArrayList<>();
    for (int left = INT.decode(in); left > 0; left--) {
      splitOn.add(readField(in));
    }
    List<FieldValue> endOn = new ArrayList<>();
    for (int left = INT.decode(in); left > 0; left--) {
      endOn.add(new FieldValue(readField(in), TEXT.decode(in)));
    }
    return new SessionRules(splitOn, endOn, zone.isEmpty() ? null : ZoneId.of(zone));
  }

  private static VisitField readField(InputStream in) throws IOException {
    return VisitField.named(TEXT.decode(in));
  }

  @Override
  protected ShardHeader read(InputStream in) throws IOException {
    SessionPolicy policy =
        new SessionPolicy(
            Duration.ofMillis(LONG.decode(in)),
            Duration.ofMillis(LONG.decode(in)),
            Duration.ofMillis(LONG.decode(in)),
            INT.decode(in),
            INT.decode(in),
            BOOLEAN.decode(in));
    return new ShardHeader(
        policy,
        TOKEN.decode(in),
        LONG.decode(in),
        LONG.decode(in),
        LONG.decode(in),
        LONG.decode(in),
        LONG.decode(in));
  }

  @Override
  protected ShardHeader read(InputStream in, int version) throws IOException {
    ShardHeader header = read(in);
    return version == WITHOUT_RULES ? header : header.with(readRules(in));
  }
}
