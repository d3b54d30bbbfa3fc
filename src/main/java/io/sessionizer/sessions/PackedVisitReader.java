package io.sessionizer.sessions;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sessionizer.records.ProjectedFields;
import io.sessionizer.records.Utf8;
import io.sessionizer.records.VisitedPage;
import java.util.ArrayList;
import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Reads the visits of a {@link PackedState} one by one, in place. */
final class PackedVisitReader {
  private final byte[] state;
  private final PageTable pages;
  private final ByteReader in;
  private int visitFrom;
  private int tailFrom;
  private long time;
  private int fieldsFrom;
  private int fieldsLength;

  /** The number of the page, {@link PageTable#NONE} if its text is in the visit. */
  private int page;

  private byte[] pageTexts;
  private int pageFrom;
  private int pageLength;
  private byte[] users;
  private int userFrom;
  private int userIdFrom;
  private int userIdLength;
  private boolean isUsualUser;

  /** Reads all visits of a state. */
  PackedVisitReader(byte[] state, PageTable pages) {
    this(state, pages, behind(state, PackedState.visitsFrom(state)));
  }

  /** Reads visits that are packed for a state. */
  PackedVisitReader(byte[] state, PageTable pages, ByteReader visits) {
    this.state = state;
    this.pages = pages;
    this.pageTexts = state;
    this.users = state;
    this.in = visits;
  }

  /** Reads all but the time of one visit of a state, which start at {@code tailFrom}. */
  PackedVisitReader(byte[] state, PageTable pages, int tailFrom) {
    this(state, pages, behind(state, tailFrom));
    readTail();
  }

  /** Reads the visits of a state from a position on. */
  static PackedVisitReader from(byte[] state, PageTable pages, int from) {
    return new PackedVisitReader(state, pages, behind(state, from));
  }

  private static ByteReader behind(byte[] state, int from) {
    return new ByteReader(state, from, PackedState.length(state) - from);
  }

  /** Returns all visits, in the order in which they were accepted. */
  static List<VisitedPage> all(byte[] state, PageTable pages) {
    List<VisitedPage> visits = new ArrayList<>();
    PackedVisitReader reader = new PackedVisitReader(state, pages);
    while (reader.next()) {
      visits.add(reader.visit());
    }
    return visits;
  }

  /** Moves to the next visit; false behind the last. */
  boolean next() {
    if (!in.hasMore()) {
      return false;
    }
    visitFrom = in.position();
    time = PackedState.firstTime(state) + in.readSigned();
    readTail();
    return true;
  }

  private void readTail() {
    tailFrom = in.position();
    int pageAndUser = in.readInt();
    fieldsLength = 0;
    if (pageAndUser == PackedState.FIELDS) {
      pageAndUser = readFields();
    }
    if ((pageAndUser & PackedState.NUMBERED_PAGE) == 0) {
      page = PageTable.NONE;
      pageTexts = in.array();
      pageLength = (pageAndUser >> 2) - 1;
      pageFrom = in.skipBytes(Math.max(0, pageLength));
    } else {
      page = pageAndUser >> 2;
      pageTexts = pages.texts();
      pageLength = pages.length(page);
      pageFrom = pages.start(page);
    }
    userFrom = in.position();
    isUsualUser = (pageAndUser & PackedState.OTHER_USER) == 0;
    if (isUsualUser) {
      users = state;
      userIdLength = PackedState.userIdLength(state);
      userIdFrom = PackedState.userIdFrom(state);
    } else {
      users = in.array();
      userIdLength = in.readInt() - 1;
      userIdFrom = in.skipBytes(Math.max(0, userIdLength));
    }
  }

  /** Reads the projected fields, and returns the number behind them. */
  private int readFields() {
    fieldsLength = in.readInt();
    fieldsFrom = in.skipBytes(fieldsLength);
    return in.readInt();
  }

  /** The position of the first byte behind the time. */
  int tailFrom() {
    return tailFrom;
  }

  /** The position of the visit's first byte in the array. */
  int visitFrom() {
    return visitFrom;
  }

  /** The position behind the page, where the user is if it is not the usual one. */
  int userFrom() {
    return userFrom;
  }

  /** The position behind the visit's last byte. */
  int visitTo() {
    return in.position();
  }

  /** The number of the page, {@link PageTable#NONE} if its text is in the visit. */
  int page() {
    return page;
  }

  long time() {
    return time;
  }

  /** Has the projected fields. */
  byte[] fields() {
    return in.array();
  }

  int fieldsFrom() {
    return fieldsFrom;
  }

  /** The length of the projected fields, 0 if there are none. */
  int fieldsLength() {
    return fieldsLength;
  }

  /** Has the page. */
  byte[] pageTexts() {
    return pageTexts;
  }

  int pageFrom() {
    return pageFrom;
  }

  /** The length of the page, -1 if there is none. */
  int pageLength() {
    return pageLength;
  }

  /** Has the user id. */
  byte[] users() {
    return users;
  }

  int userIdFrom() {
    return userIdFrom;
  }

  /** The length of the user id, -1 if there is none. */
  int userIdLength() {
    return userIdLength;
  }

  /** The bytes of the visit in its session's record, without those of its user. */
  int visitBytes() {
    return page == PageTable.NONE
        ? SessionBytes.ofVisit(pageTexts, pageFrom, pageLength, time)
        : SessionBytes.ofVisit(pages.jsonBytes(page), time);
  }

  /** The bytes of the visit's user in its session's record. */
  int userBytes() {
    return Utf8.jsonBytes(users, userIdFrom, Math.max(0, userIdLength));
  }

  /** Whether the user is the usual one. */
  boolean isUsualUser() {
    return isUsualUser;
  }

  VisitedPage visit() {
    return visit(time);
  }

  VisitedPage visit(long atTime) {
    return new VisitedPage(
        atTime,
        text(pageTexts, pageFrom, pageLength),
        text(users, userIdFrom, userIdLength),
        ProjectedFields.of(in.array(), fieldsFrom, fieldsLength));
  }

  private static @Nullable String text(byte[] bytes, int from, int length) {
    return length < 0 ? null : new String(bytes, from, length, UTF_8);
  }
}
