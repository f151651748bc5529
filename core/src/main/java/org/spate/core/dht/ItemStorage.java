package org.spate.core.dht;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.spate.core.Hash160;

/**
 * The items that others put on a node (BEP 44), for two hours. When it is full, the item farthest
 * from the node's id goes: others are more likely to be asked for it.
 */
final class ItemStorage {
  static final int ITEMS_MAX = 1_000;
  static final long LIFETIME_NANOS = 2 * 60 * 60 * 1_000_000_000L;

  private final Map<Hash160, Stored> items = new LinkedHashMap<>();

  private record Stored(Item item, long endNanos) {}

  @Nullable Item find(Hash160 target) {
    var stored = items.get(target);
    return stored == null ? null : stored.item();
  }

  /**
   * Stores an item whose signature has been checked.
   *
   * @return 0, or the error to answer with
   */
  int store(Item item, @Nullable Long cas, Hash160 ownId, long nowNanos) {
    var target = item.target();
    if (item instanceof Item.Mutable next && find(target) instanceof Item.Mutable present) {
      if (cas != null && cas != present.seq()) {
        return Krpc.CAS_MISMATCH;
      }
      boolean isSame = next.seq() == present.seq() && Arrays.equals(next.value(), present.value());
      if (next.seq() <= present.seq() && !isSame) {
        return Krpc.SEQ_TOO_LOW;
      }
    }
    items.put(target, new Stored(item, nowNanos + LIFETIME_NANOS));
    if (items.size() > ITEMS_MAX) {
      removeFarthest(ownId);
    }
    return 0;
  }

  private void removeFarthest(Hash160 ownId) {
    var farthest = ownId;
    for (var target : items.keySet()) {
      if (NodeIds.compareDistance(ownId, target, farthest) > 0) {
        farthest = target;
      }
    }
    items.remove(farthest);
  }

  void expire(long nowNanos) {
    items.values().removeIf(stored -> stored.endNanos() - nowNanos <= 0);
  }

  int count() {
    return items.size();
  }
}
