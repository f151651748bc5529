package org.spate.core.metainfo;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.spate.core.Hash160;
import org.spate.core.Hash256;
import org.spate.core.PlainText;

/** Reads magnet links. What names the torrent must be right; the rest is taken if it is usable. */
final class MagnetParser {
  /** Longer links are refused unread. */
  static final int LENGTH_MAX = 1 << 20;

  static final int PARAMETER_COUNT_MAX = 2000;
  static final int NAME_LENGTH_MAX = 1000;
  static final int PEER_COUNT_MAX = 200;
  static final int WEB_SEED_COUNT_MAX = MetainfoParser.WEB_SEED_COUNT_MAX;

  /** File indexes from here on are ignored: no torrent that we take has so many files. */
  static final int FILE_COUNT_MAX = 1 << 20;

  /** How a multihash names SHA-256 (0x12) of 32 bytes (0x20), in digits. */
  static final String SHA256_MULTIHASH = "1220";

  private static final String SCHEME = "magnet:?";
  private static final String BASE32 = "abcdefghijklmnopqrstuvwxyz234567";

  private final Problems problems = new Problems();
  private @Nullable Hash160 v1;
  private @Nullable Hash256 v2;
  private @Nullable String name;
  private final List<String> loneTrackers = new ArrayList<>();
  private final SortedMap<Integer, List<String>> tiers = new TreeMap<>();
  private final Set<String> webSeeds = new LinkedHashSet<>();
  private final PeerAddresses peers = new PeerAddresses(problems);
  private final Set<String> nodes = new LinkedHashSet<>();
  private final BitSet selected = new BitSet();

  MagnetLink parse(String uri) {
    var link = uri.strip();
    if (link.length() > LENGTH_MAX) {
      throw new MetainfoException("the magnet link is longer than " + LENGTH_MAX + " characters");
    }
    if (!link.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      throw new MetainfoException("a magnet link begins with " + SCHEME);
    }
    var parameters = link.substring(SCHEME.length()).split("&", PARAMETER_COUNT_MAX + 1);
    if (parameters.length > PARAMETER_COUNT_MAX) {
      throw new MetainfoException(
          "the magnet link has more than " + PARAMETER_COUNT_MAX + " parts");
    }
    for (var parameter : parameters) {
      int equals = parameter.indexOf('=');
      if (equals > 0) {
        accept(
            parameter.substring(0, equals).toLowerCase(Locale.ROOT),
            parameter.substring(equals + 1));
      }
    }
    if (v1 == null && v2 == null) {
      throw new MetainfoException("the magnet link names no torrent: it has no usable xt");
    }
    return new MagnetLink(
        new InfoHash(v1, v2),
        name,
        trackers(),
        List.copyOf(webSeeds),
        peers.endpoints(),
        peers.names(),
        List.copyOf(nodes),
        selected.stream().boxed().toList(),
        problems.list());
  }

  private void accept(String key, String rawValue) {
    boolean isNumbered = key.matches("[a-z]+\\.\\d{1,4}");
    var plainKey = isNumbered ? key.substring(0, key.indexOf('.')) : key;
    boolean isTopic = plainKey.equals("xt");
    var value = decoded(rawValue, isTopic);
    switch (plainKey) {
      case "xt" -> acceptTopic(value);
      case "dn" -> acceptName(value);
      case "tr" -> acceptTracker(isNumbered ? tier(key) : -1, value);
      case "ws" -> acceptWebSeed(value);
      case "x.pe" -> peers.add(value);
      case "dht" -> acceptNode(value);
      case "so" -> acceptSelection(value);
      default -> {} // xs, as, kt, xl and what others invent
    }
  }

  private static int tier(String key) {
    return Integer.parseInt(key.substring(key.indexOf('.') + 1));
  }

  private void acceptTopic(String topic) {
    var urn = topic.toLowerCase(Locale.ROOT);
    if (urn.startsWith("urn:btih:")) {
      var hash = v1Hash(urn.substring("urn:btih:".length()));
      if (v1 != null && !v1.equals(hash)) {
        throw new MetainfoException("the magnet link names two v1 torrents");
      }
      v1 = hash;
    } else if (urn.startsWith("urn:btmh:")) {
      var hash = v2Hash(urn.substring("urn:btmh:".length()));
      if (v2 != null && !v2.equals(hash)) {
        throw new MetainfoException("the magnet link names two v2 torrents");
      }
      v2 = hash;
    } else {
      problems.add("the topic " + Problems.quote(topic) + " is no torrent");
    }
  }

  private static Hash160 v1Hash(String text) {
    return switch (text.length()) {
      case 40 -> Hash160.of(hex(text));
      case 32 -> Hash160.of(base32(text));
      default -> throw new MetainfoException("a v1 info-hash has 40 or 32 characters");
    };
  }

