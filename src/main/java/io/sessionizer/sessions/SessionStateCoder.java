package io.sessionizer.sessions;

import io.sessionizer.coders.VersionedCoder;
import io.sessionizer.records.SessionStart;
import io.sessionizer.sessions.SessionState.Published;
import io.sessionizer.sessions.SessionState.PublishedState;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.coders.NullableCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Codes a {@link SessionState}: the format of the stateful engine's saved state. */
final class SessionStateCoder extends VersionedCoder<SessionState> {
  private static final long serialVersionUID = 1L;
  private static final SessionStateCoder INSTANCE = new SessionStateCoder();
  private static final VarIntCoder INT = VarIntCoder.of();
  private static final VarLongCoder LONG = VarLongCoder.of();
  private static final NullableCoder<String> OPTIONAL_TEXT = NullableCoder.of(StringUtf8Coder.of());

  private SessionStateCoder() {
    super(2);
  }

  static SessionStateCoder of() {
    return INSTANCE;
  }

  @Override
  protected void write(SessionState state, OutputStream out) throws IOException {
    OPTIONAL_TEXT.encode(state.userId(), out);
    INT.encode(state.published().size(), out);
    for (Published said : state.published()) {
      write(said.start(), out);
      INT.encode(said.revision(), out);
      INT.encode(number(said.publishedState()), out);
    }
    LONG.encode(state.floorMillis(), out);
    if (!state.published().isEmpty()) {
      LONG.encode(state.settledMillis(), out);
    }
    INT.encode(state.firstOrdinal(), out);
    OpenSession newest = state.newest();
    INT.encode(newest == null ? 0 : newest.pages(), out);
    if (newest != null) {
      write(newest.start(), out);
      LONG.encode(newest.endMillis(), out);
      write(newest.bytes(), out);
      write(state.earlier(), out);
    }
    LONG.encode(state.dueMillis(), out);
    LONG.encode(state.timerMillis(), out);
  }

  @Override
  protected SessionState read(InputStream in) throws IOException {
    String userId = OPTIONAL_TEXT.decode(in);
    int count = INT.decode(in);
    List<Published> published = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      published.add(new Published(start(in), INT.decode(in), publishedState(INT.decode(in))));
    }
    long floor = LONG.decode(in);
    long settled = count == 0 ? SessionState.NOTHING_SETTLED : LONG.decode(in);
    int firstOrdinal = INT.decode(in);
    OpenSession newest = newest(INT.decode(in), in);
    SessionBytes earlier = newest == null ? SessionBytes.NONE : bytes(in);
    return new SessionState(
        userId,
        published,
        floor,
        settled,
        firstOrdinal,
        newest,
        earlier,
        LONG.decode(in),
        LONG.decode(in));
  }

  private static @Nullable OpenSession newest(int pages, InputStream in) throws IOException {
    return pages == 0 ? null : new OpenSession(start(in), LONG.decode(in), pages, bytes(in));
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

  private static int number(PublishedState publishedState) {
    return switch (publishedState) {
      case CURRENT -> 0;
      case STALE -> 1;
      case DELETED -> 2;
    };
  }

  private static PublishedState publishedState(int number) throws IOException {
    return switch (number) {
      case 0 -> PublishedState.CURRENT;
      case 1 -> PublishedState.STALE;
      case 2 -> PublishedState.DELETED;
      default -> throw new IOException("no publishedState has the number " + number);
    };
  }
}
