package io.sessionizer.records;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Iterator;
import org.checkerframework.checker.nullness.qual.Nullable;

/** The visits of a {@link Session} as slices: of each, an array with all that it has. */
final class ListedVisits implements VisitSlices {
  private static final byte[] NOTHING = {};

  private final byte[] visitId;
  private final Iterator<VisitedPage> visits;
  private byte[] bytes = NOTHING;
  private long time;
  private int pageLength;
  private int userIdLength;
  private int fieldsLength;

  ListedVisits(Session session) {
    this.visitId = session.visitId().getBytes(UTF_8);
    this.visits = session.pages().iterator();
  }

  @Override
  public boolean next() {
    if (!visits.hasNext()) {
      return false;
    }
    VisitedPage visit = visits.next();
    byte[] page = utf8(visit.page());
    byte[] userId = utf8(visit.userId());
    byte[] fields = visit.fields().bytes();
    time = visit.eventTimeMillis();
    pageLength = visit.page() == null ? -1 : page.length;
    userIdLength = visit.userId() == null ? -1 : userId.length;
    fieldsLength = fields.length;
    bytes = new byte[visitId.length + page.length + userId.length + fields.length];
    System.arraycopy(visitId, 0, bytes, 0, visitId.length);
    System.arraycopy(page, 0, bytes, pageFrom(), page.length);
    System.arraycopy(userId, 0, bytes, userIdFrom(), userId.length);
    System.arraycopy(fields, 0, bytes, fieldsFrom(), fields.length);
    return true;
  }

  private static byte[] utf8(@Nullable String text) {
    return text == null ? NOTHING : text.getBytes(UTF_8);
  }

  @Override
  public byte[] bytes() {
    return bytes;
  }

  @Override
  public int visitIdLength() {
    return visitId.length;
  }

  @Override
  public long eventTimeMillis() {
    return time;
  }

  @Override
  public int pageFrom() {
    return visitId.length;
  }

  @Override
  public int pageLength() {
    return pageLength;
  }

  @Override
  public int userIdFrom() {
    return pageFrom() + Math.max(0, pageLength);
  }

  @Override
  public int userIdLength() {
    return userIdLength;
  }

  @Override
  public int fieldsFrom() {
    return userIdFrom() + Math.max(0, userIdLength);
  }

  @Override
  public int fieldsLength() {
    return fieldsLength;
  }
}
