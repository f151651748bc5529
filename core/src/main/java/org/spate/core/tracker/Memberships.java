package org.spate.core.tracker;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.spate.core.Hash160;

/**
 * The swarms that one connection is in, the longest silent first.
 *
 * @param <P> how a peer is reached
 */
public final class Memberships<P> {
  private record Entry<P>(Membership<P> membership, long announcedNanos) {}

  private final P peer;
  private final int countMax;
  private final Map<Hash160, Entry<P>> entries = new LinkedHashMap<>(2);

  public Memberships(P peer, int countMax) {
    this.peer = peer;
    this.countMax = countMax;
  }

  /** The membership that an announce is of; null if that would be one swarm too many. */
  public @Nullable Membership<P> announced(Hash160 infoHash, long nowNanos) {
    var entry = entries.remove(infoHash);
    if (entry == null && entries.size() >= countMax) {
      return null;
    }
    var membership = entry == null ? new Membership<>(peer, infoHash) : entry.membership;
    entries.put(infoHash, new Entry<>(membership, nowNanos));
    return membership;
  }

  /** Forgets one, and returns it if there was one. */
  public @Nullable Membership<P> remove(Hash160 infoHash) {
    var entry = entries.remove(infoHash);
    return entry == null ? null : entry.membership;
  }

  /** Forgets those without an announce for so long, and returns them. */
  public List<Membership<P>> expire(long lifeNanos, long nowNanos) {
    var expired = new ArrayList<Membership<P>>();
    var each = entries.values().iterator();
    while (each.hasNext()) {
      var entry = each.next();
      if (nowNanos - entry.announcedNanos <= lifeNanos) {
        break;
      }
      each.remove();
      expired.add(entry.membership);
    }
    return expired;
  }

  /** Forgets all, and returns them. */
  public List<Membership<P>> removeAll() {
    var all = entries.values().stream().map(Entry::membership).toList();
    entries.clear();
    return all;
  }

  public boolean isEmpty() {
    return entries.isEmpty();
  }
}
