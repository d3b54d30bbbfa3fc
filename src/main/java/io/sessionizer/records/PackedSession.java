package io.sessionizer.records;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A {@link Session} as bytes: most sessions are written as they are formed, and never become
 * objects. Immutable.
 *
 * <p>The bytes are the visit id, the usual user id, and the visits in their order. A visit is how
 * far its time is after that of the one before, or after the start; the length of its page and 1,
 * or 0 if there is none, times two, and 1 more if its user is not the usual one; its page; and
 * then, of another user, the length of the user id and 1, or 0 if there is none, and the user id.
 * Of a visit with projected fields the number of its page is behind {@link #FIELDS}, the length of
 * the {@link ProjectedFields} and their bytes. Numbers have seven bits a byte, the lowest first.
 * Texts are UTF-8.
 */
public final class PackedSession {
  /** In place of the number of a page, which it never is: projected fields follow. */
  public static final int FIELDS = Integer.MAX_VALUE;

  private static final int ABSENT = -1;

  private final byte[] bytes;
  private final int visitIdLength;
  private final int userIdLength;
  private final long startMillis;
  private final long endMillis;

  /**
   * Creates a session.
   *
   * @param bytes as above; not copied
   * @param visitIdLength in bytes
   * @param userIdLength of the usual user id, in bytes; -1 if there is none
   * @param startMillis the first visit
   * @param endMillis the last visit
   */
  public PackedSession(
      byte[] bytes, int visitIdLength, int userIdLength, long startMillis, long endMillis) {
    this.bytes = bytes;
    this.visitIdLength = visitIdLength;
    this.userIdLength = userIdLength;
    this.startMillis = startMillis;
    this.endMillis = endMillis;
  }

  /** Returns the bytes; to be read only. */
  public byte[] bytes() {
    return bytes;
  }

  /** Returns the length of the visit id, bytes. */
  public int visitIdLength() {
    return visitIdLength;
  }

  /** Returns the length of the usual user id, bytes; -1 if there is none. */
  public int userIdLength() {
    return userIdLength;
  }

  /** Returns the first visit, epoch milliseconds. */
  public long startMillis() {
    return startMillis;
  }

  /** Returns the last visit, epoch milliseconds. */
  public long endMillis() {
    return endMillis;
  }

  /** Returns the visit id. */
  public String visitId() {
    return new String(bytes, 0, visitIdLength, UTF_8);
  }

  /** Returns the key of all records about the session. */
  public SessionId id() {
    return new SessionId(visitId(), new SessionStart(startMillis, 0));
  }

  /** Returns the session as objects. */
  public Session unpacked() {
    List<VisitedPage> pages = new ArrayList<>();
    for (Visits visits = visits(); visits.next(); ) {
      pages.add(
          new VisitedPage(
              visits.time,
              text(visits.pageFrom, visits.pageLength),
              text(visits.userIdFrom, visits.userIdLength),
              ProjectedFields.of(bytes, visits.fieldsFrom, visits.fieldsLength)));
    }
    return new Session(visitId(), pages);
  }

  private @Nullable String text(int from, int length) {
    return length == ABSENT ? null : new String(bytes, from, length, UTF_8);
  }

  /** Returns a cursor before the first visit. */
  public Visits visits() {
    return new Visits();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof PackedSession that
        && Arrays.equals(bytes, that.bytes)
        && visitIdLength == that.visitIdLength
        && userIdLength == that.userIdLength
        && startMillis == that.startMillis
        && endMillis == that.endMillis;
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes) * 31 + Long.hashCode(startMillis);
  }

  @Override
  public String toString() {
    return unpacked().toString();
  }

  /**
   * Reads the visits one by one, in their order and in place: texts and fields are slices of {@link
   * #bytes}. Not thread-safe.
   */
  public final class Visits implements VisitSlices {
    private long time = startMillis;
    private int pageFrom;
    private int pageLength;
    private int userIdFrom;
    private int userIdLength;
    private int fieldsFrom;
    private int fieldsLength;
    private int at = visitIdLength + Math.max(0, PackedSession.this.userIdLength);

    private Visits() {}

    @Override
    public byte[] bytes() {
      return bytes;
    }

    @Override
    public int visitIdLength() {
      return visitIdLength;
    }

    @Override
    public long eventTimeMillis() {
      return time;
    }

    @Override
    public int pageFrom() {
      return pageFrom;
    }

    @Override
    public int pageLength() {
      return pageLength;
    }

    @Override
    public int userIdFrom() {
      return userIdFrom;
    }

    @Override
    public int userIdLength() {
      return userIdLength;
    }

    @Override
    public int fieldsFrom() {
      return fieldsFrom;
    }

    @Override
    public int fieldsLength() {
      return fieldsLength;
    }

    @Override
    public boolean next() {
      if (at == bytes.length) {
        return false;
      }
      time += number();
      int pageAndUser = (int) number();
      fieldsLength = 0;
      if (pageAndUser == FIELDS) {
        pageAndUser = readFields();
      }
      pageLength = (pageAndUser >> 1) - 1;
      pageFrom = at;
      at += Math.max(0, pageLength);
      if ((pageAndUser & 1) == 0) {
        userIdFrom = visitIdLength;
        userIdLength = PackedSession.this.userIdLength;
      } else {
        userIdLength = (int) number() - 1;
        userIdFrom = at;
        at += Math.max(0, userIdLength);
      }
      return true;
    }

    /** Reads the projected fields, and returns the number behind them. */
    private int readFields() {
      fieldsLength = (int) number();
      fieldsFrom = at;
      at += fieldsLength;
      return (int) number();
    }

    private long number() {
      long number = bytes[at++];
      if (number >= 0) {
        return number;
      }
      number &= 0x7F;
      for (int shift = 7; ; shift += 7) {
        byte next = bytes[at++];
        number |= (next & 0x7FL) << shift;
        if (next >= 0) {
          return number;
        }
      }
    }
  }
}
