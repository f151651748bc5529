package org.spate.core.announce;

/** What a {@link UdpTrackerExchange} wants done. */
public sealed interface UdpExchangeOutput {

  /** Send this packet to the tracker. */
  record SendDatagram(byte[] packet) implements UdpExchangeOutput {}

  /** The request with this ticket is over. */
  record Answered(int ticket, TrackerResponse response) implements UdpExchangeOutput {}
}
