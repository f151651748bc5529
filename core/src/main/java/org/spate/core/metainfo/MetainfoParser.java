package org.spate.core.metainfo;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.spate.core.Hash256;
import org.spate.core.PlainText;
import org.spate.core.bencode.BencodeException;
import org.spate.core.bencode.BencodeLimits;
import org.spate.core.bencode.BencodeReader;
import org.spate.core.bencode.Bencoded;
import org.spate.core.bencode.Bencoded.Dictionary;

/**
 * Turns a {@code .torrent} file, or the info dictionary that a magnet link leads to, into checked
 * values. What would make two clients see different files is refused with a reason; what is merely
 * odd is put up with and listed among the problems.
 */
public final class MetainfoParser {
  /** Longer files need not be read at all. */
  public static final int LENGTH_MAX = 80_000_000;

  static final int WEB_SEED_COUNT_MAX = 200;
  static final int NODE_COUNT_MAX = 200;
  static final int COMMENT_LENGTH_MAX = 10_000;

  private final Dictionary metainfo;
  private final Problems problems;

  private MetainfoParser(Dictionary metainfo, Problems problems) {
    this.metainfo = metainfo;
    this.problems = problems;
  }

  /**
   * Parses a {@code .torrent} file (BEP 3, 12, 19, 27, 47, 52).
   *
   * @throws MetainfoException if it must be refused; the message says why
   */
  public static Metainfo parse(byte[] file) {
    var problems = new Problems();
    var metainfo = dictionary(file, "the file", problems);
    if (!(metainfo.find("info") instanceof Dictionary info)) {
      throw new MetainfoException("it has no info dictionary");
    }
    var parsed = new InfoParser(info, problems).parse();
    return new MetainfoParser(metainfo, problems).parse(parsed);
  }

  /**
   * Parses a bare info dictionary, as it comes from a peer (BEP 9). The caller has checked its
   * hash.
   *
   * @throws MetainfoException if it must be refused; the message says why
   */
  public static InfoDictionary parseInfo(byte[] infoDictionary) {
    var problems = new Problems();
    var info = dictionary(infoDictionary, "the info dictionary", problems);
    if (info.end() != infoDictionary.length) {
      throw new MetainfoException("there are more bytes after the info dictionary");
    }
    return new InfoParser(info, problems).parse();
  }

  private static Dictionary dictionary(byte[] bytes, String what, Problems problems) {
    if (bytes.length > LENGTH_MAX) {
      throw new MetainfoException(what + " is longer than " + LENGTH_MAX + " bytes");
    }
    try {
      var value = BencodeReader.parsePrefix(bytes, 0, bytes.length, BencodeLimits.FILE);
      if (value.end() != bytes.length) {
        problems.add((bytes.length - value.end()) + " bytes after its end are ignored");
      }
      if (value instanceof Dictionary dictionary) {
        return dictionary;
      }
    } catch (BencodeException e) {
      throw new MetainfoException(what + " is not bencoded: " + e.getMessage(), e);
    }
    throw new MetainfoException(what + " is no dictionary");
  }

  private Metainfo parse(InfoDictionary info) {
    if (!metainfo.canonical()) {
      problems.add("its keys are unsorted or repeated; of equal keys the first counts");
    }
    var layers = pieceLayers(info);
    var trackers = new Trackers(problems);
    trackers.read(metainfo);
    return new Metainfo(
        info.withLayers(layers),
        trackers.tiers(),
        webSeeds(info),
        httpSeeds(),
        nodes(),
        text("comment"),
        text("created by"),
        creationDate(),
        layers,
        problems.list());
  }

  /**
   * Layers may be missing, as they are for a magnet link; but one that is there must fold to the
   * root of a file, for the info-hash covers only the roots.
   */
  private PieceLayers pieceLayers(InfoDictionary info) {
    if (info.infoHash().v2() == null) {
      return PieceLayers.NONE;
    }
    var lengths = new LinkedHashMap<Hash256, Long>();
    for (var file : info.files().files()) {
      if (PieceLayers.hasLayer(file, info.geometry().pieceLength())) {
        var before = lengths.put(file.piecesRoot(), file.length());
        if (before != null && before != file.length()) {
          throw new MetainfoException("two files of different lengths have the same pieces root");
        }
      }
    }
    var found = new LinkedHashMap<Hash256, byte[]>();
    var given = metainfo.dictionary("piece layers");
    if (given != null) {
      for (var entry : given.entries().entrySet()) {
        var root = root(entry.getKey());
        found.put(root, layer(root, entry.getValue(), lengths, info.geometry().pieceLength()));
      }
    }
    if (found.size() < lengths.size()) {
      problems.add("it lacks piece layers; they must be fetched from peers");
    }
    return new PieceLayers(found);
  }

