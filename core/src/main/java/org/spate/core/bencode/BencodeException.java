package org.spate.core.bencode;

/** Input that is not bencode, or is beyond the reader's limits. */
public final class BencodeException extends RuntimeException {
  private final int position;

  public BencodeException(String problem, int position) {
    super(problem + " at byte " + position);
    this.position = position;
  }

  /** The offset in the input at which the problem was seen. */
  public int position() {
    return position;
  }
}
