package org.spate.core.swarm;

import org.spate.core.Endpoint;
import org.spate.core.wire.Payload;
import org.spate.core.wire.PeerMessage;

/** What a {@link Swarm} wants done. */
public sealed interface SwarmOutput {

  /** Connect and shake hands; answered by {@code LinkOpened} or {@code DialFailed}. */
  record Dial(Endpoint remote) implements SwarmOutput {}

  /**
   * Connect by uTP and shake hands, as soon as can be: the other side does the same, so that the
   * routers of both let it in (BEP 55). Answered in the same way.
   */
  record Punch(Endpoint remote) implements SwarmOutput {}

  /** Send a message; the host now owns the payload of a {@code piece}. */
  record Send(int link, PeerMessage message) implements SwarmOutput {}

  /** Close a link at once; no {@code LinkClosed} answers it. */
  record CloseLink(int link, CloseReason reason) implements SwarmOutput {}

  /** Make a block ready to be sent; answered by {@code BlockRead}. */
  record ReadBlock(int link, int index, int begin, int length) implements SwarmOutput {}

  /** Store a block of a piece that is being assembled; the host now owns the payload. */
  record WriteBlock(int index, int begin, Payload block) implements SwarmOutput {}

  /** Every block of a piece was written; answered by {@code PieceVerified}. */
  record VerifyPiece(int index, boolean wantDigests) implements SwarmOutput {}

  /**
   * The hashes of the blocks of a piece (BEP 52), without padding behind the last: a block of it
   * that comes, or is in memory, and has another is dropped and reported by {@code BlockFailed}.
   */
  record ExpectLeaves(int index, byte[] leaves) implements SwarmOutput {}

  /** Hash the blocks of a piece that is stored; answered by {@code LeavesHashed}. */
  record HashLeaves(int link, int index) implements SwarmOutput {}

  /** The swarm could use more addresses than it knows; discovery may look for some. */
  record WantPeers() implements SwarmOutput {}

  /** Something that people or programs may want to know. */
  record Notify(SwarmEvent event) implements SwarmOutput {}
}
