package org.spate.core.swarm;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.spate.core.wire.PeerMessage;

/**
 * Where the collaborators of a swarm put what they want done, in order. It is drained before the
 * next input, and begins anew at the same place in memory, which is still in the cache.
 */
final class Outbox {
  private static final int CAPACITY_START = 8;

  private @Nullable SwarmOutput[] outputs = new @Nullable SwarmOutput[CAPACITY_START];
  private int head;
  private int end;

  @Nullable SwarmOutput poll() {
    if (head == end) {
      head = 0;
      end = 0;
      return null;
    }
    var output = outputs[head];
    outputs[head++] = null;
    return output;
  }

  void add(SwarmOutput output) {
    if (end == outputs.length) {
      outputs = Arrays.copyOf(outputs, end * 2);
    }
    outputs[end++] = output;
  }

  void send(Peer peer, PeerMessage message, long nowNanos) {
    peer.lastSentNanos = nowNanos;
    add(new SwarmOutput.Send(peer.link, message));
    flush(peer, nowNanos);
  }

  /** Tells of a piece of ours with the next message. */
  void sendLater(Peer peer, int piece, long nowNanos) {
    peer.lateNews.add(piece);
    if (peer.lateNews.isFull()) {
      flush(peer, nowNanos);
    }
  }

  /** Tells what was to be told later. */
  void flush(Peer peer, long nowNanos) {
    while (!peer.lateNews.isEmpty()) {
      peer.lastSentNanos = nowNanos;
      add(new SwarmOutput.Send(peer.link, new PeerMessage.Have(peer.lateNews.take())));
    }
  }

  void tell(SwarmEvent event) {
    add(new SwarmOutput.Notify(event));
  }
}
