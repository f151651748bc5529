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
  }

  void tell(SwarmEvent event) {
    outputs.add(new SwarmOutput.Notify(event));
  }
}
