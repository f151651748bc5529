package org.spate.engine.net;

import org.jspecify.annotations.Nullable;
import org.spate.core.Endpoint;
import org.spate.core.Hash160;
import org.spate.core.wire.Handshake;
import org.spate.core.wire.PeerMessage;
import org.spate.core.wire.Violation;
import org.spate.core.wire.WireLimits;
import org.spate.engine.storage.StorageException;

/**
 * A torrent as its links see it. Except for {@link #loop} everything here happens on its loop; an
 * answer never comes before the call that caused it has returned.
 */
public interface LinkOwner {

  Loop loop();

  /** Whether it takes links now; false once it is paused or removed. */
  boolean isOpen();

  /** Whether a hash names this torrent: v1 or truncated v2 (BEP 52). */
  boolean isNamedBy(Hash160 infoHash);

  /** What we open a link with, under one of the torrent's hashes. */
  Handshake greeting(Hash160 infoHash);

  /** What secures its links, and the only way in then; null where they need not be secured. */
  default @Nullable PeerTls tls() {
    return null;
  }

  /** The hash that our own dials name. */
  Hash160 primaryHash();

  /** The hash to answer a handshake under: v2 where both sides have it (BEP 52, upgrade path). */
  Hash160 answerHash(Handshake theirs);

  WireLimits wireLimits();

  Throttle downThrottle();

  Throttle upThrottle();

  /** A number for a new link. */
  int nextLink();

  /** Both handshakes have passed. */
  void opened(Link link, Handshake theirs);

  /** A dial came to nothing. */
  void dialFailed(Endpoint remote);

  void received(Link link, PeerMessage message);

  /** Bytes of blocks have been handed to the kernel. */
  void payloadSent(Link link, int bytes);

  /** The link is gone, and not by {@link Link#close}. */
  void closed(Link link);

  /** The link is gone because the other side broke the protocol. */
  void violated(Link link, Violation violation);

  /** The link is gone because a block that was to be sent over it could not be read. */
  void unreadable(Link link, StorageException cause);
}
