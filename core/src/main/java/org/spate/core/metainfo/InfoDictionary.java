package org.spate.core.metainfo;

import org.jspecify.annotations.Nullable;

/**
 * A parsed and checked info dictionary.
 *
 * @param infoHash over its raw bytes
 * @param name the suggested name, sanitised
 * @param isSingleFile whether the torrent is one file and not a folder
 * @param isPrivate BEP 27: peers come from its trackers alone
 * @param source the {@code source} field that private trackers use, or null
 * @param rootCertificate {@code ssl-cert}: PEM of who signs the certificates by which peers know
 *     each other, over TLS alone, or null
 * @param rawBytes the dictionary exactly as it stood; shared, never to be changed
 */
public record InfoDictionary(
    InfoHash infoHash,
    String name,
    boolean isSingleFile,
    FileTree files,
    PieceGeometry geometry,
    PieceHashes hashes,
    boolean isPrivate,
    @Nullable String source,
    @Nullable String rootCertificate,
    byte[] rawBytes) {

  /** The same with piece layers that have been checked against the roots of the files. */
  public InfoDictionary withLayers(PieceLayers layers) {
    return new InfoDictionary(
        infoHash,
        name,
        isSingleFile,
        files,
        geometry,
        hashes.withLayers(layers),
        isPrivate,
        source,
        rootCertificate,
        rawBytes);
  }
}
