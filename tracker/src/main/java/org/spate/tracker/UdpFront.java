package org.spate.tracker;

/** A socket that answers datagrams: the fast one of Linux, or the one of everywhere else. */
interface UdpFront {
  /** Begins to answer. */
  void open();

  /** Ends; the port is free when this returns. Does nothing the second time. */
  void shut();
}
