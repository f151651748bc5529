package org.spate.core.utp;

import org.spate.core.Endpoint;
import org.spate.core.wire.Payload;

/** What a {@link UtpSocket} wants done. Connections are numbered by the socket, never reused. */
public sealed interface UtpOutput {

  /**
   * Send a datagram: a header and, behind it, a part of a connection's stream.
   *
   * @param connection whose stream; without meaning where {@code length} is 0
   * @param offset where in the stream the part begins
   * @param length bytes, 0 for none
   */
  record Transmit(Endpoint remote, UtpPacket header, int connection, long offset, int length)
      implements UtpOutput {}

  /** A connection that was asked for is up. */
  record Connected(int connection) implements UtpOutput {}

  /** Somebody has connected, and has shown that it is where it says. */
  record Accepted(int connection, Endpoint remote) implements UtpOutput {}

  /** The next bytes of the other side's stream; the host now owns the payload. */
  record Deliver(int connection, Payload payload) implements UtpOutput {}

  /** Everything of our stream before this place has arrived and may be forgotten. */
  record Arrived(int connection, long offset) implements UtpOutput {}

  /** The other side will send nothing more. */
  record Ended(int connection) implements UtpOutput {}

  /** A connection is gone: nothing more of it comes, and nothing more can be asked of it. */
  record Closed(int connection, CloseCause cause) implements UtpOutput {}
}
