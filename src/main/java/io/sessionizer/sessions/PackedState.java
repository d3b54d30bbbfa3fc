package io.sessionizer.sessions;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sessionizer.records.SessionStart;
import io.sessionizer.records.VisitedPage;
import io.sessionizer.sessions.SessionState.Phase;
import io.sessionizer.sessions.SessionState.Publication;
import io.sessionizer.sessions.SessionState.Status;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The layout of the state of one visit id as bytes: numbers at fixed positions, the visit id, the
 * usual user id, and the visits in the order in which they were accepted. As objects it would need
 * several times the memory, and the garbage collector would visit each of them again and again.
 *
 * <p>The two states that nearly all visit ids are in have a {@link SessionState} in few numbers:
 *
 * <ul>
 *   <li>{@link #OPEN}: one session, of which nothing is published. Its start, its end, how many
 *       visits it has, and how many bytes these have.
 *   <li>{@link #RETAINED}: one session, published as it is. Its start, from when on a visit does
 *       not belong to it, and its revision.
 *   <li>{@link #OTHER}: any other; it is stored beside.
 * </ul>
 *
 * <p>A visit is its time, as the distance from that of the first one, its page, and its user id if
 * it is not the usual one. Numbers are little-endian; times are epoch milliseconds.
 */
final class PackedState {
  /** The form of a state with one session, of which nothing is published. */
  static final byte OPEN = 0;

  /** The form of a state with one session, published as it is. */
  static final byte RETAINED = 1;

  /** The form of any other state. */
  static final byte OTHER = 2;

  private static final VarHandle SHORTS = view(short[].class);
  private static final VarHandle INTS = view(int[].class);
  private static final VarHandle LONGS = view(long[].class);

  private static final int FORM = 0;
  private static final int VISIT_ID_LENGTH = FORM + Byte.BYTES;
  private static final int USER_ID_LENGTH = VISIT_ID_LENGTH + Short.BYTES;
  private static final int LENGTH = USER_ID_LENGTH + Short.BYTES;
  private static final int FIRST_TIME = LENGTH + Integer.BYTES;
  private static final int EVICTED_UP_TO = FIRST_TIME + Long.BYTES;

  /** Of the open session, or of the published one. */
  private static final int START = EVICTED_UP_TO + Long.BYTES;

  /** The end of the open session, or the boundary of the published one. */
  private static final int END = START + Long.BYTES;

  /**
   * The visits of the open session, the revision of the published one, or another state's bytes.
   */
  private static final int PAGES = END + Long.BYTES;

  private static final int VISITS_BYTES = PAGES + Integer.BYTES;
  private static final int USER_BYTES = VISITS_BYTES + Integer.BYTES;

  /** Where the visit id starts. */
  static final int VISIT_ID = USER_BYTES + Integer.BYTES;

  private static final int ABSENT = -1;
  private static final byte[] NO_TEXT = {};

  private PackedState() {}

  private static VarHandle view(Class<?> arrays) {
    return MethodHandles.byteArrayViewVarHandle(arrays, ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * Returns the state of a visit id without visits, with room for one.
   *
   * @param form {@link #OPEN} or {@link #OTHER}
   * @param texts has the visit id and the usual user id
   * @param userIdLength -1 if there is no user id
   * @param time of the first visit
   * @param room for the first visit, bytes
   */
  static byte[] create(
      byte form,
      byte[] texts,
      int visitIdFrom,
      int visitIdLength,
      int userIdFrom,
      int userIdLength,
      long time,
      long evictedUpTo,
      int room) {
    int length = VISIT_ID + visitIdLength + Math.max(0, userIdLength);
    byte[] state = new byte[length + room];
    state[FORM] = form;
    SHORTS.set(state, VISIT_ID_LENGTH, (short) visitIdLength);
    SHORTS.set(state, USER_ID_LENGTH, (short) userIdLength);
    INTS.set(state, LENGTH, length);
    LONGS.set(state, FIRST_TIME, time);
    LONGS.set(state, EVICTED_UP_TO, evictedUpTo);
    LONGS.set(state, START, time);
    LONGS.set(state, END, time);
    System.arraycopy(texts, visitIdFrom, state, VISIT_ID, visitIdLength);
    if (userIdLength > 0) {
      System.arraycopy(texts, userIdFrom, state, VISIT_ID + visitIdLength, userIdLength);
    }
    return state;
  }

  static byte form(byte[] state) {
    return state[FORM];
  }

  /** Returns how many of the bytes are used. */
  static int length(byte[] state) {
    return (int) INTS.get(state, LENGTH);
  }

  static long firstTime(byte[] state) {
    return (long) LONGS.get(state, FIRST_TIME);
  }

  static long evictedUpTo(byte[] state) {
    return (long) LONGS.get(state, EVICTED_UP_TO);
  }

  static long start(byte[] state) {
    return (long) LONGS.get(state, START);
  }

  /** Returns the last visit of the session of an {@link #OPEN} state. */
  static long end(byte[] state) {
    return (long) LONGS.get(state, END);
  }

  /** Returns from when on a visit does not belong to the session of a {@link #RETAINED} state. */
  static long boundary(byte[] state) {
    return (long) LONGS.get(state, END);
  }

  /** Returns how many visits the session of an {@link #OPEN} state has. */
  static int pages(byte[] state) {
    return (int) INTS.get(state, PAGES);
  }

  /** Returns the revision of the session of a {@link #RETAINED} state. */
  static int revision(byte[] state) {
    return (int) INTS.get(state, PAGES);
  }

  /** Returns the bytes of the session of an {@link #OPEN} state with a further visit. */
  static long bytesWith(byte[] state, int ofVisit, int ofUser) {
    return (long) (int) INTS.get(state, VISITS_BYTES)
        + ofVisit
        + Math.max((int) INTS.get(state, USER_BYTES), ofUser);
  }

  /** Returns the bytes of a state that is stored beside an {@link #OTHER} one. */
  static int bytesBeside(byte[] state) {
    return form(state) == OTHER ? (int) INTS.get(state, PAGES) : 0;
  }

  static int visitIdLength(byte[] state) {
    return (short) SHORTS.get(state, VISIT_ID_LENGTH);
  }

  static String visitId(byte[] state) {
    return new String(state, VISIT_ID, visitIdLength(state), UTF_8);
  }

  static int userIdFrom(byte[] state) {
    return VISIT_ID + visitIdLength(state);
  }

  /** Returns the length of the usual user id, -1 if it is none. */
  static int userIdLength(byte[] state) {
    return (short) SHORTS.get(state, USER_ID_LENGTH);
  }

  static @Nullable String userId(byte[] state) {
    return text(state, userIdFrom(state), userIdLength(state));
  }

  private static @Nullable String text(byte[] bytes, int from, int length) {
    return length == ABSENT ? null : new String(bytes, from, length, UTF_8);
  }

  /** Returns where the visits start. */
  static int visitsFrom(byte[] state) {
    return userIdFrom(state) + Math.max(0, userIdLength(state));
  }

  /** Adds a visit to the session of an {@link #OPEN} state, as {@link OpenSession#with} does. */
  static void count(byte[] state, long time, int ofVisit, int ofUser) {
    LONGS.set(state, END, Math.max(end(state), time));
    INTS.set(state, PAGES, pages(state) + 1);
    INTS.set(state, VISITS_BYTES, (int) INTS.get(state, VISITS_BYTES) + ofVisit);
    INTS.set(state, USER_BYTES, Math.max((int) INTS.get(state, USER_BYTES), ofUser));
  }

  /** Returns an {@link #OPEN} state as a {@link #RETAINED} one, without room for further visits. */
  static byte[] published(byte[] open, long boundary) {
    byte[] state = open.length == length(open) ? open : Arrays.copyOf(open, length(open));
    state[FORM] = RETAINED;
    LONGS.set(state, END, boundary);
    INTS.set(state, PAGES, 1);
    INTS.set(state, VISITS_BYTES, 0);
    INTS.set(state, USER_BYTES, 0);
    return state;
  }

  /** Returns the state with further packed visits, in a larger array if there is no room. */
  static byte[] withVisits(byte[] state, byte[] visits, int from, int count) {
    int length = length(state);
    byte[] grown = state;
    if (count > state.length - length) {
      // Most sessions have few visits, and some have very many.
      grown = Arrays.copyOf(state, length + count + Math.max(count, length >> 3));
    }
    System.arraycopy(visits, from, grown, length, count);
    INTS.set(grown, LENGTH, length + count);
    return grown;
  }

  /** Returns the state with these packed visits in place of its own. */
  static byte[] withOnlyVisits(byte[] state, byte[] visits, int count) {
    int from = visitsFrom(state);
    byte[] other = Arrays.copyOf(state, from + count);
    System.arraycopy(visits, 0, other, from, count);
    INTS.set(other, LENGTH, from + count);
    return other;
  }

  /** Packs a visit for a state. */
  static void writeVisit(
      byte[] state,
      long time,
      byte[] texts,
      int pageFrom,
      int pageLength,
      int userIdFrom,
      int userIdLength,
      ByteWriter out) {
    boolean isUsualUser =
        userIdLength == userIdLength(state)
            && (userIdLength <= 0
                || Arrays.equals(
                    texts,
                    userIdFrom,
                    userIdFrom + userIdLength,
                    state,
                    userIdFrom(state),
                    userIdFrom(state) + userIdLength));
    out.writeSigned(time - firstTime(state));
    out.writeNumber((long) (pageLength + 1) << 1 | (isUsualUser ? 0 : 1));
    if (pageLength > 0) {
      out.write(texts, pageFrom, pageLength);
    }
    if (!isUsualUser) {
      out.writeNumber(userIdLength + 1L);
      if (userIdLength > 0) {
        out.write(texts, userIdFrom, userIdLength);
      }
    }
  }

  /** Returns a copy of a state that was written with this length. */
  static byte[] copy(byte[] bytes, int from, int length) {
    byte[] state = Arrays.copyOfRange(bytes, from, from + length);
    INTS.set(state, LENGTH, length);
    return state;
  }

  /** Packs visits for a state. */
  static ByteWriter packed(byte[] state, List<VisitedPage> visits) {
    ByteWriter out = new ByteWriter(16 + 32 * visits.size());
    for (VisitedPage visit : visits) {
      byte[] page = utf8(visit.page());
      byte[] texts = page;
      byte[] user = utf8(visit.userId());
      if (user.length > 0) {
        texts = Arrays.copyOf(page, page.length + user.length);
        System.arraycopy(user, 0, texts, page.length, user.length);
      }
      writeVisit(
          state,
          visit.eventTimeMillis(),
          texts,
          0,
          visit.page() == null ? ABSENT : page.length,
          page.length,
          visit.userId() == null ? ABSENT : user.length,
          out);
    }
    return out;
  }

  private static byte[] utf8(@Nullable String text) {
    return text == null ? NO_TEXT : text.getBytes(UTF_8);
  }

  /** Returns the state that an {@link #OPEN} or a {@link #RETAINED} one stands for. */
  static SessionState unpacked(byte[] state, SessionPolicy policy) {
    SessionStart start = new SessionStart(start(state), 0);
    if (form(state) == OPEN) {
      SessionBytes bytes =
          new SessionBytes((int) INTS.get(state, VISITS_BYTES), (int) INTS.get(state, USER_BYTES));
      return SessionState.begin(
          new OpenSession(start, end(state), pages(state), bytes, SessionBytes.NONE),
          userId(state),
          evictedUpTo(state));
    }
    return new SessionState(
        new Phase.Retained(),
        userId(state),
        List.of(new Publication(start, revision(state), Status.CURRENT)),
        evictedUpTo(state),
        boundary(state),
        0,
        policy.expiresAt(boundary(state)),
        SessionState.NEVER);
  }

  /**
   * Stores a state in numbers.
   *
   * @param besideBytes how many bytes it has beside, if it needs to be there
   * @return whether it is {@link #OTHER}, and needs to be stored beside
   */
  static boolean pack(SessionState unpacked, byte[] state, SessionPolicy policy, int besideBytes) {
    LONGS.set(state, EVICTED_UP_TO, unpacked.evictedUpToMillis());
    if (unpacked.isOneOpenSession() && unpacked.phase() instanceof OpenSession open) {
      state[FORM] = OPEN;
      LONGS.set(state, START, open.start().millis());
      LONGS.set(state, END, open.endMillis());
      INTS.set(state, PAGES, open.pages());
      INTS.set(state, VISITS_BYTES, Math.toIntExact(open.bytes().visits()));
      INTS.set(state, USER_BYTES, open.bytes().user());
      return false;
    }
    long boundary = unpacked.unaffectedFromMillis();
    boolean isRetained =
        unpacked.isOnePublishedSession()
            && unpacked.firstOrdinal() == 0
            && unpacked.publications().get(0).start().ordinal() == 0
            && unpacked.nextActionAtMillis() == policy.expiresAt(boundary);
    Publication published = isRetained ? unpacked.publications().get(0) : null;
    state[FORM] = published != null ? RETAINED : OTHER;
    LONGS.set(state, START, published != null ? published.start().millis() : 0);
    LONGS.set(state, END, published != null ? boundary : 0);
    INTS.set(state, PAGES, published != null ? published.revision() : besideBytes);
    INTS.set(state, VISITS_BYTES, 0);
    INTS.set(state, USER_BYTES, 0);
    return published == null;
  }
}
