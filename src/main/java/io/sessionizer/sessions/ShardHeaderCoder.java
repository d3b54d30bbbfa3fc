package io.sessionizer.sessions;

import io.sessionizer.coders.VersionedCoder;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import org.apache.beam.sdk.coders.BigEndianLongCoder;
import org.apache.beam.sdk.coders.BooleanCoder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.coders.VarLongCoder;

/**
 * Codes a {@link ShardHeader}: a part of the stateful engine's saved state. Its version is also
 * that of the entries of the log.
 */
final class ShardHeaderCoder extends VersionedCoder<ShardHeader> {
  private static final long serialVersionUID = 1L;
  private static final ShardHeaderCoder INSTANCE = new ShardHeaderCoder();
  private static final VarIntCoder INT = VarIntCoder.of();
  private static final VarLongCoder LONG = VarLongCoder.of();
  private static final BigEndianLongCoder TOKEN = BigEndianLongCoder.of();
  private static final BooleanCoder BOOLEAN = BooleanCoder.of();

  private ShardHeaderCoder() {
    super(ShardHeader.class, 1);
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
}
