package io.sessionizer.sessions;

import io.sessionizer.coders.VersionedCoder;
import io.sessionizer.records.EndReason;
import io.sessionizer.records.Session;
import io.sessionizer.records.SessionId;
import io.sessionizer.records.SessionRecord;
import io.sessionizer.records.SessionRecord.Tombstone;
import io.sessionizer.records.SessionRecord.Upsert;
import io.sessionizer.records.Timing;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Objects;
import org.apache.beam.sdk.coders.BooleanCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarIntCoder;

/** Codes a {@link SessionRecord}. */
public final class SessionRecordCoder extends VersionedCoder<SessionRecord> {
  private static final long serialVersionUID = 1L;
  private static final SessionRecordCoder INSTANCE = new SessionRecordCoder();
  private static final StringUtf8Coder TEXT = StringUtf8Coder.of();
  private static final VarIntCoder INT = VarIntCoder.of();
  private static final BooleanCoder IS_UPSERT = BooleanCoder.of();
  private static final VisitedPagesCoder PAGES = VisitedPagesCoder.of();

  private SessionRecordCoder() {
    super(SessionRecord.class, 2);
  }

  /** The coder. */
  public static SessionRecordCoder of() {
    return INSTANCE;
  }

  @Override
  protected void write(SessionRecord change, OutputStream out) throws IOException {
    IS_UPSERT.encode(change instanceof Upsert, out);
    TEXT.encode(change.visitId(), out);
    INT.encode(change.revision(), out);
    if (change instanceof Upsert upsert) {
      PAGES.encode(upsert.session().pages(), out);
      INT.encode(upsert.session().ordinal(), out);
      TEXT.encode(upsert.timing().name(), out);
      TEXT.encode(upsert.endReason().name(), out);
    } else if (change instanceof Tombstone tombstone) {
      TEXT.encode(tombstone.sessionId().toString(), out);
      TEXT.encode(Objects.requireNonNull(tombstone.supersededBy()).toString(), out);
    }
  }

  @Override
  protected SessionRecord read(InputStream in) throws IOException {
    boolean isUpsert = IS_UPSERT.decode(in);
    String visitId = TEXT.decode(in);
    int revision = INT.decode(in);
    return isUpsert
        ? new Upsert(
            new Session(visitId, PAGES.decode(in), INT.decode(in)),
            revision,
            Timing.valueOf(TEXT.decode(in)),
            EndReason.valueOf(TEXT.decode(in)))
        : new Tombstone(
            SessionId.parse(TEXT.decode(in)), revision, SessionId.parse(TEXT.decode(in)));
  }
}
