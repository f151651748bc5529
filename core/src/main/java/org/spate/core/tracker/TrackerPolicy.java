package org.spate.core.tracker;

/**
 * What a tracker tells its clients and how much it keeps of them; times in seconds.
 *
 * @param intervalSeconds the wait between regular announces
 * @param minIntervalSeconds the least wait between announces
 * @param expirySeconds after this without a word a peer is forgotten
 * @param numwantDefault how many peers a client gets that does not say
 * @param numwantMax how many peers a client gets at most
 * @param torrentCountMax more swarms are served nothing and kept nowhere
 * @param peerCountMax more peers get answers but are not listed
 * @param peerCountPerAddressMax the same for the peers of one IPv4 address or IPv6 /64, over all
 *     swarms
 * @param portMin a peer that names a lower port is refused; 1, or 1024 for no privileged ones
 */
public record TrackerPolicy(
    int intervalSeconds,
    int minIntervalSeconds,
    int expirySeconds,
    int numwantDefault,
    int numwantMax,
    int torrentCountMax,
    int peerCountMax,
    int peerCountPerAddressMax,
    int portMin) {

  public static final TrackerPolicy DEFAULT =
      new TrackerPolicy(1_800, 900, 3_660, 50, 200, 2_000_000, 5_000_000, 200_000, 1);

  public TrackerPolicy {
    if (intervalSeconds < 1
        || minIntervalSeconds < 0
        || minIntervalSeconds > intervalSeconds
        || expirySeconds < intervalSeconds
        || numwantDefault < 0
        || numwantMax < numwantDefault
        || torrentCountMax < 1
        || peerCountMax < 1
        || peerCountPerAddressMax < 1
        || portMin < 1
        || portMin > 0xFFFF) {
      throw new IllegalArgumentException("tracker policy out of range");
    }
  }

  /** The same with another interval, half of it as the minimum, and twice of it until expiry. */
  public TrackerPolicy withInterval(int seconds) {
    return new TrackerPolicy(
        seconds,
        seconds / 2,
        Math.addExact(Math.multiplyExact(seconds, 2), 60),
        numwantDefault,
        numwantMax,
        torrentCountMax,
        peerCountMax,
        peerCountPerAddressMax,
        portMin);
  }

  /** The same with other bounds on what is kept. */
  public TrackerPolicy withBounds(int torrents, int peers, int peersPerAddress) {
    return new TrackerPolicy(
        intervalSeconds,
        minIntervalSeconds,
        expirySeconds,
        numwantDefault,
        numwantMax,
        torrents,
        peers,
        peersPerAddress,
        portMin);
  }

  /** The bounds of one of several stores that share the swarms. */
  public TrackerPolicy share(int storeCount) {
    return withBounds(
        Math.ceilDiv(torrentCountMax, storeCount),
        Math.ceilDiv(peerCountMax, storeCount),
        Math.ceilDiv(peerCountPerAddressMax, storeCount));
  }

  /** The same with another least port. */
  public TrackerPolicy withPortMin(int port) {
    return new TrackerPolicy(
        intervalSeconds,
        minIntervalSeconds,
        expirySeconds,
        numwantDefault,
        numwantMax,
        torrentCountMax,
        peerCountMax,
        peerCountPerAddressMax,
        port);
  }
}
