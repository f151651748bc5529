package org.spate.core.metainfo;

/** A torrent, magnet link or info dictionary that must be refused; the message says why. */
public final class MetainfoException extends RuntimeException {
  public MetainfoException(String problem) {
    super(problem);
  }

  public MetainfoException(String problem, Throwable cause) {
    super(problem, cause);
  }
}
