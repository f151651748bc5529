package org.spate.core.tracker;

import java.util.ArrayList;
import java.util.List;
import org.spate.core.BigEndian;
import org.spate.core.Endpoint;

/**
 * What a store says to an announcement: the size of the swarm, and peers in the compact form (BEP
 * 23, 7) that most answers carry anyway. It is filled again for every announce.
 */
public final class Answer {
  /** What became of the peer that announced. */
  public enum Listing {
    LISTED,
    /** It has said {@code stopped}. */
    GONE,
    /** It has said {@code stopped} without having been listed. */
    UNKNOWN,
    TOO_MANY_TORRENTS,
    TOO_MANY_PEERS,
    TOO_MANY_OF_ADDRESS,
    /** The store cannot be asked at the moment. */
    NO_STORE,
    /** The store is asked more than it can answer. */
    STORE_BUSY;

    /** Whether there is an answer at all. */
    public boolean isAnswered() {
      return this != NO_STORE && this != STORE_BUSY;
    }
  }

  public static final int V4_BYTES = 6;
  public static final int V6_BYTES = 18;

  /** Room for one peer more, which is drawn in case the asker is among them. */
  private static final int SLACK_BYTES = V6_BYTES;

  private final int peerCountMax;
  private final byte[] v4;
  private final byte[] v6;
  int v4Length;
  int v6Length;
  Listing listing = Listing.LISTED;
  Accounts.Booking booking = Accounts.Booking.NONE;
  int complete;
  int downloaded;
  int incomplete;
  int evictedPeerCount;
  int evictedTorrentCount;

  /** Room for so many peers of each family. */
  public Answer(int peerCountMax) {
    this.peerCountMax = peerCountMax;
    v4 = new byte[peerCountMax * V4_BYTES + SLACK_BYTES];
    v6 = new byte[peerCountMax * V6_BYTES + SLACK_BYTES];
  }

  /** Forgets everything; the counts are zeros. */
  public void begin(Listing listing) {
    this.listing = listing;
    booking = Accounts.Booking.NONE;
    counts(0, 0, 0);
    v4Length = 0;
    v6Length = 0;
    evictedPeerCount = 0;
    evictedTorrentCount = 0;
  }

  /** The size of the swarm. */
  public void counts(int complete, int downloaded, int incomplete) {
    this.complete = complete;
    this.downloaded = downloaded;
    this.incomplete = incomplete;
  }

  /** How many had to make room for the peer that announced. */
  public void evicted(int peers, int torrents) {
    evictedPeerCount = peers;
    evictedTorrentCount = torrents;
  }

  /** For how many peers there is room. */
  public int peerCountMax() {
    return peerCountMax;
  }

  /** Adds a peer while there is room. */
  public void add(Endpoint peer) {
    if (peerCount() >= peerCountMax) {
      return;
    }
    if (peer.isV4()) {
      addV4(peer.v4Address(), peer.port() << 16);
    } else {
      addV6(peer.high(), peer.low(), peer.port());
    }
  }

  /** The port is in the upper half of its word; what is in the lower one does not count. */
  public void addV4(int address, int portWord) {
    BigEndian.putLong(v4, v4Length, (long) address << 32 | Integer.toUnsignedLong(portWord));
    v4Length += V4_BYTES;
  }

  public void addV6(long high, long low, int port) {
    BigEndian.putLong(v6, v6Length, high);
    BigEndian.putLong(v6, v6Length + 8, low);
    BigEndian.putShort(v6, v6Length + 16, port);
    v6Length += V6_BYTES;
  }

  /** Leaves so many peers at most: those added last go. */
  void cut(int peerCount) {
    int surplus = peerCount() - peerCount;
    if (surplus > 0) {
      int cut4 = Math.min(surplus, v4Length / V4_BYTES);
      v4Length -= cut4 * V4_BYTES;
      v6Length -= (surplus - cut4) * V6_BYTES;
    }
  }

  public Listing listing() {
    return listing;
  }

  /** Seeds in the swarm. */
  public int complete() {
    return complete;
  }

  /** How many have ever completed. */
  public int downloaded() {
    return downloaded;
  }

  /** Leechers in the swarm. */
  public int incomplete() {
    return incomplete;
  }

  public int peerCount() {
    return v4Length / V4_BYTES + v6Length / V6_BYTES;
  }

  /** The IPv4 peers: their bytes are the first {@link #v4Length} of this. */
  public byte[] v4() {
    return v4;
  }

  public int v4Length() {
    return v4Length;
  }

  /** The IPv6 peers, likewise. */
  public byte[] v6() {
    return v6;
  }

  public int v6Length() {
    return v6Length;
  }

  /** The peers as values. */
  public List<Endpoint> peers() {
    var peers = new ArrayList<Endpoint>(peerCount());
    for (int at = 0; at < v4Length; at += V4_BYTES) {
      peers.add(Endpoint.v4(BigEndian.intAt(v4, at), BigEndian.shortAt(v4, at + 4)));
    }
    for (int at = 0; at < v6Length; at += V6_BYTES) {
      peers.add(
          new Endpoint(
              BigEndian.longAt(v6, at),
              BigEndian.longAt(v6, at + 8),
              BigEndian.shortAt(v6, at + 16)));
    }
    return peers;
  }
}
