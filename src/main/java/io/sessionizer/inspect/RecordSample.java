package io.sessionizer.inspect;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;

/**
 * The records that are inspected, in the order of their partitions or files. They are kept in
 * memory, within bounds: of a topic the newest ones, of files the first ones.
 */
public final class RecordSample {
  /** How many bytes of records are kept, unless that is more than an eighth of the heap. */
  private static final long MAX_BYTES = Math.min(128L << 20, Runtime.getRuntime().maxMemory() / 8);

  private final Source source;
  private final String name;
  private final int maxRecords;
  private final Deque<SampledRecord> records = new ArrayDeque<>();
  private long bytes;
  private long available;
  private boolean isWhole = true;

  /** Where records are from. */
  public enum Source {
    TOPIC("record"),
    FILES("line");

    private final String noun;

    Source(String noun) {
      this.noun = noun;
    }

    /** Returns how one of many is called. */
    String noun() {
      return noun;
    }
  }

  /**
   * Creates a sample without records.
   *
   * @param name of the source, for people
   * @param maxRecords how many records are kept at most
   */
  RecordSample(Source source, String name, int maxRecords) {
    this.source = source;
    this.name = name;
    this.maxRecords = maxRecords;
  }

  /** Adds a record. If there are too many now, the first one is evicted. */
  void addNewest(SampledRecord record) {
    add(record);
    while (records.size() > maxRecords || (bytes > MAX_BYTES && records.size() > 1)) {
      bytes -= records.removeFirst().size();
      isWhole = false;
    }
  }

  /** Adds a record if there is room for it; false if there is none. */
  boolean addFirst(SampledRecord record) {
    if (records.size() >= maxRecords || (bytes + record.size() > MAX_BYTES && !records.isEmpty())) {
      isWhole = false;
      return false;
    }
    add(record);
    return true;
  }

  private void add(SampledRecord record) {
    records.addLast(record);
    bytes += record.size();
  }

  /** Sets about how many records the source has; without it that is not known. */
  void setAvailable(long records) {
    available = records;
  }

  /** Sets that the source has records that were not read. */
  void setPart() {
    isWhole = false;
  }

  /** Returns about how many records the source has; 0 if that is not known. */
  long available() {
    return available;
  }

  /** Whether these are all records. */
  boolean isWhole() {
    return isWhole;
  }

  Source source() {
    return source;
  }

  String name() {
    return name;
  }

  Collection<SampledRecord> records() {
    return records;
  }
}
