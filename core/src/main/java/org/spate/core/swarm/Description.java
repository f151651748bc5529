package org.spate.core.swarm;

import org.spate.core.metainfo.Metainfo;

/**
 * What a swarm tells those about its torrent who came without a {@code .torrent} file.
 *
 * @param hashes answers hash requests (BEP 52)
 * @param metadata the info dictionary (BEP 9), or empty if it is nobody's business; shared, never
 *     to be changed
 */
public record Description(HashSource hashes, byte[] metadata) {
  /** Rejects every question. */
  public static final Description NONE = new Description(HashSource.NONE, new byte[0]);

  /** All that is known; the info dictionary of a private torrent is for its members (BEP 27). */
  public static Description of(Metainfo metainfo) {
    return new Description(
        metainfo.infoHash().v2() == null ? HashSource.NONE : new HashAnswers(metainfo),
        metainfo.info().isPrivate() ? new byte[0] : metainfo.info().rawBytes());
  }
}
