package org.spate.core.portmap;

/**
 * A service of a device that maps ports.
 *
 * @param control where to call it
 * @param type like {@code urn:schemas-upnp-org:service:WANIPConnection:1}
 */
public record UpnpService(UpnpUrl control, String type) {
  private static final String PREFIX = "urn:schemas-upnp-org:service:";
  private static final String IP_1 = PREFIX + "WANIPConnection:1";
  private static final String IP_2 = PREFIX + "WANIPConnection:2";
  private static final String PPP_1 = PREFIX + "WANPPPConnection:1";

  /** Whether a type is one that maps ports. */
  public static boolean isKnown(String type) {
    return type.equals(IP_1) || type.equals(IP_2) || type.equals(PPP_1);
  }

  public UpnpService {
    if (!isKnown(type)) {
      throw new IllegalArgumentException("not a service that maps ports");
    }
  }

  /** IGD 2: the device may choose the external port. */
  boolean canChoose() {
    return type.equals(IP_2);
  }
}
