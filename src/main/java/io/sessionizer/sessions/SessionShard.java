package io.sessionizer.sessions;

import io.sessionizer.records.SessionRecord;
import io.sessionizer.records.SessionRecord.PackedUpsert;
import io.sessionizer.records.Timing;
import io.sessionizer.records.Utf8;
import io.sessionizer.sessions.SessionState.Publication;
import io.sessionizer.visits.VisitCursor;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The sessions of the visit ids of one shard: the same as those of a {@link SessionStateMachine}
 * for each of them, with an index in memory and a log of its changes, which its caller stores.
 *
 * <p>A call is some of {@link #accept} and then {@link #amend}, or {@link #advance}; and then
 * {@link #commit}. Before a visit is accepted, the actions of its visit id up to the watermark have
 * happened, each at its own time. So a timer that fires late changes when a session is published
 * and nothing else.
 *
 * <p>Most calls are decided on the numbers of a {@link PackedState}, by functions that it shares
 * with the state machine: a visit begins a session or is appended to an open one, a session is
 * published of which nothing was, one has expired. Anything else is decided by the state machine.
 */
final class SessionShard {
  /** The bytes that a backend needs for an entry of a log, besides the entry. */
  private static final int BYTES_AROUND_ENTRY = 32;

  /** A log of fewer bytes is not written anew. */
  static final int LEAST_BYTES_TO_COMPACT = 4 << 10;

  /** If more than this part of what lives are pages, a log that is written anew has new ones. */
  private static final int MOST_BYTES_OF_PAGES = 8;

  private final SessionPolicy policy;
  private final EarlierSessions earlier;
  private final UniformValues uniform;
  private final RandomGenerator tokens;
  private final int leastBytesToCompact;
  private final ShardLog log = new ShardLog();
  private final ByteWriter scratch = new ByteWriter(64);

  /** The state machines of this call, by the slots of their visit ids. */
  private final Map<Integer, Running> running = new LinkedHashMap<>();

  private ShardIndex index;
  private long token;
  private long firstNumber;
  private long nextNumber;
  private long timerMillis;
  private long bytesInLog;
  private boolean isRecut;
  private boolean hasIndex = true;
  private ShardSize reported = ShardSize.NONE;

  /**
   * A visit id whose visits of this call are decided by the state machine.
   *
   * @param isNew whether the log has no state of the visit id yet
   */
  private record Running(SessionStateMachine machine, ShardVisits visits, boolean isNew) {}

  /**
   * What to store after a call.
   *
   * @param header the header; null if nothing is retained, and nothing is to be stored
   * @param clearsLog whether the log is to be cleared first
   * @param entries to add to the log
   * @param setsTimer whether the timer is to be set to that of the header
   */
  record Commit(
      @Nullable ShardHeader header, boolean clearsLog, List<byte[]> entries, boolean setsTimer) {}

  /** A shard without visits. */
  SessionShard(SessionPolicy policy) {
    this(policy, EarlierSessions.NONE);
  }

  /**
   * A shard without visits.
   *
   * @param earlier sessions that an earlier job has published of any shard
   */
  SessionShard(SessionPolicy policy, EarlierSessions earlier) {
    this(policy, earlier, new SplittableRandom(), LEAST_BYTES_TO_COMPACT);
  }

  /**
   * A shard without visits.
   *
   * @param earlier sessions that an earlier job has published of any shard
   * @param tokens makes the tokens
   * @param leastBytesToCompact a log of fewer bytes is not written anew
   */
  SessionShard(
      SessionPolicy policy,
      EarlierSessions earlier,
      RandomGenerator tokens,
      int leastBytesToCompact) {
    this.policy = policy;
    this.earlier = earlier;
    this.uniform = new UniformValues(policy.rules());
    this.tokens = tokens;
    this.leastBytesToCompact = leastBytesToCompact;
    clear();
  }

  /**
   * Becomes the shard of a header and a log. If its sessions were cut by another policy, they are
   * cut anew.
   */
  void restore(ShardHeader header, Iterable<byte[]> entries) {
    index = ShardLog.index(entries, header);
    isRecut = !header.policy().equals(policy);
    if (isRecut) {
      index = recut(index, header.policy(), policy);
    }
    token = header.token();
    firstNumber = header.firstNumber();
    nextNumber = header.nextNumber();
    timerMillis = header.timerMillis();
    bytesInLog = header.bytesInLog();
    hasIndex = true;
    running.clear();
    log.begin(nextNumber);
  }

  /** Becomes a shard without visits. */
  void clear() {
    index = new ShardIndex(policy);
    isRecut = false;
    hasIndex = true;
    firstNumber = 0;
    nextNumber = 0;
    timerMillis = SessionState.NEVER;
    bytesInLog = 0;
    running.clear();
    log.begin(nextNumber);
  }

  /**
   * Frees the memory of the index; the next call must be {@link #restore} or {@link #clear}.
   *
   * @return how many bytes of it {@link #growthSinceReport} has reported
   */
  long evictIndex() {
    long freed = reported.bytesOfIndex();
    reported = reported.withoutIndex();
    index = new ShardIndex(policy);
    hasIndex = false;
    return freed;
  }

  /** Whether the index has the state of a header and its log. */
  boolean fits(ShardHeader header) {
    return hasIndex && token == header.token() && header.policy().equals(policy);
  }

  /** Returns by how much the shard is larger than at the last call of this. */
  ShardSize growthSinceReport() {
    int visitIds = index.size();
    ShardSize size = new ShardSize(visitIds, visitIds == 0 ? 0 : index.bytes(), bytesInLog);
    ShardSize growth = size.minus(reported);
    reported = size;
    return growth;
  }

  int visitIds() {
    return index.size();
  }

  /** How many bytes of memory the index has, about. */
  long bytesOfIndex() {
    return index.bytes();
  }

  long bytesInLog() {
    return bytesInLog;
  }

  /** The index, to be read only. */
  ShardIndex index() {
    return index;
  }

  /**
   * Accepts a visit, or rejects it as too late.
   *
   * @param now the watermark
   * @param watermark at which the visit is accepted: {@code now}, or the one at which reading was
   *     resumed, if {@code now} is not known yet
   * @param changes receives the published records, in their order
   * @return whether it is accepted; if not, nothing has changed because of it
   */
  boolean accept(VisitCursor visit, long now, long watermark, List<SessionRecord> changes) {
    int slot = index.find(visit.bytes(), visit.visitIdFrom(), visit.visitIdLength());
    if (slot != ShardIndex.NONE && !isRunning(slot)) {
      slot = advance(slot, now, changes);
    }
    long time = visit.eventTimeMillis();
    boolean isLate = policy.isLate(time, watermark);
    if (slot == ShardIndex.NONE) {
      long evictedUpTo = policy.earliestAccepted(watermark);
      List<Publication> published =
          earlier.from(evictedUpTo, visit.bytes(), visit.visitIdFrom(), visit.visitIdLength());
      if (!isLate && published.isEmpty() && uniform.isUniform(visit)) {
        begin(visit, evictedUpTo);
        return true;
      }
      if (isLate && !policy.accepts(time, watermark)) {
        return false;
      }
      slot = index.add(PackedState.create(PackedState.OTHER, visit, 0));
      begin(slot, published);
    } else if (!isLate && append(slot, visit)) {
      return true;
    }
    Running machine = running.get(slot);
    return (machine == null ? run(slot) : machine).machine().accept(visit.visitedPage(), watermark);
  }

  private boolean isRunning(int slot) {
    return !running.isEmpty() && running.containsKey(slot);
  }

  /** Begins a visit id of which sessions of an earlier job may be known. */
  private void begin(int slot, List<Publication> published) {
    running.put(slot, running(slot, true, published));
  }

  private Running run(int slot) {
    Running started = running(slot, false, List.of());
    running.put(slot, started);
    return started;
  }

  private Running running(int slot, boolean isNew, List<Publication> published) {
    ShardVisits visits = new ShardVisits(index, slot, policy.deduplicate());
    return new Running(
        new SessionStateMachine(
            PackedState.visitId(index.packed(slot)), policy, index.state(slot), visits, published),
        visits,
        isNew);
  }

  /** Begins a session with a visit that is not late: {@link SessionStateMachine#accept}. */
  private void begin(VisitCursor visit, long evictedUpTo) {
    int page = page(visit);
    byte[] state = PackedState.create(PackedState.OPEN, visit, evictedUpTo);
    scratch.truncate(0);
    PackedState.writeVisit(state, visit, page, scratch);
    int slot = index.add(state);
    index.append(
        slot,
        visit.eventTimeMillis(),
        bytes(visit, page),
        bytesOfUser(visit),
        scratch.array(),
        0,
        scratch.length());
    log.addState(slot, index);
    index.schedule(slot);
  }

  /**
   * Appends a visit that is not late to an open session, if that certainly has it, or begins one
   * with it behind a published session: {@link SessionState#canAppend}.
   */
  private boolean append(int slot, VisitCursor visit) {
    byte[] state = index.packed(slot);
    long time = visit.eventTimeMillis();
    boolean isNext = PackedState.form(state) == PackedState.RETAINED;
    if (PackedState.form(state) == PackedState.OTHER
        || PackedState.form(state) == PackedState.TWO_RETAINED
        || time < (isNext ? PackedState.boundary(state) : PackedState.start(state))
        || isRunning(slot)
        || !uniform.isUniform(state, index.pages(), visit)) {
      return false;
    }
    int page = page(visit);
    int ofVisit = bytes(visit, page);
    int ofUser = bytesOfUser(visit);
    if (!isNext && !accepts(state, visit, ofVisit, ofUser)) {
      return false;
    }
    if (isNext) {
      index.beginNext(slot, time);
    }
    ByteWriter entry = isNext ? log.addNext(slot) : log.addVisit(slot);
    int from = entry.length();
    PackedState.writeVisit(index.packed(slot), visit, page, entry);
    index.append(slot, time, ofVisit, ofUser, entry.array(), from, entry.length() - from);
    if (isNext) {
      index.schedule(slot);
    }
    return true;
  }

  /** Whether an open session certainly has a visit that is not before it: {@link OpenSession}. */
  private boolean accepts(byte[] state, VisitCursor visit, int ofVisit, int ofUser) {
    long room =
        SessionBytes.room(visit.bytes(), visit.visitIdFrom(), visit.visitIdLength(), policy);
    return policy.rules().isSameDate(PackedState.start(state), visit.eventTimeMillis())
        && PackedState.bytesWith(state, ofVisit, ofUser) <= room
        && OpenSession.accepts(
            PackedState.start(state),
            PackedState.end(state),
            PackedState.pages(state),
            visit.eventTimeMillis(),
            policy);
  }

  /** Returns the number of a visit's page, which is added if there is room for it. */
  private int page(VisitCursor visit) {
    PageTable pages = index.pages();
    int page = pages.find(visit.bytes(), visit.pageFrom(), visit.pageLength());
    if (page == PageTable.NONE && pages.hasRoomFor(visit.pageLength())) {
      page = pages.add(visit.bytes(), visit.pageFrom(), visit.pageLength());
      log.addPage(visit.bytes(), visit.pageFrom(), visit.pageLength());
    }
    return page;
  }

  private int bytes(VisitCursor visit, int page) {
    return page == PageTable.NONE
        ? SessionBytes.ofVisit(
            visit.bytes(), visit.pageFrom(), visit.pageLength(), visit.eventTimeMillis())
        : SessionBytes.ofVisit(index.pages().jsonBytes(page), visit.eventTimeMillis());
  }

  private static int bytesOfUser(VisitCursor visit) {
    return Utf8.jsonBytes(visit.bytes(), visit.userIdFrom(), Math.max(0, visit.userIdLength()));
  }

  /**
   * Publishes what the visits of this call have changed.
   *
   * @param now the watermark
   * @param changes receives the published records, in their order
   */
  void amend(long now, List<SessionRecord> changes) {
    if (running.isEmpty()) {
      return;
    }
    running.forEach(
        (slot, visitId) -> {
          visitId.machine().amend(changes);
          if (visitId.visits().hasAdded()) {
            store(slot, visitId);
            advance(slot, now, changes);
          }
        });
    running.clear();
  }

  /**
   * Publishes the sessions that are closed at a watermark, and evicts those that have expired.
   *
   * @param now the watermark
   * @param changes receives the published records, in their order
   */
  void advance(long now, List<SessionRecord> changes) {
    for (int slot = index.pollNextAction(now);
        slot != ShardIndex.NONE;
        slot = index.pollNextAction(now)) {
      if (act(slot, index.nextActionAt(slot), changes)) {
        index.schedule(slot);
      }
    }
  }

  /** Does the actions of a visit id up to a watermark; returns its slot if any of it is left. */
  private int advance(int slot, long now, List<SessionRecord> changes) {
    for (long at = index.nextActionAt(slot); at <= now; at = index.nextActionAt(slot)) {
      if (!act(slot, at, changes)) {
        return ShardIndex.NONE;
      }
      index.schedule(slot);
    }
    return slot;
  }

  /** Does the next action of a visit id; returns whether any of it is left. */
  private boolean act(int slot, long at, List<SessionRecord> changes) {
    byte[] state = index.packed(slot);
    // Duplicates count once by the state machine only.
    return switch (policy.deduplicate() ? PackedState.OTHER : PackedState.form(state)) {
      case PackedState.OPEN -> publish(slot, at, SessionState.BEGINNING_OF_TIME, changes);
      case PackedState.RETAINED -> remove(slot);
      case PackedState.RETAINED_AND_OPEN -> advanceBoth(slot, at, changes);
      case PackedState.TWO_RETAINED ->
          at < policy.expiresAt(PackedState.boundary(state)) ? evictFirst(slot) : remove(slot);
      default -> advanceByStateMachine(slot, at, changes);
    };
  }

  private boolean advanceByStateMachine(int slot, long at, List<SessionRecord> changes) {
    Running visitId = running(slot, false, List.of());
    visitId.machine().advance(at, changes);
    return store(slot, visitId);
  }

  /** Publishes the second of two sessions, and evicts the first one, if it is time for that. */
  private boolean advanceBoth(int slot, long at, List<SessionRecord> changes) {
    byte[] state = index.packed(slot);
    boolean isFirstGone = at >= policy.expiresAt(PackedState.firstBoundary(state));
    if (at >= policy.closesAt(PackedState.end(state))
        && !publish(slot, at, PackedState.firstBoundary(state), changes)) {
      return false;
    }
    return !isFirstGone || evictFirst(slot);
  }

  private boolean evictFirst(int slot) {
    index.evictFirst(slot);
    log.addFirstGone(slot);
    return true;
  }

  /**
   * Publishes an open session of which nothing was: {@link SessionStateMachine#advance}.
   *
   * @param from no visit of it is before this time
   */
  private boolean publish(int slot, long at, long from, List<SessionRecord> changes) {
    byte[] state = index.packed(slot);
    int pages = PackedState.pages(state);
    changes.add(
        new PackedUpsert(
            SortedVisits.session(state, index.pages(), from),
            1,
            Timing.ON_TIME,
            SessionCut.endReasonOfLast(pages, policy)));
    long boundary = ShardLog.boundary(state, policy);
    if (at >= policy.expiresAt(boundary)) {
      return remove(slot);
    }
    index.publish(slot, boundary);
    log.addPublished(slot);
    return true;
  }

  private boolean remove(int slot) {
    index.remove(slot);
    log.addGone(slot);
    return false;
  }

  /** Stores what a state machine has changed; returns whether any of the visit id is left. */
  private boolean store(int slot, Running visitId) {
    SessionState state = visitId.machine().state();
    if (state.isEmpty()) {
      return remove(slot);
    }
    ShardVisits visits = visitId.visits();
    byte[] beside = ShardLog.bytes(state);
    if (!visitId.isNew()) {
      log.addChange(slot, beside, visits.evicted(), index.packed(slot), visits.addedFrom());
    }
    visits.store(state, beside.length);
    if (visitId.isNew()) {
      log.addState(slot, index);
    }
    index.schedule(slot);
    return true;
  }

  /** The timer has fired, and is not set any more. */
  void timerFired() {
    timerMillis = SessionState.NEVER;
  }

  /** Ends a call, and returns what to store. */
  Commit commit() {
    token = tokens.nextLong();
    if (index.size() == 0) {
      boolean clearsLog = nextNumber > firstNumber;
      clear();
      return new Commit(null, clearsLog, List.of(), false);
    }
    List<byte[]> entries = log.isEmpty() ? List.of() : List.of(log.toByteArray());
    long bytes = bytesInLog + bytes(entries);
    boolean compacts =
        isRecut || (bytes > leastBytesToCompact && bytes - index.bytesAlive() > bytes / 4);
    if (compacts) {
      index = compacted(index, policy);
      entries = ShardLog.of(index, nextNumber);
      bytes = bytes(entries);
      firstNumber = nextNumber;
      isRecut = false;
    }
    bytesInLog = bytes;
    nextNumber += entries.size();
    log.begin(nextNumber);
    boolean setsTimer = index.earliestActionAt() < timerMillis;
    if (setsTimer) {
      timerMillis = index.firstActionAt();
    }
    ShardHeader header =
        new ShardHeader(
            policy, token, firstNumber, nextNumber, timerMillis, bytesInLog, index.bytesAlive());
    return new Commit(header, compacts, entries, setsTimer);
  }

  private static long bytes(List<byte[]> entries) {
    long bytes = 0;
    for (byte[] entry : entries) {
      bytes += entry.length + BYTES_AROUND_ENTRY;
    }
    return bytes;
  }

  /** Whether most of the pages are those of visits that have expired. */
  private static boolean isHalfUnused(ShardIndex index) {
    BitSet used = new BitSet();
    int unused = index.pages().size();
    for (int slot = 0; slot < index.usedSlots(); slot++) {
      if (!index.isUsed(slot)) {
        continue;
      }
      PackedVisitReader visits = new PackedVisitReader(index.packed(slot), index.pages());
      while (visits.next()) {
        if (visits.page() != PageTable.NONE && !used.get(visits.page())) {
          used.set(visits.page());
          if (--unused <= index.pages().size() / 2) {
            return false;
          }
        }
      }
    }
    return true;
  }

  /**
   * Returns the same states in the first slots, and only those pages that they have if there are
   * others.
   */
  private static ShardIndex compacted(ShardIndex index, SessionPolicy policy) {
    PageTable pages = index.pages();
    boolean renumbers =
        pages.bytesInLog() > index.bytesAlive() / MOST_BYTES_OF_PAGES
            || (pages.isFull() && isHalfUnused(index));
    ShardIndex compacted = new ShardIndex(policy, renumbers ? new PageTable() : pages);
    for (int slot = 0; slot < index.usedSlots(); slot++) {
      if (index.isUsed(slot)) {
        byte[] state = index.packed(slot);
        SessionState other =
            PackedState.form(state) == PackedState.OTHER ? index.state(slot) : null;
        int next =
            compacted.add(
                renumbers ? PackedState.renumbered(state, pages, compacted.pages()) : state);
        if (other != null) {
          compacted.replaceState(next, other, PackedState.bytesBeside(state));
        }
        compacted.schedule(next);
      }
    }
    return compacted;
  }

  private static ShardIndex recut(ShardIndex index, SessionPolicy before, SessionPolicy policy) {
    ShardIndex recut = new ShardIndex(policy, index.pages());
    for (int slot = 0; slot < index.usedSlots(); slot++) {
      if (index.isUsed(slot)) {
        byte[] packed = index.packed(slot);
        String visitId = PackedState.visitId(packed);
        SessionState state = index.state(slot);
        List<SessionCut> cuts =
            SessionCut.all(
                visitId,
                new ShardVisits(index, slot, before.deduplicate()).sorted(),
                state.firstOrdinal(),
                before);
        SessionStateMachine machine =
            new SessionStateMachine(
                visitId, policy, state, new ShardVisits(index, slot, policy.deduplicate()));
        machine.recut(cuts);
        int next = recut.add(packed);
        recut.replaceState(next, machine.state(), ShardLog.bytes(machine.state()).length);
        recut.schedule(next);
      }
    }
    return recut;
  }
}
