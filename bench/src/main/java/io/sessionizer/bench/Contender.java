package io.sessionizer.bench;

import io.sessionizer.bench.Contender.Kind;
import java.util.Locale;

/** A program that makes sessions of visits, with its state in a certain place. */
enum Contender {
  STATEFUL_HEAP(Kind.SESSIONIZER),
  STATEFUL_ROCKSDB(Kind.SESSIONIZER),
  WINDOWS_HEAP(Kind.SESSIONIZER),
  WINDOWS_ROCKSDB(Kind.SESSIONIZER),
  NATIVE_HEAP(Kind.FLINK),
  NATIVE_ROCKSDB(Kind.FLINK),
  STREAMS_MEMORY(Kind.STREAMS),
  STREAMS_ROCKSDB(Kind.STREAMS),
  SESSIONIZER(Kind.FILES),
  DUCKDB(Kind.FILES),
  SPARK_SQL(Kind.FILES),
  FLOOR(Kind.FLOOR);

  /** What a contender is made with. */
  enum Kind {
    /** This pipeline, on Flink in its process. */
    SESSIONIZER,
    /** Flink's DataStream API. */
    FLINK,
    /** Kafka Streams. */
    STREAMS,
    /** A program that reads and writes files only. */
    FILES,
    /** The least that has to be done, with topics or files; nothing of it survives a failure. */
    FLOOR
  }

  private final Kind kind;

  Contender(Kind kind) {
    this.kind = kind;
  }

  Kind kind() {
    return kind;
  }

  /** Returns the engine, of a sessionizer. */
  String engine() {
    return toString().replaceFirst("-.*", "");
  }

  /** Whether it is this pipeline with the stateful engine. */
  boolean isStateful() {
    return engine().equals("stateful");
  }

  /** Whether its state is on the heap, rather than in RocksDB. */
  boolean onHeap() {
    return !name().endsWith("_ROCKSDB");
  }

  /** Returns the native Flink job that has its state in the same place. */
  Contender counterpart() {
    return onHeap() ? NATIVE_HEAP : NATIVE_ROCKSDB;
  }

  /** Whether it would run for ever, and is stopped when all sessions are emitted. */
  boolean isStopped() {
    return kind == Kind.STREAMS;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
