package io.sessionizer.bench.peers;

/** A visit, as far as a session needs it. Mutable, for frameworks that fill the same one again. */
final class PeerVisit {
  String visitId = "";
  String userId = "";
  String page = "";
  long timeMillis;
}
