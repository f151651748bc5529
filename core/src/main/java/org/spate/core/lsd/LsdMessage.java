package org.spate.core.lsd;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.spate.core.Hash160;

/**
 * An announce by multicast (BEP 14), which looks like a request of HTTP.
 *
 * @param port where the sender takes links, 1 to 65535
 * @param infoHashes v1, or truncated v2
 * @param cookie by which a sender knows its own, or null
 */
public record LsdMessage(int port, List<Hash160> infoHashes, @Nullable String cookie) {
  /** As many as go into one datagram without being cut into fragments. */
  public static final int INFO_HASHES_MAX = 20;

  /** Longer datagrams are not looked at. */
  public static final int BYTES_MAX = 1400;

  private static final String REQUEST = "BT-SEARCH * HTTP/1.1";
  private static final int COOKIE_LENGTH_MAX = 64;
  private static final int PORT_MAX = 0xFFFF;

  public LsdMessage {
    infoHashes = List.copyOf(infoHashes);
  }

  /** Reads a datagram; null if it is no announce. Unknown headers are passed over. */
  public static @Nullable LsdMessage parse(byte[] datagram) {
    if (datagram.length > BYTES_MAX) {
      return null;
    }
    var lines = new String(datagram, StandardCharsets.ISO_8859_1).split("\r\n", -1);
    if (!lines[0].equals(REQUEST)) {
      return null;
    }
    int port = 0;
    var infoHashes = new LinkedHashSet<Hash160>();
    String cookie = null;
    for (int i = 1; i < lines.length; i++) {
      int colon = lines[i].indexOf(':');
      var name = lines[i].substring(0, Math.max(0, colon)).strip().toLowerCase(Locale.ROOT);
      var value = lines[i].substring(colon + 1).strip();
      switch (name) {
        case "port" -> port = port(value);
        case "cookie" -> cookie = value.length() <= COOKIE_LENGTH_MAX ? value : null;
        case "infohash" -> {
          var hash = infoHash(value);
          if (hash != null && infoHashes.size() < INFO_HASHES_MAX) {
            infoHashes.add(hash);
          }
        }
        default -> {}
      }
    }
    return port == 0 || infoHashes.isEmpty()
        ? null
        : new LsdMessage(port, new ArrayList<>(infoHashes), cookie);
  }

  private static int port(String value) {
    boolean isNumber =
        !value.isEmpty()
            && value.length() <= 5
            && value.chars().allMatch(c -> c >= '0' && c <= '9');
    int port = isNumber ? Integer.parseInt(value) : 0;
    return port <= PORT_MAX ? port : 0;
  }

  private static @Nullable Hash160 infoHash(String value) {
    boolean isHash =
        value.length() == 2 * Hash160.BYTES
            && value.chars().allMatch(c -> Character.digit(c, 16) >= 0 && c < 0x80);
    return isHash ? Hash160.parse(value.toLowerCase(Locale.ROOT)) : null;
  }

  /**
   * The datagram.
   *
   * @param host the multicast group and port it is sent to
   */
  public byte[] encode(String host) {
    var text = new StringBuilder(REQUEST).append("\r\n");
    text.append("Host: ").append(host).append("\r\n");
    text.append("Port: ").append(port).append("\r\n");
    for (var infoHash : infoHashes) {
      text.append("Infohash: ").append(infoHash).append("\r\n");
    }
    if (cookie != null) {
      text.append("cookie: ").append(cookie).append("\r\n");
    }
    return text.append("\r\n\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
  }
}
