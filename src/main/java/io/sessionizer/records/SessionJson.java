package io.sessionizer.records;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The JSON of a session, written and read: these fields, in this order, and none that is null; then
 * its attributes, if there are any. Equal sessions give equal bytes.
 *
 * <p>The JSON has one user, that of the first visit with one. Read back, it is the user of every
 * visit.
 */
public final class SessionJson implements Serializable {
  private static final long serialVersionUID = 1L;

  private static final String VISIT_ID = VisitFormat.VISIT_ID;
  private static final String USER_ID = VisitFormat.USER_ID;

  /** The field with the event time of the first visit. */
  public static final String START_TIME = "start_time";

  /** The field with the event time of the last visit. */
  public static final String END_TIME = "end_time";

  /** The field with the visits in the order of their event times. */
  public static final String VISITED_PAGES = "visited_pages";

  private static final String PAGE = VisitFormat.PAGE;
  private static final String EVENT_TIME_MILLIS = "event_time_as_milliseconds";

  /** The name of the last field that every session has. */
  public static final String DURATION_MILLIS = "duration_in_milliseconds";

  /** The field with the attributes; the last one, if they are configured. */
  public static final String ATTRIBUTES = "attributes";

  /** What the attributes add to the bytes besides their object. */
  public static final int BYTES_AROUND_ATTRIBUTES = (",\"" + ATTRIBUTES + "\":").length();

  /** The bytes of a visit's JSON without its page and time, with the comma after it. */
  public static final int BYTES_AROUND_VISIT =
      ("{\"" + PAGE + "\":\"\",\"" + EVENT_TIME_MILLIS + "\":},").length();

