package io.sessionizer.sessions;

import io.sessionizer.coders.VersionedCoder;
import io.sessionizer.records.SessionStart;
import io.sessionizer.sessions.SessionState.Phase;
import io.sessionizer.sessions.SessionState.Publication;
import io.sessionizer.sessions.SessionState.Status;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.coders.NullableCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.coders.VarLongCoder;

/** Codes a {@link SessionState} that is not empty, as it is in the log of a shard. */
final class SessionStateCoder extends VersionedCoder<SessionState> {
  private static final long serialVersionUID = 1L;
  private static final SessionStateCoder INSTANCE = new SessionStateCoder();
  private static final VarIntCoder INT = VarIntCoder.of();
  private static final VarLongCoder LONG = VarLongCoder.of();
  private static final NullableCoder<String> OPTIONAL_TEXT = NullableCoder.of(StringUtf8Coder.of());

  /** In place of the pages of an open session, if there is none. */
  private static final int NO_PAGES = 0;

  private SessionStateCoder() {
    super(SessionState.class, 3);
  }

  static SessionStateCoder of() {
    return INSTANCE;
  }

  @Override
  protected void write(SessionState state, OutputStream out) throws IOException {
    if (state.isEmpty()) {
      throw new CoderException("a visit id of which nothing is retained has no state to store");
    }
    OPTIONAL_TEXT.encode(state.userId(), out);
    INT.encode(state.publications().size(), out);
    for (Publication published : state.publications()) {
      write(published.start(), out);
      INT.encode(published.revision(), out);
      INT.encode(number(published.status()), out);
    }
    LONG.encode(state.evictedUpToMillis(), out);
    if (!state.publications().isEmpty()) {
      LONG.encode(state.unaffectedFromMillis(), out);
    }
    INT.encode(state.firstOrdinal(), out);
    if (state.phase() instanceof OpenSession newest) {
      INT.encode(newest.pages(), out);
      write(newest.start(), out);
      LONG.encode(newest.endMillis(), out);
      write(newest.bytes(), out);
      write(newest.earlier(), out);
    } else {
      INT.encode(NO_PAGES, out);
    }
    LONG.encode(state.nextActionAtMillis(), out);
  }

  @Override
  protected SessionState read(InputStream in) throws IOException {
    String userId = OPTIONAL_TEXT.decode(in);
    int count = INT.decode(in);
    List<Publication> publications = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      publications.add(new Publication(start(in), INT.decode(in), status(INT.decode(in))));
    }
    long evictedUpTo = LONG.decode(in);
    long unaffectedFrom = count == 0 ? SessionState.BEGINNING_OF_TIME : LONG.decode(in);
    int firstOrdinal = INT.decode(in);
    Phase phase = phase(INT.decode(in), in);
    return new SessionState(
        phase, userId, publications, evictedUpTo, unaffectedFrom, firstOrdinal, LONG.decode(in));
  }

  private static Phase phase(int pages, InputStream in) throws IOException {
    return pages == NO_PAGES
        ? new Phase.Retained()
        : new OpenSession(start(in), LONG.decode(in), pages, bytes(in), bytes(in));
  }

  private static void write(SessionStart start, OutputStream out) throws IOException {
    LONG.encode(start.millis(), out);
    INT.encode(start.ordinal(), out);
  }

  private static SessionStart start(InputStream in) throws IOException {
    return new SessionStart(LONG.decode(in), INT.decode(in));
  }

  private static void write(SessionBytes bytes, OutputStream out) throws IOException {
    LONG.encode(bytes.visits(), out);
    INT.encode(bytes.user(), out);
  }

  private static SessionBytes bytes(InputStream in) throws IOException {
    return new SessionBytes(LONG.decode(in), INT.decode(in));
  }

  private static int number(Status status) {
    return switch (status) {
      case CURRENT -> 0;
      case STALE -> 1;
      case RETRACTED -> 2;
    };
  }

  private static Status status(int number) throws IOException {
    return switch (number) {
      case 0 -> Status.CURRENT;
      case 1 -> Status.STALE;
      case 2 -> Status.RETRACTED;
      default -> throw new IOException("no status has the number " + number);
    };
  }
}
