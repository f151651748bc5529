package org.spate.engine.storage;

/**
 * What the resume data keep for the session beside the pieces.
 *
 * @param addedSeconds when the torrent was added, since 1970
 * @param uploadedBytes sent to peers so far
 * @param downloadedBytes received from peers so far
 * @param priorities one for each file, 0 = skipped; empty if all are wanted
 * @param more opaque bytes, such as known peers; at most {@link #MORE_BYTES_MAX}
 */
public record ResumeFacts(
    long addedSeconds, long uploadedBytes, long downloadedBytes, byte[] priorities, byte[] more) {
  public static final int MORE_BYTES_MAX = 1 << 20;

  public static final ResumeFacts NONE = new ResumeFacts(0, 0, 0, new byte[0], new byte[0]);

  public ResumeFacts {
    if (more.length > MORE_BYTES_MAX) {
      throw new IllegalArgumentException(more.length + " opaque bytes are too many");
    }
  }
}
