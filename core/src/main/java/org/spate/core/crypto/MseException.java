package org.spate.core.crypto;

/** A peer's handshake that cannot be gone on with: close the link. */
public final class MseException extends RuntimeException {
  /** What was wrong. */
  public enum Reason {
    /** A public key that leaves the secret no choice: outside 2 to P-2. */
    WEAK_KEY,
    /** The mark behind the padding did not come where it must be. */
    NOT_SYNCHRONISED,
    /** No torrent of ours. */
    UNKNOWN_TORRENT,
    /** The verification constant is not eight zeros. */
    NOT_VERIFIED,
    /** No method, several, or one that was not offered. */
    NO_METHOD,
    /** Padding beyond 512 bytes. */
    PADDING_TOO_LONG
  }

  private final Reason reason;

  MseException(Reason reason) {
    // Hostile peers cause these at will, so no stack trace is collected.
    super(reason.toString(), null, false, false);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
