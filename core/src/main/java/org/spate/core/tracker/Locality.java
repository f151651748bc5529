package org.spate.core.tracker;

import org.spate.core.BigEndian;

/**
 * Tells an asker peers of its own site first, and a share of others so that the sites of a swarm
 * stay connected: by each announce a peer draws its edges anew, and a random graph hangs together
 * from very few of them on.
 */
public final class Locality implements PeerSelection {
  private static final long MAPPED = 0xFFFF_0000_0000L;
  private static final int PERCENT = 100;

  private final Sites sites;
  private final int elsewherePercent;

  /**
   * @param elsewherePercent how many of a hundred peers come from elsewhere while there are such, 1
   *     to 100
   */
  public Locality(Sites sites, int elsewherePercent) {
    if (elsewherePercent < 1 || elsewherePercent > PERCENT) {
      throw new IllegalArgumentException(
          "from 1 to 100 of a hundred peers must come from elsewhere");
    }
    this.sites = sites;
    this.elsewherePercent = elsewherePercent;
  }

  /** Two looks at each candidate: first how many are near, then which of either kind are taken. */
  @Override
  public void choose(Answer candidates, Announcement asker, int numwant, Dice dice, Answer answer) {
    long site = sites.of(asker.addressHigh, asker.addressLow);
    int nearLeft = countNear(candidates, site);
    int farLeft = candidates.peerCount() - nearLeft;
    int farWanted = Math.min(farLeft, share(numwant, dice));
    int nearWanted = Math.min(nearLeft, numwant - farWanted);
    farWanted = Math.min(farLeft, numwant - nearWanted);
    var peers = new Candidates(candidates);
    while (peers.next()) {
      boolean isNear = isNear(peers, site);
      boolean isTaken =
          isNear ? dice.below(nearLeft) < nearWanted : dice.below(farLeft) < farWanted;
      if (isNear) {
        nearLeft--;
        nearWanted -= isTaken ? 1 : 0;
      } else {
        farLeft--;
        farWanted -= isTaken ? 1 : 0;
      }
      if (isTaken) {
        peers.addTo(answer);
      }
    }
  }

  /** The share of elsewhere, rounded up as often as it must be to be right on the average. */
  private int share(int numwant, Dice dice) {
    return (numwant * elsewherePercent + dice.below(PERCENT)) / PERCENT;
  }

  private int countNear(Answer candidates, long site) {
    int count = 0;
    for (var peers = new Candidates(candidates); peers.next(); ) {
      count += isNear(peers, site) ? 1 : 0;
    }
    return count;
  }

  private boolean isNear(Candidates peer, long site) {
    return site != Sites.NONE && sites.of(peer.high, peer.low) == site;
  }

  /** The peers of an answer, one after the other. */
  private static final class Candidates {
    private final Answer answer;
    private int v4At = -Answer.V4_BYTES;
    private int v6At = -Answer.V6_BYTES;
    long high;
    long low;

    Candidates(Answer answer) {
      this.answer = answer;
    }

    boolean next() {
      if (v4At + Answer.V4_BYTES < answer.v4Length) {
        v4At += Answer.V4_BYTES;
        high = 0;
        low = MAPPED | Integer.toUnsignedLong(BigEndian.intAt(answer.v4(), v4At));
        return true;
      }
      v6At += Answer.V6_BYTES;
      if (v6At >= answer.v6Length) {
        return false;
      }
      high = BigEndian.longAt(answer.v6(), v6At);
      low = BigEndian.longAt(answer.v6(), v6At + Long.BYTES);
      return true;
    }

    void addTo(Answer chosen) {
      if (v6At < 0) {
        chosen.addV4((int) low, BigEndian.shortAt(answer.v4(), v4At + 4) << 16);
      } else {
        chosen.addV6(high, low, BigEndian.shortAt(answer.v6(), v6At + 16));
      }
    }
  }
}