  private static Hash256 v2Hash(String text) {
    if (!text.startsWith(SHA256_MULTIHASH)
        || text.length() != SHA256_MULTIHASH.length() + 2 * Hash256.BYTES) {
      throw new MetainfoException("a v2 info-hash is a multihash of SHA-256: 1220 and 64 digits");
    }
    return Hash256.of(hex(text.substring(SHA256_MULTIHASH.length())));
  }

  private static byte[] hex(String digits) {
    var bytes = new byte[digits.length() / 2];
    for (int i = 0; i < digits.length(); i++) {
      bytes[i / 2] = (byte) (bytes[i / 2] << 4 | digit("0123456789abcdef", digits.charAt(i)));
    }
    return bytes;
  }

  private static byte[] base32(String letters) {
    var bytes = new byte[letters.length() * 5 / 8];
    int bits = 0;
    int bitCount = 0;
    int size = 0;
    for (int i = 0; i < letters.length(); i++) {
      bits = (bits << 5 | digit(BASE32, letters.charAt(i))) & 0xFFF;
      bitCount += 5;
      if (bitCount >= 8) {
        bitCount -= 8;
        bytes[size++] = (byte) (bits >>> bitCount);
      }
    }
    return bytes;
  }

  private static int digit(String alphabet, char c) {
    int value = alphabet.indexOf(c);
    if (value < 0) {
      throw new MetainfoException("the info-hash has the character " + Problems.quote("" + c));
    }
    return value;
  }

  private void acceptName(String value) {
    var clean = PlainText.clean(value, NAME_LENGTH_MAX).strip();
    if (name == null && !clean.isEmpty()) {
      name = clean;
    }
  }

  /** Plain trackers are a tier each, as most clients have it; {@code tr.1} and so on share one. */
  private void acceptTracker(int tier, String url) {
    if (tier < 0) {
      loneTrackers.add(url);
    } else {
      tiers.computeIfAbsent(tier, _ -> new ArrayList<>()).add(url);
    }
  }

  private List<List<String>> trackers() {
    var trackers = new Trackers(problems);
    tiers.values().forEach(trackers::addTier);
    loneTrackers.forEach(url -> trackers.addTier(List.of(url)));
    return trackers.tiers();
  }

  private void acceptWebSeed(String value) {
    var url = Urls.accept(value, Urls.WEB_SEED_SCHEMES, "web seed", problems);
    if (url != null && webSeeds.size() < WEB_SEED_COUNT_MAX) {
      webSeeds.add(url);
    }
  }

  private void acceptNode(String value) {
    var node = Urls.hostAndPort(value);
    if (node == null) {
      problems.add("the DHT node " + Problems.quote(value) + " is no host and port");
    } else if (nodes.size() < MetainfoParser.NODE_COUNT_MAX) {
      nodes.add(node);
    }
  }

  /** Indexes and ranges (BEP 53); what is malformed, turned round or too large is passed over. */
  private void acceptSelection(String value) {
    for (var item : value.split(",", -1)) {
      int dash = item.indexOf('-');
      long first = index(dash < 0 ? item : item.substring(0, dash));
      long last = dash < 0 ? first : index(item.substring(dash + 1));
      if (first < 0 || last < first || first >= FILE_COUNT_MAX) {
        problems.add("the file selection " + Problems.quote(item) + " is ignored");
      } else {
        selected.set((int) first, (int) Math.min(last, FILE_COUNT_MAX - 1) + 1);
      }
    }
  }

  private static long index(String digits) {
    boolean isNumber = !digits.isEmpty() && digits.chars().allMatch(c -> c >= '0' && c <= '9');
    if (!isNumber) {
      return -1;
    }
    return digits.length() > 18 ? Long.MAX_VALUE : Long.parseLong(digits);
  }

  /**
   * Undoes percent-encoding; a plus is a space, as forms write it. A broken escape stays as it is,
   * but not in a topic.
   */
  private static String decoded(String value, boolean isStrict) {
    var bytes = value.getBytes(StandardCharsets.UTF_8);
    int size = 0;
    for (int i = 0; i < bytes.length; i++) {
      byte b = bytes[i];
      if (b == '%') {
        int escape = escape(bytes, i);
        if (escape < 0 && isStrict) {
          throw new MetainfoException("the magnet link has a broken percent escape");
        }
        i += escape < 0 ? 0 : 2;
        b = escape < 0 ? b : (byte) escape;
      } else if (b == '+') {
        b = ' ';
      }
      bytes[size++] = b;
    }
    return new String(bytes, 0, size, StandardCharsets.UTF_8);
  }

  private static int escape(byte[] bytes, int at) {
    int high = at + 2 < bytes.length ? Character.digit((char) bytes[at + 1], 16) : -1;
    int low = at + 2 < bytes.length ? Character.digit((char) bytes[at + 2], 16) : -1;
    return high < 0 || low < 0 ? -1 : high << 4 | low;
  }
}
