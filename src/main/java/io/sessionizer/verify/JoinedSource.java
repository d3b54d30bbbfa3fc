package io.sessionizer.verify;

import io.sessionizer.records.SourcePosition;
import java.io.IOException;

/**
 * The records of two sources, one after the other.
 *
 * @param first its parts have the first numbers
 * @param second its parts have the numbers behind them
 */
public record JoinedSource(RecordSource first, RecordSource second) implements RecordSource {
  private RecordSource of(int part) {
    return part < first.parts() ? first : second;
  }

  private RecordSource of(SourcePosition position) {
    return first.coverage(position) == Coverage.ELSEWHERE ? second : first;
  }

  private int within(int part) {
    return part < first.parts() ? part : part - first.parts();
  }

  @Override
  public String name() {
    return first.name() + " and " + second.name();
  }

  @Override
  public long size() {
    return first.size() + second.size();
  }

  @Override
  public int parts() {
    return first.parts() + second.parts();
  }

  @Override
  public boolean isComplete() {
    return first.isComplete() && second.isComplete();
  }

  @Override
  public boolean isComplete(int part) {
    return of(part).isComplete(within(part));
  }

  @Override
  public boolean hasKeys(int part) {
    return of(part).hasKeys(within(part));
  }

  @Override
  public boolean replaces(int part) {
    return of(part).replaces(within(part));
  }

  @Override
  public Coverage coverage(SourcePosition position) {
    return of(position).coverage(position);
  }

  @Override
  public int part(SourcePosition position) {
    RecordSource source = of(position);
    return source.part(position) + (source.equals(second) ? first.parts() : 0);
  }

  @Override
  public boolean isTruncated(int part) {
    return of(part).isTruncated(within(part));
  }

  @Override
  public SourcePosition position(int part, long offset) {
    return of(part).position(within(part), offset);
  }

  @Override
  public String describe(SourcePosition position) {
    return of(position).describe(position);
  }

  @Override
  public void read(EachRecord each) throws IOException {
    first.read(each);
    second.read(each);
  }

  @Override
  public void close() {
    first.close();
    second.close();
  }
}
