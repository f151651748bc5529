package org.spate.core.swarm;

/**
 * How a link reaches its peer: for people and programs, the swarm treats all alike.
 *
 * @param isPunched whether both sides had to dial at once (BEP 55)
 */
public record Route(
    Transport transport, Encryption encryption, boolean isProxied, boolean isPunched) {
  /** Straight, over TCP, in the clear. */
  public static final Route PLAIN_TCP = new Route(Transport.TCP, Encryption.PLAIN, false);

  public Route(Transport transport, Encryption encryption, boolean isProxied) {
    this(transport, encryption, isProxied, false);
  }

  Route punched() {
    return new Route(transport, encryption, isProxied, true);
  }

  public enum Transport {
    TCP,
    /** BEP 29. */
    UTP
  }

  /** What of a link is encrypted: by message stream encryption, or by TLS. */
  public enum Encryption {
    PLAIN,
    /** The handshake alone. */
    HANDSHAKE,
    /** All of it. */
    RC4,
    /** Both ends have shown a certificate that the torrent's author has signed. */
    TLS
  }
}
