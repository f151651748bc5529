package org.spate.core.portmap;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.spate.core.Endpoint;

/** Datagrams by which devices are found: SSDP of the UPnP Device Architecture, section 1. */
public final class SsdpMessage {
  /** The group of IPv4, and its port. */
  public static final Endpoint GROUP = Endpoint.v4(0xEFFFFFFA, 1900);

  /** Longer datagrams are no answers. */
  static final int LENGTH_MAX = 1_500;

  private static final int LINES_MAX = 40;
  private static final int WAIT_SECONDS_MAX = 2;
  private static final String LOCATION = "location:";

  /** A device that answers to several of these is told apart by its location. */
  private static final List<String> TARGETS =
      List.of(
          "urn:schemas-upnp-org:device:InternetGatewayDevice:1",
          "urn:schemas-upnp-org:device:InternetGatewayDevice:2",
          "urn:schemas-upnp-org:service:WANIPConnection:1",
          "urn:schemas-upnp-org:service:WANPPPConnection:1");

  private SsdpMessage() {}

  /** The questions, a datagram for each kind of device. */
  public static List<byte[]> searches() {
    return TARGETS.stream().map(SsdpMessage::search).toList();
  }

  private static byte[] search(String target) {
    var text =
        "M-SEARCH * HTTP/1.1\r\nHOST: "
            + GROUP
            + "\r\nMAN: \"ssdp:discover\"\r\nMX: "
            + WAIT_SECONDS_MAX
            + "\r\nST: "
            + target
            + "\r\n\r\n";
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /**
   * Where the description of a device is that answers; null for all else. A device speaks for
   * itself only: an answer that points to another host would make us call that (threat 54).
   */
  static @Nullable UpnpUrl location(Endpoint from, byte[] datagram) {
    if (datagram.length > LENGTH_MAX) {
      return null;
    }
    var lines = new String(datagram, StandardCharsets.ISO_8859_1).split("\r?\n", LINES_MAX);
    if (!lines[0].matches("HTTP/1\\.[01] 200( .*)?")) {
      return null;
    }
    for (int i = 1; i < lines.length; i++) {
      if (lines[i].regionMatches(true, 0, LOCATION, 0, LOCATION.length())) {
        var url = UpnpUrl.parse(lines[i].substring(LOCATION.length()).strip());
        return url != null && url.host().sameAddress(from) ? url : null;
      }
    }
    return null;
  }
}
