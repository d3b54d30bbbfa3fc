package io.sessionizer.sessions;

/**
 * How much a {@link SessionShard} has, or by how much it has grown.
 *
 * @param visitIds visit ids with open state
 * @param bytesOfIndex bytes of memory, about; 0 of an index that was evicted
 * @param bytesInLog bytes of saved state
 */
record ShardSize(int visitIds, long bytesOfIndex, long bytesInLog) {
  static final ShardSize NONE = new ShardSize(0, 0, 0);

  ShardSize minus(ShardSize other) {
    return new ShardSize(
        visitIds - other.visitIds,
        bytesOfIndex - other.bytesOfIndex,
        bytesInLog - other.bytesInLog);
  }

  ShardSize withoutIndex() {
    return new ShardSize(visitIds, 0, bytesInLog);
  }
}
