package org.spate.core.announce;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;
import org.spate.core.Endpoint;
import org.spate.core.Machine;
import org.spate.core.PeerId;

/**
 * The answers of a tracker that is asked over IPv4 and IPv6 (BEP 7), made into one. The first good
 * one waits a moment for the other, and no longer: a family that leads nowhere must not hold up
 * what the one that works has brought.
 */
public final class FamilyAnswers {
  /** How long a good answer waits for the other family's. */
  public static final long PATIENCE_NANOS = 1_000_000_000L;

  private int missing;
  private @Nullable TrackerResponse answer;
  private long deadlineNanos = Machine.NEVER;

  /**
   * @param families how many are asked, 1 or 2
   */
  public FamilyAnswers(int families) {
    missing = families;
  }

  /** The answer over one of the families. */
  public void answered(TrackerResponse response, long nowNanos) {
    missing--;
    answer = answer == null ? response : merged(answer, response);
    if (answer instanceof AnnounceReply && deadlineNanos == Machine.NEVER) {
      deadlineNanos = nowNanos + PATIENCE_NANOS;
    }
  }

  /** What the tracker has answered, as soon as it is time to say so; null before. */
  public @Nullable TrackerResponse answer(long nowNanos) {
    return missing == 0 || nowNanos >= deadlineNanos ? answer : null;
  }

  /** When {@link #answer} is worth asking though nothing has come. */
  public long deadlineNanos() {
    return deadlineNanos;
  }

  /** A good answer counts more than a failure, and of two failures the first. */
  private static TrackerResponse merged(TrackerResponse first, TrackerResponse second) {
    if (!(second instanceof AnnounceReply other)) {
      return first;
    }
    return first instanceof AnnounceReply one ? merged(one, other) : other;
  }

  private static AnnounceReply merged(AnnounceReply one, AnnounceReply other) {
    boolean hasIds = !one.peerIds().isEmpty() && !other.peerIds().isEmpty();
    var peers = new LinkedHashMap<Endpoint, @Nullable PeerId>();
    for (var reply : new AnnounceReply[] {one, other}) {
      for (int i = 0; i < reply.peers().size(); i++) {
        peers.putIfAbsent(reply.peers().get(i), hasIds ? reply.peerIds().get(i) : null);
      }
    }
    var ids = new ArrayList<PeerId>();
    for (var id : peers.values()) {
      if (id != null) {
        ids.add(id);
      }
    }
    return new AnnounceReply(
        Math.max(one.intervalSeconds(), other.intervalSeconds()),
        Math.max(one.minIntervalSeconds(), other.minIntervalSeconds()),
        Math.max(one.complete(), other.complete()),
        Math.max(one.incomplete(), other.incomplete()),
        new ArrayList<>(peers.keySet()),
        ids,
        one.warning() == null ? other.warning() : one.warning(),
        one.externalAddress() == null ? other.externalAddress() : one.externalAddress());
  }
}
