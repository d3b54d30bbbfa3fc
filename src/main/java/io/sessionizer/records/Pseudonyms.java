package io.sessionizer.records;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.Serializable;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Replaces the users of private sessions by pseudonyms. A session is private if one of its visits
 * is. A pseudonym is {@code hmac-sha256:} and 64 hexadecimal digits: the HMAC-SHA-256 (RFC 2104) of
 * the user id in UTF-8, so that sessions of one user remain recognizable as such. A user id of that
 * form is a pseudonym already, and remains. Not thread-safe.
 */
public final class Pseudonyms implements Serializable {
  private static final long serialVersionUID = 1L;

  private static final String PREFIX = "hmac-sha256:";
  private static final String ALGORITHM = "HmacSHA256";
  private static final Pattern PSEUDONYM = Pattern.compile(PREFIX + "[0-9a-f]{64}");

  /** How many bytes a pseudonym has. */
  public static final int BYTES = PREFIX.length() + 64;

  private final int isPrivate;
  private final PseudonymKey key;
  private transient @Nullable Mac mac;

  /**
   * Creates the pseudonyms of a key.
   *
   * @param isPrivate the id of the projected field that is true for a private visit
   */
  public Pseudonyms(int isPrivate, PseudonymKey key) {
    this.isPrivate = isPrivate;
    this.key = key;
  }

  /** Whether any of the visits is private. */
  boolean arePrivate(VisitSlices visits) {
    ProjectedFields.Cursor fields = new ProjectedFields.Cursor();
    while (visits.next()) {
      if (visits.fieldsLength() > 0
          && fields.find(visits.bytes(), visits.fieldsFrom(), visits.fieldsLength(), isPrivate)
          && fields.type() == ProjectedFields.TRUE) {
        return true;
      }
    }
    return false;
  }

  /** Returns a session with pseudonyms in place of its users. */
  Session of(Session session) {
    List<VisitedPage> pages =
        session.pages().stream()
            .map(
                visit ->
                    new VisitedPage(
                        visit.eventTimeMillis(),
                        visit.page(),
                        visit.userId() == null ? null : of(visit.userId()),
                        visit.fields()))
            .toList();
    return new Session(session.visitId(), pages, session.ordinal());
  }

  /** Returns the pseudonym of a user. */
  String of(String userId) {
    return PSEUDONYM.matcher(userId).matches()
        ? userId
        : PREFIX + HexFormat.of().formatHex(mac().doFinal(userId.getBytes(UTF_8)));
  }

  private Mac mac() {
    Mac existing = mac;
    if (existing != null) {
      return existing;
    }
    try {
      Mac created = Mac.getInstance(ALGORITHM);
      created.init(new SecretKeySpec(key.bytes(), ALGORITHM));
      mac = created;
      return created;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has " + ALGORITHM, e);
    }
  }
}
