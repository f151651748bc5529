package org.spate.core.metainfo;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the author of a torrent decides.
 *
 * @param name the torrent's name: of its folder, or of its only file
 * @param isSingleFile whether there is no folder
 * @param pieceLength bytes, or 0 for a length chosen by size
 * @param isPrivate BEP 27
 * @param source the field that private trackers use to tell copies apart
 * @param rootCertificate PEM of who signs the certificates by which peers know each other; null for
 *     a torrent without TLS
 * @param creationDate seconds since 1970, or null for none, which makes equal torrents equal
 * @param trackers announce URLs in tiers (BEP 12)
 * @param webSeeds base URLs (BEP 19)
 */
public record CreationOptions(
    String name,
    boolean isSingleFile,
    TorrentFormat format,
    int pieceLength,
    boolean isPrivate,
    @Nullable String source,
    @Nullable String rootCertificate,
    @Nullable String comment,
    @Nullable String createdBy,
    @Nullable Long creationDate,
    List<List<String>> trackers,
    List<String> webSeeds) {

  /** No more than is needed. */
  public static CreationOptions of(String name, boolean isSingleFile, TorrentFormat format) {
    return new CreationOptions(
        name, isSingleFile, format, 0, false, null, null, null, null, null, List.of(), List.of());
  }

  public CreationOptions withPieceLength(int bytes) {
    return new CreationOptions(
        name,
        isSingleFile,
        format,
        bytes,
        isPrivate,
        source,
        rootCertificate,
        comment,
        createdBy,
        creationDate,
        trackers,
        webSeeds);
  }
}
