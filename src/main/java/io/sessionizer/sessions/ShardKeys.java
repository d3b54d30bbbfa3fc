package io.sessionizer.sessions;

import io.sessionizer.visits.VisitPacket;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.VarIntCoder;

/**
 * The keys of the shards in Beam. A runner that assigns keys by a hash would give some workers
 * several times as many shards as others, if the keys were 0 to 255. These were found by search: of
 * a maximum parallelism of 256 each has a key group of its own, of 128 each key group has two. They
 * are part of the format of saved state.
 */
final class ShardKeys {
  /** Codes a key. */
  static final Coder<Integer> CODER = VarIntCoder.of();

  private static final int[] KEYS = {
    286, 268, 657, 160, 154, 409, 66, 257, 30, 74, 267, 576, 120, 16, 223, 547,
    64, 376, 137, 435, 112, 197, 146, 929, 287, 100, 511, 50, 859, 39, 701, 251,
    826, 15, 61, 483, 106, 307, 101, 191, 721, 53, 310, 253, 344, 41, 0, 819,
    4, 27, 44, 86, 393, 54, 186, 87, 139, 96, 319, 234, 75, 240, 59, 574,
    568, 37, 35, 553, 301, 91, 56, 7, 718, 252, 23, 498, 141, 109, 579, 135,
    561, 142, 132, 62, 124, 204, 538, 181, 975, 168, 495, 121, 45, 58, 14, 117,
    1107, 896, 272, 57, 318, 188, 94, 118, 198, 748, 216, 22, 28, 351, 153, 329,
    90, 40, 115, 528, 308, 145, 175, 405, 20, 179, 29, 524, 638, 108, 174, 102,
    6, 107, 122, 51, 83, 165, 10, 451, 17, 673, 32, 162, 18, 33, 128, 105,
    11, 247, 515, 664, 177, 5, 164, 9, 488, 416, 138, 178, 235, 131, 232, 920,
    237, 148, 24, 477, 88, 63, 326, 47, 19, 48, 42, 169, 422, 189, 36, 472,
    1013, 401, 172, 710, 342, 134, 1532, 119, 143, 462, 202, 12, 293, 473, 84, 225,
    608, 38, 345, 369, 3, 242, 13, 265, 415, 25, 173, 31, 304, 21, 249, 152,
    95, 231, 331, 68, 229, 313, 206, 243, 196, 78, 825, 520, 336, 211, 156, 485,
    60, 276, 315, 85, 207, 199, 457, 97, 285, 72, 161, 200, 55, 49, 70, 218,
    65, 170, 149, 320, 8, 712, 245, 166, 445, 43, 1, 158, 449, 2, 348, 123
  };

  private ShardKeys() {}

  /** Returns the key of the shard of a packet. */
  static int of(VisitPacket packet) {
    return of(packet.shard());
  }

  /** Returns the key of a shard, from 0. */
  static int of(int shard) {
    return KEYS[shard];
  }
}