  private static final JsonFactory JSON =
      JsonFactory.builder().enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8).build();
  private static final ObjectMapper TREES = new ObjectMapper();
  // XXXXX, and not XXX: before 1900 many zones have offsets with seconds.
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSXXXXX", Locale.ROOT);

  private static final byte[] BEFORE_VISIT_ID = ascii("{\"" + VISIT_ID + "\":");
  private static final byte[] BEFORE_USER_ID = ascii(",\"" + USER_ID + "\":");
  private static final byte[] BEFORE_START_TIME = ascii(",\"" + START_TIME + "\":");
  private static final byte[] BEFORE_END_TIME = ascii(",\"" + END_TIME + "\":");
  private static final byte[] BEFORE_VISITED_PAGES = ascii(",\"" + VISITED_PAGES + "\":");
  private static final byte[] BEFORE_PAGE = ascii("\"" + PAGE + "\":");
  private static final byte[] BEFORE_EVENT_TIME = ascii("\"" + EVENT_TIME_MILLIS + "\":");
  private static final byte[] BEFORE_DURATION = ascii("],\"" + DURATION_MILLIS + "\":");
  private static final byte[] BEFORE_ATTRIBUTES = ascii(",\"" + ATTRIBUTES + "\":");
  private static final int FRAME_BYTES = 256;

  private static final long MILLIS_PER_SECOND = 1_000;
  private static final long MILLIS_PER_DAY = 86_400_000;
  private static final long FIRST_DAY_MILLIS = LocalDate.of(1, 1, 1).toEpochDay() * MILLIS_PER_DAY;
  private static final long LAST_DAY_MILLIS =
      LocalDate.of(9999, 12, 31).toEpochDay() * MILLIS_PER_DAY;

  private final ZoneId timeZone;
  private final @Nullable AttributeWriter attributes;
  private final @Nullable Pseudonyms pseudonyms;

  /** Creates a writer that prints start and end as local time in {@code timeZone}. */
  public SessionJson(ZoneId timeZone) {
    this(timeZone, null);
  }

  /**
   * Creates a writer.
   *
   * @param timeZone of start and end
   * @param attributes null if none are configured
   */
  public SessionJson(ZoneId timeZone, @Nullable AttributeWriter attributes) {
    this(timeZone, attributes, null);
  }

  /**
   * Creates a writer.
   *
   * @param timeZone of start and end
   * @param attributes null if none are configured
   * @param pseudonyms in place of the users of private sessions; null if these have none
   */
  public SessionJson(
      ZoneId timeZone, @Nullable AttributeWriter attributes, @Nullable Pseudonyms pseudonyms) {
    this.timeZone = timeZone;
    this.attributes = attributes;
    this.pseudonyms = pseudonyms;
  }

  /** Returns {@code session} as one line of UTF-8 JSON, without a line feed. */
  public byte[] write(Session session) {
    boolean isPrivate = pseudonyms != null && pseudonyms.arePrivate(new ListedVisits(session));
    return write(published(session), isPrivate);
  }

  private byte[] write(Session session, boolean isPrivate) {
    return write(
        session.visitId(),
        session.userId(),
        session.startMillis(),
        session.endMillis(),
        session.pages(),
        session.endMillis() - session.startMillis(),
        attributes == null ? null : attributes(session, isPrivate, attributes));
  }

  /** Returns the JSON of the session that a row is, whatever its columns say. */
  public byte[] write(SessionRow row) {
    return write(
        row.visitId(),
        row.userId(),
        row.startMillis(),
        row.endMillis(),
        row.pages(),
        row.durationMillis(),
        row.attributes());
  }

  private byte[] write(
      String visitId,
      @Nullable String userId,
      long startMillis,
      long endMillis,
      List<VisitedPage> pages,
      long durationMillis,
      @Nullable String written) {
    var bytes = new ByteArrayOutputStream(256);
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      json.writeStringField(VISIT_ID, visitId);
      writeOptional(json, USER_ID, userId);
      json.writeStringField(START_TIME, time(startMillis));
      json.writeStringField(END_TIME, time(endMillis));
      json.writeArrayFieldStart(VISITED_PAGES);
      for (VisitedPage page : pages) {
        json.writeStartObject();
        writeOptional(json, PAGE, page.page());
        json.writeNumberField(EVENT_TIME_MILLIS, page.eventTimeMillis());
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeNumberField(DURATION_MILLIS, durationMillis);
      if (written != null) {
        json.writeFieldName(ATTRIBUTES);
        json.writeRawValue(written);
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    }
    return bytes.toByteArray();
  }

  /** Returns a session with pseudonyms in place of its users, if it is private. */
  public Session published(Session session) {
    return pseudonyms != null && pseudonyms.arePrivate(new ListedVisits(session))
        ? pseudonyms.of(session)
        : session;
  }

  /** Whether sessions have attributes. */
  public boolean hasAttributes() {
    return attributes != null;
  }

  /**
   * Returns the JSON object with the attributes of a session.
   *
   * @throws IllegalStateException if sessions have none
   */
  public String attributes(Session session) {
    if (attributes == null) {
      throw new IllegalStateException("no attributes are configured");
    }
    boolean isPrivate = pseudonyms != null && pseudonyms.arePrivate(new ListedVisits(session));
    return attributes(published(session), isPrivate, attributes);
  }

  private static String attributes(Session session, boolean isPrivate, AttributeWriter attributes) {
    JsonBytes object = new JsonBytes(FRAME_BYTES);
    attributes.write(new ListedVisits(session), isPrivate, object);
    return new String(object.toByteArray(), UTF_8);
  }

  /** Returns {@code session} as {@link #write(Session)} does. */
  public byte[] write(PackedSession session) {
    if (pseudonyms != null && pseudonyms.arePrivate(session.visits())) {
      return write(pseudonyms.of(session.unpacked()), true);
    }
    byte[] texts = session.bytes();
    JsonBytes json = new JsonBytes(3 * texts.length + FRAME_BYTES);
    json.add(BEFORE_VISIT_ID);
    json.addQuoted(texts, 0, session.visitIdLength());
    for (PackedSession.Visits visits = session.visits(); visits.next(); ) {
      if (visits.userIdLength() >= 0) {
        json.add(BEFORE_USER_ID);
        json.addQuoted(texts, visits.userIdFrom(), visits.userIdLength());
        break;
      }
    }
    json.add(BEFORE_START_TIME);
    addTime(session.startMillis(), json);
    json.add(BEFORE_END_TIME);
    addTime(session.endMillis(), json);
    json.add(BEFORE_VISITED_PAGES);
    char before = '[';
    for (PackedSession.Visits visits = session.visits(); visits.next(); before = ',') {
      json.add(before);
      json.add('{');
      if (visits.pageLength() >= 0) {
        json.add(BEFORE_PAGE);
        json.addQuoted(texts, visits.pageFrom(), visits.pageLength());
        json.add(',');
      }
      json.add(BEFORE_EVENT_TIME);
      json.add(visits.eventTimeMillis());
      json.add('}');
    }
    json.add(BEFORE_DURATION);
    json.add(session.endMillis() - session.startMillis());
    if (attributes != null) {
      json.add(BEFORE_ATTRIBUTES);
      attributes.write(session.visits(), false, json);
    }
    json.add('}');
    return json.toByteArray();
  }

  /** Adds a time as the pattern of {@link #TIME} has it, by digits where the year has four. */
  private void addTime(long epochMillis, JsonBytes json) {
    json.add('"');
    int offset =
        timeZone.equals(ZoneOffset.UTC)
            ? 0
            : timeZone.getRules().getOffset(Instant.ofEpochMilli(epochMillis)).getTotalSeconds();
    long local = epochMillis + offset * MILLIS_PER_SECOND;
    if (local < FIRST_DAY_MILLIS || local > LAST_DAY_MILLIS || offset % 60 != 0) {
      json.add(time(epochMillis).getBytes(US_ASCII));
    } else {
      LocalDate date = LocalDate.ofEpochDay(Math.floorDiv(local, MILLIS_PER_DAY));
      long millis = Math.floorMod(local, MILLIS_PER_DAY);
      json.addDigits(date.getYear(), 4);
      json.add('-');
      json.addDigits(date.getMonthValue(), 2);
      json.add('-');
      json.addDigits(date.getDayOfMonth(), 2);
      json.add('T');
      json.addDigits(millis / 3_600_000, 2);
      json.add(':');
      json.addDigits(millis / 60_000 % 60, 2);
      json.add(':');
      json.addDigits(millis / 1_000 % 60, 2);
      json.add('.');
      json.addDigits(millis % 1_000, 3);
      addOffset(offset, json);
    }
    json.add('"');
  }

  private static void addOffset(int seconds, JsonBytes json) {
    if (seconds == 0) {
      json.add('Z');
      return;
    }
    int minutes = Math.abs(seconds) / 60;
    json.add(seconds < 0 ? '-' : '+');
    json.addDigits(minutes / 60, 2);
    json.add(':');
    json.addDigits(minutes % 60, 2);
  }

  /**
   * Reads a session. Fields that are derived from its visits are not read.
   *
   * @param ordinal how many sessions of the visit id start in the same millisecond before it, which
   *     only the session's id says
   * @throws MalformedRecordException if it is not the JSON of a session
   */
  public static Session read(byte[] json, int ordinal) throws MalformedRecordException {
    JsonNode session = tree(json);
    JsonNode visitedPages = session.path(VISITED_PAGES);
    if (!visitedPages.isArray() || visitedPages.isEmpty()) {
      throw new MalformedRecordException("there is no list " + VISITED_PAGES + " in it");
    }
    String visitId = text(session.path(VISIT_ID));
    if (visitId == null) {
      throw new MalformedRecordException("there is no text " + VISIT_ID + " in it");
    }
    String userId = text(session.path(USER_ID));
    List<VisitedPage> pages = new ArrayList<>(visitedPages.size());
    for (JsonNode page : visitedPages) {
      JsonNode time = page.path(EVENT_TIME_MILLIS);
      if (!time.canConvertToLong()) {
        throw new MalformedRecordException("a visited page has no " + EVENT_TIME_MILLIS);
      }
      pages.add(new VisitedPage(time.longValue(), text(page.path(PAGE)), userId));
    }
    return new Session(visitId, pages, ordinal);
  }

  /**
   * Returns where the attributes start in the JSON of a session, with the comma in front of them;
   * without any, where the last brace is.
   */
  public static int attributesFrom(byte[] json) {
    // The texts before it have no quotation mark that is not escaped.
    for (int at = 0; at <= json.length - BEFORE_DURATION.length; at++) {
      if (json[at] == ']' && isAt(json, at, BEFORE_DURATION)) {
        int end = at + BEFORE_DURATION.length;
        while (end < json.length && json[end] >= '0' && json[end] <= '9') {
          end++;
        }
        return isAt(json, end, BEFORE_ATTRIBUTES) ? end : json.length - 1;
      }
    }
    return json.length - 1;
  }

  /** Returns the object with the attributes in the JSON of a session; null if there is none. */
  public static byte @Nullable [] attributesOf(byte[] json) {
    int from = attributesFrom(json) + BYTES_AROUND_ATTRIBUTES;
    return from < json.length ? Arrays.copyOfRange(json, from, json.length - 1) : null;
  }

  private static boolean isAt(byte[] json, int at, byte[] part) {
    return at + part.length <= json.length
        && Arrays.equals(json, at, at + part.length, part, 0, part.length);
  }

  private static JsonNode tree(byte[] json) throws MalformedRecordException {
    try {
      return TREES.readTree(json);
    } catch (JsonProcessingException e) {
      throw new MalformedRecordException(e.getOriginalMessage());
    } catch (IOException e) {
      throw new UncheckedIOException("reading from memory", e);
    }
  }

  private static @Nullable String text(JsonNode node) {
    return node.isTextual() ? node.textValue() : null;
  }

  private String time(long epochMillis) {
    return TIME.format(Instant.ofEpochMilli(epochMillis).atZone(timeZone));
  }

  private static byte[] ascii(String text) {
    return text.getBytes(US_ASCII);
  }

  private static void writeOptional(JsonGenerator json, String name, @Nullable String value)
      throws IOException {
    if (value != null) {
      json.writeStringField(name, value);
    }
  }
}
