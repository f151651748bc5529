package org.spate.core.metainfo;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.spate.core.bencode.BencodeWriter;

/**
 * A parsed and checked {@code .torrent} (BEP 3, 12, 19, 27, 47, 52).
 *
 * @param info the part that the info-hash covers
 * @param trackers announce URLs in tiers (BEP 12); empty if there are none
 * @param webSeeds URLs (BEP 19): of a folder if they end with a slash, to which the name and, in a
 *     multi-file torrent, the path of a file are added; else of the only file itself
 * @param httpSeeds URLs that are asked for pieces by info-hash (BEP 17)
 * @param nodes DHT nodes as {@code host:port}, never resolved here (BEP 5)
 * @param comment free text, control characters removed
 * @param createdBy likewise
 * @param creationDate seconds since 1970, or null
 * @param pieceLayers the v2 layers by file (BEP 52); empty for v1
 * @param problems what is wrong with it and was put up with, for people to read
 */
public record Metainfo(
    InfoDictionary info,
    List<List<String>> trackers,
    List<String> webSeeds,
    List<String> httpSeeds,
    List<String> nodes,
    @Nullable String comment,
    @Nullable String createdBy,
    @Nullable Long creationDate,
    PieceLayers pieceLayers,
    List<String> problems) {

  public InfoHash infoHash() {
    return info.infoHash();
  }

  public String name() {
    return info.name();
  }

  public FileTree files() {
    return info.files();
  }

  public PieceGeometry geometry() {
    return info.geometry();
  }

  /** What peers can tell of it as a {@code .torrent} file: the info dictionary and the layers. */
  public byte[] bareFile() {
    var writer = new BencodeWriter().beginDictionary();
    writer.key("info").raw(info.rawBytes());
    var layers = new TreeMap<String, byte[]>();
    for (var layer : pieceLayers.byRoot().entrySet()) {
      layers.put(new String(layer.getKey().bytes(), StandardCharsets.ISO_8859_1), layer.getValue());
    }
    if (!layers.isEmpty()) {
      writer.key("piece layers").beginDictionary();
      layers.forEach((root, layer) -> writer.key(root).text(layer));
      writer.end();
    }
    return writer.end().toBytes();
  }
}
