package io.sessionizer.visits;

import io.sessionizer.formats.FieldExpression;
import io.sessionizer.formats.InputFormat;
import io.sessionizer.formats.KnownFormats;
import io.sessionizer.records.VisitFormat;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.Stream;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The first records that a process reads of a job, which show whether its format is the right one.
 * Problems are logged once, when there are enough of them or the job has read all.
 *
 * @param inspectCommand the command that shows the records
 * @param pageField the field of a page; null if visits need not have one
 * @param userIdField the field of a user id; null if visits need not have one
 */
public record FirstRecords(
    String inspectCommand, @Nullable String pageField, @Nullable String userIdField)
    implements Serializable {
  private static final long serialVersionUID = 1L;

  /** How many records are enough. */
  static final int ENOUGH = 1000;

  private static final Logger LOG = LoggerFactory.getLogger(FirstRecords.class);

  /** Those of this JVM. Static, as a runner has many copies of what reads. */
  private static final ConcurrentMap<FirstRecords, Judgement> JUDGEMENTS =
      new ConcurrentHashMap<>();

  /** Returns those of a job that reads {@code format}. */
  public static FirstRecords of(String inspectCommand, InputFormat format) {
    FieldExpression page = isPageOptional(format) ? null : format.page();
    FieldExpression userId = isUserIdOptional(format) ? null : format.userId();
    return new FirstRecords(
        inspectCommand, page == null ? null : page.text(), userId == null ? null : userId.text());
  }

  private static boolean isPageOptional(InputFormat format) {
    return InputFormat.DEFAULT.visitId().equals(format.visitId())
        && Objects.equals(InputFormat.DEFAULT.page(), format.page());
  }

  /** Where the user has named no field, visits of a small sample may all be without one. */
  private static boolean isUserIdOptional(InputFormat format) {
    FieldExpression userId = format.userId();
    return userId == null
        || userId.equals(InputFormat.DEFAULT.userId())
        || KnownFormats.NAMES.stream()
            .map(KnownFormats::format)
            .anyMatch(
                known -> userId.equals(known.userId()) && format.visitId().equals(known.visitId()));
  }

  /** Adds records that were read together. */
  public void read(ConsumedBatch batch) {
    judgement().read(batch).forEach(LOG::warn);
  }

  /** All records are read. */
  public void finish() {
    judgement().finish().forEach(LOG::warn);
  }

  private Judgement judgement() {
    return JUDGEMENTS.computeIfAbsent(this, Judgement::new);
  }

  /** Their numbers, and what follows from them. Thread-safe. */
  static final class Judgement {
    private final FirstRecords records;
    private boolean isDecided;
    private long read;
    private long rejected;
    private long visits;
    private boolean hasPage;
    private boolean hasUserId;

    Judgement(FirstRecords records) {
      this.records = records;
      this.hasPage = records.pageField == null;
      this.hasUserId = records.userIdField == null;
    }

    /** Adds records, and returns the problems. */
    synchronized List<String> read(ConsumedBatch batch) {
      if (isDecided) {
        return List.of();
      }
      read += batch.size();
      rejected += batch.rejected().size();
      for (VisitPacket packet : batch.packets()) {
        visits += packet.count();
        lookForFields(packet);
      }
      return read < ENOUGH ? List.of() : finish();
    }

    private void lookForFields(VisitPacket packet) {
      VisitCursor visit = packet.cursor();
      while (!(hasPage && hasUserId) && visit.next()) {
        hasPage |= visit.pageLength() > 0;
        hasUserId |= visit.userIdLength() > 0;
      }
    }

    /** Returns the problems, once. */
    synchronized List<String> finish() {
      List<String> problems = new ArrayList<>();
      if (!isDecided && 2 * rejected > read) {
        problems.add(
            String.format(
                Locale.ROOT,
                "%,d of the first %,d %s rejected: the format is probably another one; %s shows it",
                rejected,
                read,
                noun(),
                records.inspectCommand));
      } else if (!isDecided && visits > 0) {
        problems.addAll(missingFields());
      }
      isDecided |= read > 0;
      return problems;
    }

    private List<String> missingFields() {
      return Stream.of(
              hasPage ? null : missing(VisitFormat.PAGE, "--pageField", records.pageField),
              hasUserId ? null : missing("user id", "--userIdField", records.userIdField))
          .filter(problem -> problem != null)
          .toList();
    }

    private String noun() {
      return read == 1 ? "record" : "records";
    }

    private @Nullable String missing(String field, String flag, @Nullable String text) {
      return text == null
          ? null
          : String.format(
              Locale.ROOT,
              "no visit among the first %,d %s has a %s: %s=%s; %s shows the fields that there are",
              read,
              noun(),
              field,
              flag,
              text,
              records.inspectCommand);
    }
  }
}
