package org.spate.core.tracker;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.spate.core.Hash160;
import org.spate.core.PeerId;

/**
 * The offers that a peer was handed and has not answered. Only these can be answered, once each, so
 * that nobody is sent an answer by a stranger; and a peer with too many gets no more.
 *
 * @param <P> how the peer that made an offer is reached
 */
public final class PendingOffers<P> {
  private record Key(Hash160 infoHash, PeerId from, Hash160 offerId) {}

  private record Entry<P>(P from, long handedNanos) {}

  private final int countMax;
  private final long lifeNanos;
  private final Map<Key, Entry<P>> entries = new LinkedHashMap<>(2);

  /** Keeps so many, each for so long. */
  public PendingOffers(int countMax, long lifeNanos) {
    this.countMax = countMax;
    this.lifeNanos = lifeNanos;
  }

  /** Remembers an offer; false if too many are pending, and then it must not be handed over. */
  public boolean add(Hash160 infoHash, PeerId fromId, Hash160 offerId, P from, long nowNanos) {
    if (entries.size() >= countMax) {
      expire(nowNanos);
      if (entries.size() >= countMax) {
        return false;
      }
    }
    var key = new Key(infoHash, fromId, offerId);
    entries.remove(key);
    entries.put(key, new Entry<>(from, nowNanos));
    return true;
  }

  /** Who gets the answer to an offer, or null if there is none to answer. */
  public @Nullable P take(Hash160 infoHash, PeerId toId, Hash160 offerId, long nowNanos) {
    var entry = entries.remove(new Key(infoHash, toId, offerId));
    return entry == null || isExpired(entry, nowNanos) ? null : entry.from;
  }

  private boolean isExpired(Entry<P> entry, long nowNanos) {
    return nowNanos - entry.handedNanos > lifeNanos;
  }

  /** Forgets those that nobody waits for any more. */
  public void expire(long nowNanos) {
    var each = entries.values().iterator();
    // The oldest come first.
    while (each.hasNext() && isExpired(each.next(), nowNanos)) {
      each.remove();
    }
  }

  public void clear() {
    entries.clear();
  }
}
