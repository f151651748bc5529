package org.spate.core.metainfo;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Prints magnet links. */
final class MagnetWriter {
  private static final String UNRESERVED = "-._~";

  private final StringBuilder text = new StringBuilder("magnet:?");

  private MagnetWriter() {}

  static String write(MagnetLink link) {
    var writer = new MagnetWriter();
    var hash = link.infoHash();
    if (hash.v1() != null) {
      writer.add("xt", "urn:btih:" + hash.v1());
    }
    if (hash.v2() != null) {
      writer.add("xt", "urn:btmh:" + MagnetParser.SHA256_MULTIHASH + hash.v2());
    }
    if (link.name() != null) {
      writer.add("dn", encoded(link.name()));
    }
    writer.addTrackers(link.trackers());
    link.webSeeds().forEach(u -> writer.add("ws", encoded(u)));
    link.peers().forEach(p -> writer.add("x.pe", p.toString()));
    link.peerNames().forEach(p -> writer.add("x.pe", p));
    link.nodes().forEach(n -> writer.add("dht", n));
    if (!link.selectedFiles().isEmpty()) {
      writer.add("so", ranges(link.selectedFiles()));
    }
    return writer.text.toString();
  }

  /**
   * Tiers are numbered only where one has more than one tracker: plain {@code tr} is a tier each.
   */
  private void addTrackers(List<List<String>> tiers) {
    boolean isPlain = tiers.stream().allMatch(t -> t.size() == 1);
    for (int i = 0; i < tiers.size(); i++) {
      for (var url : tiers.get(i)) {
        add(isPlain ? "tr" : "tr." + i, encoded(url));
      }
    }
  }

  private void add(String key, String value) {
    if (text.charAt(text.length() - 1) != '?') {
      text.append('&');
    }
    text.append(key).append('=').append(value);
  }

  private static String encoded(String value) {
    var encoded = new StringBuilder();
    for (byte b : value.getBytes(StandardCharsets.UTF_8)) {
      if (isUnreserved(b)) {
        encoded.append((char) b);
      } else {
        encoded.append('%').append(HexFormat.of().withUpperCase().toHexDigits(b));
      }
    }
    return encoded.toString();
  }

  private static boolean isUnreserved(byte b) {
    return (b >= 'a' && b <= 'z')
        || (b >= 'A' && b <= 'Z')
        || (b >= '0' && b <= '9')
        || UNRESERVED.indexOf(b) >= 0;
  }

  private static String ranges(List<Integer> files) {
    var ranges = new ArrayList<String>();
    for (int i = 0; i < files.size(); ) {
      int first = files.get(i);
      int last = first;
      i++;
      while (i < files.size() && files.get(i) == last + 1) {
        last = files.get(i++);
      }
      ranges.add(first == last ? "" + first : first + "-" + last);
    }
    return String.join(",", ranges);
  }
}
