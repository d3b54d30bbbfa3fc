package io.sessionizer.verify;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sessionizer.records.ProjectedFields;
import io.sessionizer.records.VisitedPage;
import java.util.Arrays;
import java.util.Objects;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A visit that is neither in the late visits nor in the dead letters, so that it is in a session.
 *
 * @param visitId the visit id, UTF-8
 * @param page its time, page, user and projected fields
 * @param part of the source, see {@link RecordSource#part}
 * @param offset in the part
 * @param isLate whether it was late by the watermark of its part alone
 * @param isTooLate whether it was beyond acceptance by the watermark of its part alone
 * @param isRecent see {@link SourceRecord#isRecent}
 */
record AcceptedVisit(
    byte[] visitId,
    VisitedPage page,
    int part,
    long offset,
    boolean isLate,
    boolean isTooLate,
    boolean isRecent) {
  private static final int LATE = 1;
  private static final int TOO_LATE = 2;
  private static final int RECENT = 4;

  long timeMillis() {
    return page.eventTimeMillis();
  }

  /** Returns the entry of a sort by visit id and time. */
  byte[] entry(SortEntry.EntryWriter writer) {
    writer.text(visitId).number(timeMillis());
    write(page.page(), writer);
    write(page.userId(), writer);
    return writer
        .optional(page.fields().bytes())
        .number(part)
        .number(offset)
        .number((isLate ? LATE : 0) | (isTooLate ? TOO_LATE : 0) | (isRecent ? RECENT : 0))
        .entry();
  }

  /**
   * Reads an entry.
   *
   * @param before the visit before, whose visit id and user id are shared if they are the same
   */
  static AcceptedVisit read(byte[] entry, @Nullable AcceptedVisit before) {
    SortEntry.EntryReader reader = new SortEntry.EntryReader(entry);
    byte[] visitId = reader.text();
    long time = reader.number();
    String page = text(reader.optional());
    String userId = text(reader.optional());
    if (before != null && Arrays.equals(before.visitId, visitId)) {
      visitId = before.visitId;
    }
    if (before != null && userId != null && userId.equals(before.page.userId())) {
      userId = before.page.userId();
    }
    byte[] fields = Objects.requireNonNull(reader.optional(), "written if empty");
    int part = (int) reader.number();
    long offset = reader.number();
    long flags = reader.number();
    return new AcceptedVisit(
        visitId,
        new VisitedPage(time, page, userId, ProjectedFields.of(fields, 0, fields.length)),
        part,
        offset,
        (flags & LATE) != 0,
        (flags & TOO_LATE) != 0,
        (flags & RECENT) != 0);
  }

  private static void write(@Nullable String text, SortEntry.EntryWriter writer) {
    if (text == null) {
      writer.absent();
    } else {
      writer.optional(text.getBytes(UTF_8));
    }
  }

  private static @Nullable String text(byte @Nullable [] utf8) {
    return utf8 == null ? null : new String(utf8, UTF_8);
  }
}
