package org.spate.core.lsd;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.spate.core.Endpoint;
import org.spate.core.Hash160;
import org.spate.core.Machine;

/**
 * Finds peers in the local network (BEP 14): says every five minutes which torrents we take part
 * in, no more than one datagram a minute, and hears what others say. Anybody in the network can
 * forge announces, so what is heard is bounded (threat 55).
 */
public final class Lsd implements Machine<LsdInput, LsdOutput> {
  private static final long SECOND = 1_000_000_000L;

  /** How often each torrent is announced. */
  public static final long ANNOUNCE_NANOS = 300 * SECOND;

  /** No more than one announce in this time, however many torrents there are. */
  public static final long PAUSE_NANOS = 60 * SECOND;

  /** Peers that are passed on in a second; what comes beyond is lost until the next announce. */
  public static final int FOUND_PER_SECOND = 20;

  /** The same peer of the same torrent is passed on no more often than this. */
  private static final long FORGET_NANOS = 120 * SECOND;

  /** Peers that are remembered for that; beyond, new ones have to wait. */
  public static final int REMEMBERED_MAX = 1000;

  private record Heard(Hash160 infoHash, Endpoint peer) {}

  private final String cookie;
  private final Map<Hash160, Long> torrents = new LinkedHashMap<>(); // and when each is due
  private final Map<Heard, Long> heard = new LinkedHashMap<>(); // and when, oldest first
  private final ArrayDeque<LsdOutput> outputs = new ArrayDeque<>();
  private int port;
  private boolean hasSent;
  private long sentNanos;
  private long secondNanos;
  private int foundInSecond;

  /**
   * @param cookie nobody else's: it tells our own announces from those of others
   */
  public Lsd(String cookie) {
    this.cookie = cookie;
  }

  @Override
  public void accept(LsdInput input, long nowNanos) {
    switch (input) {
      case LsdInput.Listening(int listenPort) -> port = listenPort;
      case LsdInput.Joined(var infoHash) -> torrents.putIfAbsent(infoHash, nowNanos);
      case LsdInput.Left(var infoHash) -> torrents.remove(infoHash);
      case LsdInput.Received(var from, byte[] datagram) -> hear(from, datagram, nowNanos);
    }
  }

  @Override
  public void advance(long nowNanos) {
    if (port == 0 || deadlineNanos() - nowNanos > 0) {
      return;
    }
    var due = new ArrayList<Hash160>();
    for (var torrent : torrents.entrySet()) {
      if (torrent.getValue() - nowNanos <= 0 && due.size() < LsdMessage.INFO_HASHES_MAX) {
        due.add(torrent.getKey());
      }
    }
    // Those that were announced go to the end, so that none is left out for ever.
    for (var infoHash : due) {
      torrents.remove(infoHash);
      torrents.put(infoHash, nowNanos + ANNOUNCE_NANOS);
    }
    hasSent = true;
    sentNanos = nowNanos;
    outputs.add(new LsdOutput.Send(new LsdMessage(port, List.copyOf(due), cookie)));
  }

  @Override
  public @Nullable LsdOutput poll() {
    return outputs.poll();
  }

  @Override
  public long deadlineNanos() {
    long earliest = NEVER;
    for (long dueNanos : torrents.values()) {
      earliest = Math.min(earliest, dueNanos);
    }
    return earliest == NEVER || port == 0
        ? NEVER
        : hasSent ? Math.max(earliest, sentNanos + PAUSE_NANOS) : earliest;
  }

  private void hear(Endpoint from, byte[] datagram, long nowNanos) {
    var message = LsdMessage.parse(datagram);
    if (message == null || cookie.equals(message.cookie())) {
      return;
    }
    var peer = from.withPort(message.port());
    for (var infoHash : message.infoHashes()) {
      if (torrents.containsKey(infoHash) && isNews(new Heard(infoHash, peer), nowNanos)) {
        outputs.add(new LsdOutput.Found(infoHash, peer));
      }
    }
  }

  private boolean isNews(Heard found, long nowNanos) {
    var oldest = heard.values().iterator();
    while (oldest.hasNext() && nowNanos - oldest.next() > FORGET_NANOS) {
      oldest.remove();
    }
    if (nowNanos - secondNanos >= SECOND) {
      secondNanos = nowNanos;
      foundInSecond = 0;
    }
    if (heard.containsKey(found)
        || heard.size() >= REMEMBERED_MAX
        || foundInSecond >= FOUND_PER_SECOND) {
      return false;
    }
    foundInSecond++;
    heard.put(found, nowNanos);
    return true;
  }
}
