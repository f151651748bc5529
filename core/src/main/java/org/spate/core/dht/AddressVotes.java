package org.spate.core.dht;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.spate.core.Endpoint;

/**
 * Finds out the address that the Internet sees us under, from the {@code ip} field of answers (BEP
 * 42). One node may lie or be behind a strange router: every network has one vote, the newest
 * {@value #VOTERS_MAX} count, and an address wins with more than half of them.
 */
final class AddressVotes {
  static final int VOTERS_MAX = 40;

  /** Fewer voters decide nothing. */
  static final int VOTERS_MIN = 5;

  private final Map<Endpoint, Endpoint> votesByNetwork =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Endpoint, Endpoint> eldest) {
          return size() > VOTERS_MAX;
        }
      };

  private @Nullable Endpoint winner;

  /** One answer; returns whether our address is now thought to be another than before. */
  boolean vote(Endpoint voter, Endpoint seen) {
    // Several nodes on one machine, as in a laboratory, are several voters.
    var key = Reach.isLocal(voter) ? voter : Reach.network(voter);
    votesByNetwork.remove(key); // a newer vote is a younger one
    votesByNetwork.put(key, seen.withPort(0));
    if (winner != null && winner.sameAddress(seen)) {
      return false; // nothing that could change it
    }
    var leading = leading();
    boolean isNew = leading != null && !leading.equals(winner);
    if (isNew) {
      winner = leading;
    }
    return isNew;
  }

  /** The address, port 0; null while too few have said the same. */
  @Nullable Endpoint winner() {
    return winner;
  }

  private @Nullable Endpoint leading() {
    if (votesByNetwork.size() < VOTERS_MIN) {
      return null;
    }
    var counts = new LinkedHashMap<Endpoint, Integer>();
    for (var vote : votesByNetwork.values()) {
      if (counts.merge(vote, 1, Integer::sum) * 2 > votesByNetwork.size()) {
        return vote;
      }
    }
    return null;
  }
}
