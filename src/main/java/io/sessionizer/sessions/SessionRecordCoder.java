package io.sessionizer.sessions;

import io.sessionizer.coders.VersionedCoder;
import io.sessionizer.records.EndReason;
import io.sessionizer.records.PackedSession;
import io.sessionizer.records.Session;
import io.sessionizer.records.SessionId;
import io.sessionizer.records.SessionRecord;
import io.sessionizer.records.SessionRecord.PackedUpsert;
import io.sessionizer.records.SessionRecord.Tombstone;
import io.sessionizer.records.SessionRecord.Upsert;
import io.sessionizer.records.Timing;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Objects;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.coders.VarLongCoder;

/** Codes a {@link SessionRecord}. */
public final class SessionRecordCoder extends VersionedCoder<SessionRecord> {
  private static final long serialVersionUID = 1L;
  private static final SessionRecordCoder INSTANCE = new SessionRecordCoder();
  private static final StringUtf8Coder TEXT = StringUtf8Coder.of();
  private static final VarIntCoder INT = VarIntCoder.of();
  private static final VarLongCoder LONG = VarLongCoder.of();
  private static final ByteArrayCoder BYTES = ByteArrayCoder.of();
  private static final VisitedPagesCoder PAGES = VisitedPagesCoder.of();

  private static final int TOMBSTONE = 0;
  private static final int UPSERT = 1;
  private static final int PACKED_UPSERT = 2;

  private SessionRecordCoder() {
    super(SessionRecord.class, 2);
  }

  /** The coder. */
  public static SessionRecordCoder of() {
    return INSTANCE;
  }

  @Override
  protected void write(SessionRecord change, OutputStream out) throws IOException {
    if (change instanceof PackedUpsert upsert) {
      INT.encode(PACKED_UPSERT, out);
      PackedSession session = upsert.session();
      BYTES.encode(session.bytes(), out);
      INT.encode(session.visitIdLength(), out);
      INT.encode(session.userIdLength() + 1, out);
      LONG.encode(session.startMillis(), out);
      LONG.encode(session.endMillis() - session.startMillis(), out);
      INT.encode(upsert.revision(), out);
      TEXT.encode(upsert.timing().name(), out);
      write(upsert.endReason(), out);
      return;
    }
    INT.encode(change instanceof Upsert ? UPSERT : TOMBSTONE, out);
    TEXT.encode(change.visitId(), out);
    INT.encode(change.revision(), out);
    if (change instanceof Upsert upsert) {
      PAGES.encode(upsert.session().pages(), out);
      INT.encode(upsert.session().ordinal(), out);
      TEXT.encode(upsert.timing().name(), out);
      write(upsert.endReason(), out);
    } else if (change instanceof Tombstone tombstone) {
      TEXT.encode(tombstone.sessionId().toString(), out);
      TEXT.encode(Objects.requireNonNull(tombstone.supersededBy()).toString(), out);
    }
  }

  @Override
  protected SessionRecord read(InputStream in) throws IOException {
    int kind = INT.decode(in);
    if (kind == PACKED_UPSERT) {
      byte[] bytes = BYTES.decode(in);
      int visitIdLength = INT.decode(in);
      int userIdLength = INT.decode(in) - 1;
      long start = LONG.decode(in);
      long end = start + LONG.decode(in);
      return new PackedUpsert(
          new PackedSession(bytes, visitIdLength, userIdLength, start, end),
          INT.decode(in),
          Timing.valueOf(TEXT.decode(in)),
          readEndReason(in));
    }
    String visitId = TEXT.decode(in);
    int revision = INT.decode(in);
    return kind == UPSERT
        ? new Upsert(
            new Session(visitId, PAGES.decode(in), INT.decode(in)),
            revision,
            Timing.valueOf(TEXT.decode(in)),
            readEndReason(in))
        : new Tombstone(
            SessionId.parse(TEXT.decode(in)), revision, SessionId.parse(TEXT.decode(in)));
  }

  private static void write(EndReason endReason, OutputStream out) throws IOException {
    String cause = endReason.cause().name();
    TEXT.encode(endReason.rule() == null ? cause : cause + ":" + endReason.rule(), out);
  }

  private static EndReason readEndReason(InputStream in) throws IOException {
    String text = TEXT.decode(in);
    int colon = text.indexOf(':');
    return colon < 0
        ? new EndReason(EndReason.Cause.valueOf(text), null)
        : new EndReason(
            EndReason.Cause.valueOf(text.substring(0, colon)), text.substring(colon + 1));
  }
}
