package org.spate.tracker.redis;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;
import org.spate.core.tracker.PeerStore.Holdings;

/**
 * Goes round a share of the slices, again and again, to have the dead forgotten and to learn what
 * is held. Every node of a tracker goes round all slices: what one has swept costs the next a look.
 */
final class Sweeper {
  /** At four steps a second a round takes 8 seconds; the first one, which learns, a second. */
  private static final int STEPS_PER_ROUND = 32;

  private static final int STEPS_OF_FIRST_ROUND = 4;

  private static final int SWARMS_PER_CALL = 32;

  /** Half a millisecond of the store's time. */
  private static final int PEERS_PER_CALL = 500;

  private static final Holdings NONE = new Holdings(0, 0, 0, 0, 0);

  private final StoreLink link;
  private final int share;
  private final AtomicReferenceArray<@Nullable Holdings> shares;
  private final int lifeSeconds;
  private final ArrayDeque<Integer> behind = new ArrayDeque<>();
  private final Holdings[] slices = new Holdings[SliceKeys.SLICE_COUNT];
  private Holdings sum = NONE;
  private int next;
  private int stepCount;
  private int underWay;
  private int expiredCount;

  /** Of the share with this number; what each holds is there for all to read. */
  Sweeper(
      StoreLink link, int share, AtomicReferenceArray<@Nullable Holdings> shares, int lifeSeconds) {
    this.link = link;
    this.share = share;
    this.shares = shares;
    this.lifeSeconds = lifeSeconds;
    Arrays.fill(slices, NONE);
    next = share;
  }

  /** The slices that were left behind, and some more; none while the last ones are under way. */
  void step(long nowNanos) {
    if (underWay > 0 || !link.isReady()) {
      return;
    }
    int steps = stepCount < STEPS_OF_FIRST_ROUND ? STEPS_OF_FIRST_ROUND : STEPS_PER_ROUND;
    int count = Math.ceilDiv(SliceKeys.SLICE_COUNT, shares.length() * steps);
    stepCount++;
    int again = Math.min(behind.size(), count);
    for (int i = 0; i < again; i++) {
      sweep(behind.remove(), nowNanos);
    }
    for (int i = 0; i < count; i++) {
      sweep(next, nowNanos);
      next += shares.length();
      next = next < SliceKeys.SLICE_COUNT ? next : share;
    }
  }

  private void sweep(int slice, long nowNanos) {
    var call =
        new Call(
            Script.SWEEP,
            nowNanos,
            new byte[][] {SliceKeys.due(slice), SliceKeys.held(slice)},
            AnnounceCall.decimal(link.epochSeconds(nowNanos)),
            AnnounceCall.decimal(lifeSeconds),
            AnnounceCall.decimal(SWARMS_PER_CALL),
            AnnounceCall.decimal(PEERS_PER_CALL)) {
          @Override
          void onEnd(@Nullable ScriptReply reply) {
            underWay--;
            if (reply != null) {
              onSwept(slice, reply);
            }
          }
        };
    if (link.begin(call) == StoreLink.Begun.UNDER_WAY) {
      underWay++;
    }
  }

  private void onSwept(int slice, ScriptReply reply) {
    if (reply.number(0) != 0) {
      behind.add(slice);
    }
    expiredCount += reply.count(1);
    var held = held(reply);
    sum = sum.plus(held).minus(slices[slice]);
    slices[slice] = held;
    shares.set(share, sum);
  }

  private static Holdings held(ScriptReply reply) {
    int seeds4 = reply.count(3);
    int leechers4 = reply.count(4);
    int seeds6 = reply.count(5);
    int leechers6 = reply.count(6);
    return new Holdings(
        reply.count(2),
        seeds4 + seeds6,
        leechers4 + leechers6,
        seeds4 + leechers4,
        seeds6 + leechers6);
  }

  int takeExpired() {
    int expired = expiredCount;
    expiredCount = 0;
    return expired;
  }

  /** Of this share. */
  Holdings holdings() {
    return sum;
  }

  /** Of all shares. */
  Holdings allHoldings() {
    var all = NONE;
    for (int i = 0; i < shares.length(); i++) {
      var held = shares.get(i);
      all = held == null ? all : all.plus(held);
    }
    return all;
  }
}
