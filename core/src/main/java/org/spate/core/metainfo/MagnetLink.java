package org.spate.core.metainfo;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.spate.core.Endpoint;

/**
 * A magnet link (BEP 9, selection BEP 53): which torrent, and where to ask for it.
 *
 * @param infoHash v1, v2 or both
 * @param name what to show until the metadata is there, cleaned, or null
 * @param trackers announce URLs in tiers
 * @param webSeeds base URLs (BEP 19)
 * @param peers addresses to dial at once ({@code x.pe})
 * @param peerNames {@code host:port} of peers that are named and not numbered; never resolved here
 * @param nodes DHT nodes as {@code host:port}
 * @param selectedFiles indexes of the files wanted (BEP 53), ascending; empty for all
 * @param problems what is wrong with it and was put up with, for people to read
 */
public record MagnetLink(
    InfoHash infoHash,
    @Nullable String name,
    List<List<String>> trackers,
    List<String> webSeeds,
    List<Endpoint> peers,
    List<String> peerNames,
    List<String> nodes,
    List<Integer> selectedFiles,
    List<String> problems) {

  /**
   * Parses a link.
   *
   * @throws MetainfoException if it names no torrent; the message says why
   */
  public static MagnetLink parse(String uri) {
    return new MagnetParser().parse(uri);
  }

  /** A link to a torrent that names its trackers and web seeds. */
  public static MagnetLink of(Metainfo metainfo) {
    return new MagnetLink(
        metainfo.infoHash(),
        metainfo.name(),
        metainfo.trackers(),
        metainfo.webSeeds(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of());
  }

  /** The link as text, which parses to the same but for its problems. */
  @Override
  public String toString() {
    return MagnetWriter.write(this);
  }
}
