package org.spate.core.utp;

/**
 * The bounds of a {@link UtpSocket}.
 *
 * @param connectionsMax most connections, both ways together
 * @param halfOpenMax most of them that were asked for by somebody who has not shown yet that it is
 *     where it says; the oldest makes room
 * @param receiveBufferBytes what the kernel's buffer of the socket holds in payload, which new
 *     connections share
 */
public record UtpSettings(int connectionsMax, int halfOpenMax, int receiveBufferBytes) {

  public static final UtpSettings DEFAULT = new UtpSettings(2_000, 256, 96 << 10);

  public UtpSettings {
    if (connectionsMax < 1 || halfOpenMax < 1 || receiveBufferBytes < 1) {
      throw new IllegalArgumentException("bounds must be positive");
    }
  }
}
