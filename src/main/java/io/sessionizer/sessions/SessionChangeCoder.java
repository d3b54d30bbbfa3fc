package io.sessionizer.sessions;

import io.sessionizer.coders.VersionedCoder;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import org.apache.beam.sdk.coders.ListCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarIntCoder;

/** Codes a {@link SessionChange}. */
public final class SessionChangeCoder extends VersionedCoder<SessionChange> {
  private static final long serialVersionUID = 1L;
  private static final SessionChangeCoder INSTANCE = new SessionChangeCoder();
  private static final StringUtf8Coder TEXT = StringUtf8Coder.of();
  private static final VarIntCoder INT = VarIntCoder.of();
  private static final ListCoder<VisitedPage> PAGES = ListCoder.of(VisitedPageCoder.of());

  private SessionChangeCoder() {
    super(1);
  }

  /** The coder. */
  public static SessionChangeCoder of() {
    return INSTANCE;
  }

  @Override
  protected void write(SessionChange change, OutputStream out) throws IOException {
    TEXT.encode(change.session().visitId(), out);
    PAGES.encode(change.session().pages(), out);
    INT.encode(change.revision(), out);
    TEXT.encode(change.timing().name(), out);
    TEXT.encode(change.endReason().name(), out);
  }

  @Override
  protected SessionChange read(InputStream in) throws IOException {
    String visitId = TEXT.decode(in);
    List<VisitedPage> pages = PAGES.decode(in);
    return new SessionChange(
        new Session(visitId, pages),
        INT.decode(in),
        Timing.valueOf(TEXT.decode(in)),
        EndReason.valueOf(TEXT.decode(in)));
  }
}
