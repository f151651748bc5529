package org.spate.core.tracker;

import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.spate.core.Endpoint;
import org.spate.core.Hash160;
import org.spate.core.PeerId;

/**
 * The ids of the peers that were heard of last over HTTP, for clients that want them in a list that
 * is not compact (BEP 3). Such clients are rare and the ids are of little use, so that a store does
 * not keep them; here each has one place that it may be in, and loses it to the next.
 */
final class PeerIds {
  private static final int PLACE_BITS = 14;

  private final long seed;
  private final long[] keys = new long[1 << PLACE_BITS];
  private final @Nullable PeerId[] ids = new PeerId[1 << PLACE_BITS];

  PeerIds(RandomGenerator secrets) {
    seed = secrets.nextLong();
  }

  private long key(Hash160 infoHash, Endpoint peer) {
    long swarm = Mix.of(infoHash.high() ^ infoHash.middle() ^ infoHash.low() ^ seed);
    return Mix.of(Mix.of(swarm ^ peer.high()) ^ peer.low()) + peer.port();
  }

  private static int place(long key) {
    return (int) (Mix.of(key) >>> (Long.SIZE - PLACE_BITS));
  }

  void remember(Hash160 infoHash, Endpoint peer, PeerId id) {
    long key = key(infoHash, peer);
    keys[place(key)] = key;
    ids[place(key)] = id;
  }

  @Nullable PeerId find(Hash160 infoHash, Endpoint peer) {
    long key = key(infoHash, peer);
    return keys[place(key)] == key ? ids[place(key)] : null;
  }
}
