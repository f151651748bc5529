package org.spate.core.swarm;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;
import org.spate.core.wire.PeerMessage;

/** Where the collaborators of a swarm put what they want done, in order. */
final class Outbox {
  private final ArrayDeque<SwarmOutput> outputs = new ArrayDeque<>();

  @Nullable SwarmOutput poll() {
    return outputs.poll();
  }

  void add(SwarmOutput output) {
    outputs.add(output);
  }

  void send(Peer peer, PeerMessage message, long nowNanos) {
    peer.lastSentNanos = nowNanos;
    outputs.add(new SwarmOutput.Send(peer.link, message));
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
      outputs.add(new SwarmOutput.Send(peer.link, new PeerMessage.Have(peer.lateNews.take())));
    }
  }

  void tell(SwarmEvent event) {
    outputs.add(new SwarmOutput.Notify(event));
  }
}