  private static Hash256 root(String key) {
    if (key.length() != Hash256.BYTES) {
      throw new MetainfoException("a piece layer has a root of " + key.length() + " bytes");
    }
    return Hash256.of(key.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static byte[] layer(
      Hash256 root, Bencoded value, Map<Hash256, Long> lengths, int pieceLength) {
    var length = lengths.get(root);
    if (length == null || !(value instanceof Bencoded.Text text)) {
      throw new MetainfoException("a piece layer belongs to no file");
    }
    var layer = text.bytes();
    if (!PieceLayers.isLayer(layer, root, length, pieceLength)) {
      throw new MetainfoException("a piece layer does not match the root of its file");
    }
    return layer;
  }

  /** A string or a list of strings (BEP 19). */
  private List<String> webSeeds(InfoDictionary info) {
    var urls = new LinkedHashSet<String>();
    for (var raw : strings(metainfo.find("url-list"))) {
      var url = Urls.accept(raw, Urls.WEB_SEED_SCHEMES, "web seed", problems);
      if (url != null && urls.size() == WEB_SEED_COUNT_MAX) {
        problems.add("it names more than " + WEB_SEED_COUNT_MAX + " web seeds");
        break;
      }
      if (url != null) {
        urls.add(isWhole(url, info) ? url : url + "/");
      }
    }
    return List.copyOf(urls);
  }

  /** A list of strings (BEP 17). */
  private List<String> httpSeeds() {
    var urls = new LinkedHashSet<String>();
    for (var raw : strings(metainfo.find("httpseeds"))) {
      var url = Urls.accept(raw, Urls.WEB_SEED_SCHEMES, "web seed", problems);
      if (url != null && urls.size() < WEB_SEED_COUNT_MAX) {
        urls.add(url);
      }
    }
    return List.copyOf(urls);
  }

  /** Whether a URL stands for the data itself; if not it is a folder and ends with a slash. */
  private static boolean isWhole(String url, InfoDictionary info) {
    var files = info.files().files();
    return info.isSingleFile()
        || url.endsWith("/")
        || url.contains("?")
        || (files.size() == 1 && url.endsWith("/" + files.getFirst().path().getLast()));
  }

  private static List<String> strings(@Nullable Bencoded value) {
    var strings = new ArrayList<String>();
    if (value instanceof Bencoded.Text text && text.length() > 0) {
      strings.add(text.utf8());
    } else if (value instanceof Bencoded.Items items) {
      for (var item : items.values()) {
        if (item instanceof Bencoded.Text text && text.length() > 0) {
          strings.add(text.utf8());
        }
      }
    }
    return strings;
  }

  /** Pairs of host and port (BEP 5). */
  private List<String> nodes() {
    var nodes = new LinkedHashSet<String>();
    var list = metainfo.items("nodes");
    for (var item : list == null ? List.<Bencoded>of() : list.values()) {
      if (nodes.size() == NODE_COUNT_MAX) {
        break;
      }
      if (item instanceof Bencoded.Items pair
          && pair.values().size() == 2
          && pair.values().get(0) instanceof Bencoded.Text host
          && pair.values().get(1) instanceof Bencoded.Int port
          && Urls.isPort(Long.toString(port.value()))) {
        addNode(host.utf8(), port.value(), nodes);
      } else {
        problems.add("one of its DHT nodes is malformed");
      }
    }
    return List.copyOf(nodes);
  }

  private void addNode(String host, long port, Set<String> nodes) {
    var node = Urls.hostAndPort((host.contains(":") ? "[" + host + "]:" : host + ":") + port);
    if (node == null) {
      problems.add(() -> "the DHT node " + Problems.quote(host) + " is no host");
    } else {
      nodes.add(node);
    }
  }

  private @Nullable String text(String key) {
    var text = metainfo.text(key + ".utf-8");
    text = text == null ? metainfo.text(key) : text;
    return text == null || text.length() == 0
        ? null
        : PlainText.clean(text.bytes(), COMMENT_LENGTH_MAX);
  }

  private @Nullable Long creationDate() {
    var date = metainfo.integer("creation date");
    return date == null || date < 0 ? null : date;
  }
}
