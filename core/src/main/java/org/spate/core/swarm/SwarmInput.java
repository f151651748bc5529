package org.spate.core.swarm;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.spate.core.Endpoint;
import org.spate.core.wire.Handshake;
import org.spate.core.wire.Payload;
import org.spate.core.wire.PeerMessage;

/** What can happen to a {@link Swarm}. Links are numbered by the host, never reused in a swarm. */
public sealed interface SwarmInput {

  // From the network.

  /**
   * A link is up and both handshakes have passed, with an info-hash of this torrent.
   *
   * @param remote the other end's address and port as the connection has them
   * @param incoming whether the other end dialled
   */
  record LinkOpened(int link, Endpoint remote, boolean incoming, Route route, Handshake handshake)
      implements SwarmInput {
    public LinkOpened(int link, Endpoint remote, boolean incoming, Handshake handshake) {
      this(link, remote, incoming, Route.PLAIN_TCP, handshake);
    }
  }

  /**
   * A link that another machine has led so far, and what its other end has said that still counts.
   * Our first words have been said: that we have nothing, and our extensions.
   */
  record LinkInherited(LinkOpened opened, PeerSource source, List<PeerMessage> heard)
      implements SwarmInput {}

  /** A dial came to nothing: refused, timed out, no handshake, another info-hash. */
  record DialFailed(Endpoint remote) implements SwarmInput {}

  /** A whole message; the swarm now owns the payload of a {@code piece}. */
  record MessageReceived(int link, PeerMessage message) implements SwarmInput {}

  /**
   * Block bytes handed over with {@code Send} have left the host's buffers for the network. Sums up
   * to the payload lengths; may come in any portions.
   */
  record PayloadSent(int link, int bytes) implements SwarmInput {}

  /**
   * A link is gone, and not by {@code CloseLink}.
   *
   * @param reason {@link CloseReason#REMOTE}, or what the host found wrong with it
   */
  record LinkClosed(int link, CloseReason reason) implements SwarmInput {}

  /** A web server that has all files can be asked for blocks (BEP 17, 19). */
  record WebSeedOpened(int link, String url) implements SwarmInput {}

  /**
   * A web server cannot answer for a while; what it was asked for is not coming. When it never will
   * again, that is {@link LinkClosed}.
   *
   * @param retryAfterSeconds when it wants to be asked again, or -1 if it does not say
   */
  record WebSeedFailed(int link, String reason, int retryAfterSeconds) implements SwarmInput {}

  // From storage.

  /** The answer to {@code ReadBlock}; the swarm now owns the payload. */
  record BlockRead(int link, int index, int begin, Payload block) implements SwarmInput {}

  /**
   * The answer to {@code VerifyPiece}: if good, the piece is stored and may be served.
   *
   * @param digests for smart bans, a digest of each block: always there when the piece is bad, and
   *     when they were asked for
   */
  record PieceVerified(int index, boolean good, long @Nullable [] digests) implements SwarmInput {}

  /** A block is not what {@code ExpectLeaves} said, and was dropped. */
  record BlockFailed(int index, int begin) implements SwarmInput {}

  /** The answer to {@code HashLeaves}: 32 bytes for each block that holds data. */
  record LeavesHashed(int link, int index, byte[] leaves) implements SwarmInput {}

  /**
   * Reading or writing failed, and storage has dropped all unfinished pieces. The swarm pauses and
   * forgets their blocks; it tries again after a while, or at {@link Resume}.
   *
   * @param problem for people: which file, what is wrong
   */
  record StorageFailed(String problem) implements SwarmInput {}

  // From discovery.

  /** Addresses to try, of any quality. */
  record PeersFound(PeerSource source, List<Endpoint> peers) implements SwarmInput {}

  // From whoever commands.

  /** Begins, or goes on after a pause. */
  record Resume() implements SwarmInput {}

  /** Closes every link and stays quiet until {@link Resume}. */
  record Pause() implements SwarmInput {}

  /** New priorities, one for each piece: 0 = not wanted, 1 = normal, up to 7. */
  record PrioritiesChanged(byte[] priorities) implements SwarmInput {}

  /** Peers that were found out before, by a swarm that this one replaces. */
  record PeersBanned(List<Endpoint> peers) implements SwarmInput {}

  record SettingsChanged(SwarmSettings settings) implements SwarmInput {}
}
