package org.spate.core.portmap;

/** The protocol by which a gateway was asked. */
public enum Via {
  PCP("PCP"),
  NAT_PMP("NAT-PMP"),
  UPNP("UPnP");

  private final String text;

  Via(String text) {
    this.text = text;
  }

  /** For people. */
  public String text() {
    return text;
  }
}
