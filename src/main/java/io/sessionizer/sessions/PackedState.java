package io.sessionizer.sessions;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sessionizer.records.PackedSession;
import io.sessionizer.records.SessionStart;
import io.sessionizer.records.Utf8;
import io.sessionizer.records.VisitedPage;
import io.sessionizer.sessions.SessionState.Phase;
import io.sessionizer.sessions.SessionState.Publication;
import io.sessionizer.sessions.SessionState.Status;
import io.sessionizer.visits.VisitCursor;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The layout of the state of one visit id as bytes: numbers at fixed positions, the visit id, the
 * usual user id, and the visits in the order in which they were accepted. As objects it would need
 * several times the memory, and the garbage collector would visit each of them again and again.
 *
 * <p>The states that nearly all visit ids are in have a {@link SessionState} in few numbers:
 *
 * <ul>
 *   <li>{@link #OPEN}: one session, of which nothing is published. Its start, its end, how many
 *       visits it has, and how many bytes these have.
 *   <li>{@link #RETAINED}: one session, published as it is. Its start, from when on a visit does
 *       not belong to it, and its revision.
 *   <li>{@link #RETAINED_AND_OPEN}: a session of which nothing is published, behind one that is
 *       published as it is. The numbers of both.
 *   <li>{@link #TWO_RETAINED}: two sessions, both published as they are. The numbers of both.
 *   <li>{@link #OTHER}: any other; it is stored beside.
 * </ul>
 *
 * <p>A visit is its time, as the distance from that of the first one, its page, as its number in
 * the {@link PageTable} or as its text, and its user id if it is not the usual one. Projected
 * fields, if there are any, are in front of the page. Numbers are little-endian; times are epoch
 * milliseconds.
 */
final class PackedState {
  /** The form of a state with one session, of which nothing is published. */
  static final byte OPEN = 0;

  /** The form of a state with one session, published as it is. */
  static final byte RETAINED = 1;

  /** The form of any other state. */
  static final byte OTHER = 2;

  /** The form of a state with two sessions, of which the first is published as it is. */
  static final byte RETAINED_AND_OPEN = 3;

  /** The form of a state with two sessions, both published as they are. */
  static final byte TWO_RETAINED = 4;

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

  /** The bytes of the open session's visits, or of another state's first visits, in order. */
  private static final int VISITS_BYTES = PAGES + Integer.BYTES;

  private static final int USER_BYTES = VISITS_BYTES + Integer.BYTES;

  /** Where the visit id starts. */
  static final int VISIT_ID = USER_BYTES + Integer.BYTES;

  /** Of two sessions the start, the boundary and the revision of the first, before the visits. */
  private static final int FIRST_BYTES = 2 * Long.BYTES + Integer.BYTES;

  /** Set if a visit has the number of its page, and not its text. */
  static final int NUMBERED_PAGE = 2;

  /** Set if a visit has a user other than the usual one. */
  static final int OTHER_USER = 1;

  /**
   * In place of the page and user of a visit with projected fields, which follow: no page has it.
   */
  static final int FIELDS = PageTable.MOST_PAGES << 2 | NUMBERED_PAGE;

  /** The most bytes of a visit besides its texts, if its page has a number or is short. */
  private static final int ROOM_AROUND_TEXTS = 3;

  /** The most bytes of {@link #FIELDS} and the length of the fields, if it is short. */
  private static final int ROOM_AROUND_FIELDS = 4;

  private static final int ABSENT = -1;
  private static final byte[] NO_TEXT = {};

  private PackedState() {}

  private static VarHandle view(Class<?> arrays) {
    return MethodHandles.byteArrayViewVarHandle(arrays, ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * Returns up to where the visits are in their order, for certain: only of an {@link #OTHER} state
   * is that known.
   */
  static int sortedTo(byte[] state) {
    return visitsFrom(state) + (form(state) == OTHER ? (int) INTS.get(state, VISITS_BYTES) : 0);
  }

  /** Notes that the visits of a state are in their order, if it is {@link #OTHER}. */
  static void setSorted(byte[] state) {
    if (form(state) == OTHER) {
      INTS.set(state, VISITS_BYTES, length(state) - visitsFrom(state));
    }
  }

  /** Returns the bytes of the usual user in a session's record. */
  static int usualUserBytes(byte[] state) {
    return Utf8.jsonBytes(state, userIdFrom(state), Math.max(0, userIdLength(state)));
  }

  /** Returns a session with the visit id and the usual user id of a state. */
  static PackedSession session(byte[] state, ByteWriter bytes, long start, long end) {
    return new PackedSession(
        bytes.toByteArray(), visitIdLength(state), userIdLength(state), start, end);
  }

  /**
   * Returns the state of a visit id without visits, with room for one.
   *
   * @param form {@link #OPEN} or {@link #OTHER}
   * @param visit the first visit
   */
  static byte[] create(byte form, VisitCursor visit, long evictedUpTo) {
    byte[] texts = visit.bytes();
    int visitIdLength = visit.visitIdLength();
    int userIdLength = visit.userIdLength();
    long time = visit.eventTimeMillis();
    int room = Math.max(0, visit.pageLength()) + ROOM_AROUND_TEXTS;
    if (visit.fieldsLength() > 0) {
      room += visit.fieldsLength() + ROOM_AROUND_FIELDS;
    }
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
    System.arraycopy(texts, visit.visitIdFrom(), state, VISIT_ID, visitIdLength);
    if (userIdLength > 0) {
      System.arraycopy(texts, visit.userIdFrom(), state, VISIT_ID + visitIdLength, userIdLength);
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

  /** Returns the last visit of the open session. */
  static long end(byte[] state) {
    return (long) LONGS.get(state, END);
  }

  /** Returns from when on a visit does not belong to the last session, which is published. */
  static long boundary(byte[] state) {
    return (long) LONGS.get(state, END);
  }

  /** Returns how many visits the open session has. */
  static int pages(byte[] state) {
    return (int) INTS.get(state, PAGES);
  }

  /** Returns the revision of the last session, which is published. */
  static int revision(byte[] state) {
    return (int) INTS.get(state, PAGES);
  }

  /** Returns the bytes of the open session with a further visit. */
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
    return textsTo(state) + (hasTwo(state) ? FIRST_BYTES : 0);
  }

  /** Returns where the visit id and the usual user id end. */
  static int textsTo(byte[] state) {
    return userIdFrom(state) + Math.max(0, userIdLength(state));
  }

  private static boolean hasTwo(byte[] state) {
    return form(state) >= RETAINED_AND_OPEN;
  }

  /** Returns the start of the first of two sessions. */
  static long firstStart(byte[] state) {
    return (long) LONGS.get(state, textsTo(state));
  }

  /** Returns from when on a visit does not belong to the first of two sessions. */
  static long firstBoundary(byte[] state) {
    return (long) LONGS.get(state, textsTo(state) + Long.BYTES);
  }

  /** Returns the revision of the first of two sessions. */
  static int firstRevision(byte[] state) {
    return (int) INTS.get(state, textsTo(state) + 2 * Long.BYTES);
  }

  /** Adds a visit to the open session, as {@link OpenSession#with} does. */
  static void count(byte[] state, long time, int ofVisit, int ofUser) {
    LONGS.set(state, END, Math.max(end(state), time));
    INTS.set(state, PAGES, pages(state) + 1);
    INTS.set(state, VISITS_BYTES, (int) INTS.get(state, VISITS_BYTES) + ofVisit);
    INTS.set(state, USER_BYTES, Math.max((int) INTS.get(state, USER_BYTES), ofUser));
  }

  /**
   * Returns the state after its open session is published, without room for further visits: an
   * {@link #OPEN} one as {@link #RETAINED}, a {@link #RETAINED_AND_OPEN} one as {@link
   * #TWO_RETAINED}.
   */
  static byte[] published(byte[] open, long boundary) {
    byte[] state = open.length == length(open) ? open : Arrays.copyOf(open, length(open));
    state[FORM] = form(open) == OPEN ? RETAINED : TWO_RETAINED;
    LONGS.set(state, END, boundary);
    INTS.set(state, PAGES, 1);
    INTS.set(state, VISITS_BYTES, 0);
    INTS.set(state, USER_BYTES, 0);
    return state;
  }

  /**
   * Returns a {@link #RETAINED} state as a {@link #RETAINED_AND_OPEN} one, still without visits.
   */
  static byte[] withNext(byte[] retained, long time) {
    return withNext(
        retained, time, start(retained), boundary(retained), revision(retained), RETAINED_AND_OPEN);
  }

  private static byte[] withNext(
      byte[] one, long time, long firstStart, long firstBoundary, int firstRevision, byte form) {
    int textsTo = textsTo(one);
    byte[] two = new byte[length(one) + FIRST_BYTES];
    System.arraycopy(one, 0, two, 0, textsTo);
    System.arraycopy(one, textsTo, two, textsTo + FIRST_BYTES, length(one) - textsTo);
    LONGS.set(two, textsTo, firstStart);
    LONGS.set(two, textsTo + Long.BYTES, firstBoundary);
    INTS.set(two, textsTo + 2 * Long.BYTES, firstRevision);
    two[FORM] = form;
    INTS.set(two, LENGTH, two.length);
    LONGS.set(two, START, time);
    LONGS.set(two, END, time);
    INTS.set(two, PAGES, 0);
    INTS.set(two, VISITS_BYTES, 0);
    INTS.set(two, USER_BYTES, 0);
    return two;
  }

  /** Returns the state after the first of two sessions has expired, with its visits. */
  static byte[] withoutFirst(byte[] two, PageTable pages) {
    long boundary = firstBoundary(two);
    byte[] one = withOnlyNumbersOfSecond(two);
    int to = textsTo(one);
    for (PackedVisitReader visits = new PackedVisitReader(two, pages); visits.next(); ) {
      if (visits.time() >= boundary) {
        int bytes = visits.visitTo() - visits.visitFrom();
        System.arraycopy(two, visits.visitFrom(), one, to, bytes);
        to += bytes;
      }
    }
    one = Arrays.copyOf(one, to);
    INTS.set(one, LENGTH, to);
    LONGS.set(one, EVICTED_UP_TO, boundary);
    return one;
  }

  /** Returns the state without the numbers of the first of two sessions, but with all visits. */
  private static byte[] withOnlyNumbersOfSecond(byte[] two) {
    int textsTo = textsTo(two);
    int length = length(two) - FIRST_BYTES;
    byte[] one = new byte[length];
    System.arraycopy(two, 0, one, 0, textsTo);
    System.arraycopy(two, textsTo + FIRST_BYTES, one, textsTo, length - textsTo);
    one[FORM] = form(two) == RETAINED_AND_OPEN ? OPEN : RETAINED;
    INTS.set(one, LENGTH, length);
    return one;
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

  /**
   * Packs a visit for a state.
   *
   * @param page the number of its page, {@link PageTable#NONE} if it has none
   */
  static void writeVisit(byte[] state, VisitCursor visit, int page, ByteWriter out) {
    writeVisit(
        state,
        visit.eventTimeMillis(),
        visit.bytes(),
        visit.fieldsFrom(),
        visit.fieldsLength(),
        page,
        visit.pageFrom(),
        visit.pageLength(),
        visit.userIdFrom(),
        visit.userIdLength(),
        out);
  }

  private static void writeVisit(
      byte[] state,
      long time,
      byte[] texts,
      int fieldsFrom,
      int fieldsLength,
      int page,
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
    writeFields(texts, fieldsFrom, fieldsLength, out);
    int user = isUsualUser ? 0 : OTHER_USER;
    if (page == PageTable.NONE) {
      out.writeNumber((long) (pageLength + 1) << 2 | user);
      out.write(texts, pageFrom, Math.max(0, pageLength));
    } else {
      out.writeNumber((long) page << 2 | NUMBERED_PAGE | user);
    }
    if (!isUsualUser) {
      out.writeNumber(userIdLength + 1L);
      if (userIdLength > 0) {
        out.write(texts, userIdFrom, userIdLength);
      }
    }
  }

  /** Writes the projected fields of a visit in front of its page; nothing if there are none. */
  private static void writeFields(byte[] fields, int from, int length, ByteWriter out) {
    if (length > 0) {
      out.writeNumber(FIELDS);
      out.writeNumber(length);
      out.write(fields, from, length);
    }
  }

  /**
   * Writes a state, or all of it but the last visits.
   *
   * @param length how many of its bytes to write
   */
  static void write(byte[] state, int length, ByteWriter out) {
    out.write(form(state));
    out.writeNumber(visitIdLength(state));
    out.writeNumber(userIdLength(state) + 1L);
    out.writeSigned(firstTime(state));
    out.writeSigned(evictedUpTo(state) - firstTime(state));
    out.writeSigned(start(state) - firstTime(state));
    out.writeSigned(end(state) - start(state));
    out.writeNumber(pages(state));
    out.writeNumber((int) INTS.get(state, VISITS_BYTES));
    out.writeNumber((int) INTS.get(state, USER_BYTES));
    out.writeNumber(length - VISIT_ID);
    out.write(state, VISIT_ID, length - VISIT_ID);
  }

  /** Reads a state that was written. */
  static byte[] read(ByteReader in) {
    byte form = (byte) in.read();
    int visitIdLength = in.readInt();
    int userIdLength = in.readInt() - 1;
    long firstTime = in.readSigned();
    long evictedUpTo = firstTime + in.readSigned();
    long start = firstTime + in.readSigned();
    long end = start + in.readSigned();
    int pages = in.readInt();
    int visitsBytes = in.readInt();
    int userBytes = in.readInt();
    int length = in.readInt();
    byte[] state = new byte[VISIT_ID + length];
    System.arraycopy(in.array(), in.skipBytes(length), state, VISIT_ID, length);
    state[FORM] = form;
    SHORTS.set(state, VISIT_ID_LENGTH, (short) visitIdLength);
    SHORTS.set(state, USER_ID_LENGTH, (short) userIdLength);
    INTS.set(state, LENGTH, state.length);
    LONGS.set(state, FIRST_TIME, firstTime);
    LONGS.set(state, EVICTED_UP_TO, evictedUpTo);
    LONGS.set(state, START, start);
    LONGS.set(state, END, end);
    INTS.set(state, PAGES, pages);
    INTS.set(state, VISITS_BYTES, visitsBytes);
    INTS.set(state, USER_BYTES, userBytes);
    return state;
  }

  /** Packs visits for a state. */
  static ByteWriter packed(byte[] state, PageTable pages, List<VisitedPage> visits) {
    ByteWriter out = new ByteWriter(16 + 32 * visits.size());
    for (VisitedPage visit : visits) {
      byte[] page = utf8(visit.page());
      byte[] texts = page;
      byte[] user = utf8(visit.userId());
      byte[] fields = visit.fields().bytes();
      int userTo = page.length + user.length;
      if (userTo + fields.length > page.length) {
        texts = Arrays.copyOf(page, userTo + fields.length);
        System.arraycopy(user, 0, texts, page.length, user.length);
        System.arraycopy(fields, 0, texts, userTo, fields.length);
      }
      writeVisit(
          state,
          visit.eventTimeMillis(),
          texts,
          userTo,
          fields.length,
          visit.page() == null ? PageTable.NONE : pages.find(page, 0, page.length),
          0,
          visit.page() == null ? ABSENT : page.length,
          page.length,
          visit.userId() == null ? ABSENT : user.length,
          out);
    }
    return out;
  }

  /**
   * Returns a state with the numbers that the pages of its visits have in another table.
   *
   * @param other gets those pages that it does not have yet, if it has room for them
   */
  static byte[] renumbered(byte[] state, PageTable pages, PageTable other) {
    ByteWriter visits = new ByteWriter(length(state));
    int sortedTo = sortedTo(state);
    int sortedBytes = 0;
    for (PackedVisitReader visit = new PackedVisitReader(state, pages); visit.next(); ) {
      int page = other.find(visit.pageTexts(), visit.pageFrom(), visit.pageLength());
      if (page == PageTable.NONE && other.hasRoomFor(visit.pageLength())) {
        page = other.add(visit.pageTexts(), visit.pageFrom(), visit.pageLength());
      }
      int user = visit.isUsualUser() ? 0 : OTHER_USER;
      visits.writeSigned(visit.time() - firstTime(state));
      writeFields(visit.fields(), visit.fieldsFrom(), visit.fieldsLength(), visits);
      if (page == PageTable.NONE) {
        visits.writeNumber((long) (visit.pageLength() + 1) << 2 | user);
        visits.write(visit.pageTexts(), visit.pageFrom(), Math.max(0, visit.pageLength()));
      } else {
        visits.writeNumber((long) page << 2 | NUMBERED_PAGE | user);
      }
      visits.write(state, visit.userFrom(), visit.visitTo() - visit.userFrom());
      sortedBytes = visit.visitTo() <= sortedTo ? visits.length() : sortedBytes;
    }
    byte[] renumbered = withOnlyVisits(state, visits.array(), visits.length());
    if (form(state) == OTHER) {
      INTS.set(renumbered, VISITS_BYTES, sortedBytes);
    }
    return renumbered;
  }

  private static byte[] utf8(@Nullable String text) {
    return text == null ? NO_TEXT : text.getBytes(UTF_8);
  }

  /** Returns the watermark of the next action of a state that is not {@link #OTHER}. */
  static long nextActionAt(byte[] state, SessionPolicy policy) {
    return switch (form(state)) {
      case OPEN -> policy.closesAt(end(state));
      case RETAINED -> policy.expiresAt(boundary(state));
      case RETAINED_AND_OPEN ->
          Math.min(policy.expiresAt(firstBoundary(state)), policy.closesAt(end(state)));
      default -> policy.expiresAt(firstBoundary(state));
    };
  }

  /** Returns the state that one stands for that is not {@link #OTHER}. */
  static SessionState unpacked(byte[] state, SessionPolicy policy) {
    boolean isOpen = form(state) == OPEN || form(state) == RETAINED_AND_OPEN;
    SessionStart start = new SessionStart(start(state), 0);
    SessionBytes bytes =
        new SessionBytes((int) INTS.get(state, VISITS_BYTES), (int) INTS.get(state, USER_BYTES));
    OpenSession open = new OpenSession(start, end(state), pages(state), bytes, SessionBytes.NONE);
    if (form(state) == OPEN) {
      return SessionState.begin(open, userId(state), List.of(), evictedUpTo(state));
    }
    List<Publication> publications = new ArrayList<>();
    if (hasTwo(state)) {
      publications.add(
          new Publication(
              new SessionStart(firstStart(state), 0), firstRevision(state), Status.CURRENT));
    }
    if (!isOpen) {
      publications.add(new Publication(start, revision(state), Status.CURRENT));
    }
    return new SessionState(
        isOpen ? open : new Phase.Retained(),
        userId(state),
        publications,
        evictedUpTo(state),
        isOpen ? firstBoundary(state) : boundary(state),
        0,
        policy.expiresAt(hasTwo(state) ? firstBoundary(state) : boundary(state)));
  }

  /**
   * Returns the visits of a state with another state in numbers; {@link #OTHER} if it needs to be
   * stored beside.
   *
   * @param isUniform whether the visits are {@linkplain UniformValues uniform}
   * @param besideBytes how many bytes it has beside, if it needs to be there
   */
  static byte[] packed(
      byte[] visits,
      SessionState unpacked,
      SessionPolicy policy,
      boolean isUniform,
      int besideBytes) {
    byte[] state = hasTwo(visits) ? withOnlyNumbersOfSecond(visits) : visits;
    if (isUniform && unpacked.isOneOpenSession() && unpacked.phase() instanceof OpenSession open) {
      state[FORM] = OPEN;
      setOpen(state, open);
    } else if (unpacked.isOnePublishedSession() && isSimple(unpacked, policy)) {
      Publication published = unpacked.publications().get(0);
      state[FORM] = RETAINED;
      LONGS.set(state, START, published.start().millis());
      LONGS.set(state, END, unpacked.unaffectedFromMillis());
      INTS.set(state, PAGES, published.revision());
      INTS.set(state, VISITS_BYTES, 0);
      INTS.set(state, USER_BYTES, 0);
    } else if (unpacked.phase() instanceof OpenSession open
        && unpacked.publications().size() == 1
        && unpacked.publications().get(0).status() == Status.CURRENT
        && isSimple(unpacked, policy)
        && isBehindFirst(open, state, unpacked, policy)) {
      Publication published = unpacked.publications().get(0);
      state =
          withNext(
              state,
              open.start().millis(),
              published.start().millis(),
              unpacked.unaffectedFromMillis(),
              published.revision(),
              RETAINED_AND_OPEN);
      setOpen(state, open);
    } else {
      if (form(state) != OTHER) {
        INTS.set(state, VISITS_BYTES, 0);
      }
      state[FORM] = OTHER;
      LONGS.set(state, START, 0L);
      LONGS.set(state, END, 0L);
      INTS.set(state, PAGES, besideBytes);
      INTS.set(state, USER_BYTES, 0);
    }
    LONGS.set(state, EVICTED_UP_TO, unpacked.evictedUpToMillis());
    return state;
  }

  private static void setOpen(byte[] state, OpenSession open) {
    LONGS.set(state, START, open.start().millis());
    LONGS.set(state, END, open.endMillis());
    INTS.set(state, PAGES, open.pages());
    INTS.set(state, VISITS_BYTES, Math.toIntExact(open.bytes().visits()));
    INTS.set(state, USER_BYTES, open.bytes().user());
  }

  /** Whether the first published session has the earliest visit, and its expiry is what is next. */
  private static boolean isSimple(SessionState state, SessionPolicy policy) {
    return state.firstOrdinal() == 0
        && state.publications().get(0).start().ordinal() == 0
        && state.nextActionAtMillis() == policy.expiresAt(state.unaffectedFromMillis());
  }

  /** Whether an open session is one session for certain, and no visit of it is of the first one. */
  private static boolean isBehindFirst(
      OpenSession open, byte[] state, SessionState unpacked, SessionPolicy policy) {
    long room = SessionBytes.room(state, VISIT_ID, visitIdLength(state), policy);
    return policy.rules().isNone()
        && open.start().ordinal() == 0
        && open.start().millis() >= unpacked.unaffectedFromMillis()
        && open.earlier().equals(SessionBytes.NONE)
        && open.pages() <= policy.maxPages()
        && open.bytes().fits(room)
        && policy.withinMaxDuration(open.start().millis(), open.endMillis());
  }
}
