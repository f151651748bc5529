package org.spate.sim;

import org.spate.core.wire.PeerMessage;

/**
 * Whoever lives behind an access link. None of these calls may call the network back; the host acts
 * in {@link #settle}, which follows each event.
 */
interface Host {
  /** A link is up; the flow is the host's own end. */
  void linkOpened(Flow own, boolean incoming);

  void dialFailed(AccessLink remote);

  void received(int link, PeerMessage message);

  /** Block bytes have left the host for the kernel. */
  void payloadSent(Flow own, int bytes);

  void linkClosed(Flow own);

  void settle();

  /** Whether something waits for {@link #settle}. */
  boolean hasWork();
}
