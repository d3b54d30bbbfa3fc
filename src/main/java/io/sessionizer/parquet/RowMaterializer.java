package io.sessionizer.parquet;

import io.sessionizer.records.SessionRow;
import io.sessionizer.records.VisitedPage;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.PrimitiveConverter;
import org.apache.parquet.io.api.RecordMaterializer;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Makes rows of the values of columns, which it receives one after the other. */
final class RowMaterializer extends RecordMaterializer<SessionRow> {
  private String sessionId = "";
  private String visitId = "";
  private @Nullable String userId;
  private long startMillis;
  private long endMillis;
  private long durationMillis;
  private String endReason = "";
  private List<VisitedPage> pages = new ArrayList<>();
  private @Nullable String attributes;
  private @Nullable String page;
  private long eventTimeMillis;

  /** In the order of {@link SessionColumns}. */
  private final GroupConverter row =
      new Group(
          this::start,
          () -> {},
          text(value -> sessionId = value),
          text(value -> visitId = value),
          text(value -> userId = value),
          number(value -> startMillis = value),
          number(value -> endMillis = value),
          number(value -> durationMillis = value),
          text(value -> endReason = value),
          visitedPages(),
          text(value -> attributes = value));

  private Group visitedPages() {
    Group element =
        new Group(
            () -> page = null,
            () -> pages.add(new VisitedPage(eventTimeMillis, page, null)),
            text(value -> page = value),
            number(value -> eventTimeMillis = value));
    return new Group(() -> {}, () -> {}, new Group(() -> {}, () -> {}, element));
  }

  private void start() {
    userId = null;
    attributes = null;
    pages = new ArrayList<>();
  }

  @Override
  public SessionRow getCurrentRecord() {
    return new SessionRow(
        sessionId,
        visitId,
        userId,
        startMillis,
        endMillis,
        durationMillis,
        endReason,
        pages,
        attributes);
  }

  @Override
  public GroupConverter getRootConverter() {
    return row;
  }

  private static PrimitiveConverter text(Consumer<String> value) {
    return new PrimitiveConverter() {
      @Override
      public void addBinary(Binary binary) {
        value.accept(binary.toStringUsingUTF8());
      }
    };
  }

  private static PrimitiveConverter number(LongConsumer value) {
    return new PrimitiveConverter() {
      @Override
      public void addLong(long number) {
        value.accept(number);
      }
    };
  }

  /** Columns that are received together. */
  private static final class Group extends GroupConverter {
    private final Runnable start;
    private final Runnable end;
    private final Converter[] columns;

    Group(Runnable start, Runnable end, Converter... columns) {
      this.start = start;
      this.end = end;
      this.columns = columns;
    }

    @Override
    public Converter getConverter(int column) {
      return columns[column];
    }

    @Override
    public void start() {
      start.run();
    }

    @Override
    public void end() {
      end.run();
    }
  }
}
