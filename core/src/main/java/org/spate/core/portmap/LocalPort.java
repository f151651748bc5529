package org.spate.core.portmap;

/**
 * A port of ours that is to be reached from outside.
 *
 * @param number 1 to 65535
 */
public record LocalPort(Protocol protocol, int number) {

  /** With their numbers in IP headers, as PCP has them. */
  public enum Protocol {
    TCP(6),
    UDP(17);

    final int number;

    Protocol(int number) {
      this.number = number;
    }
  }

  public LocalPort {
    if (number < 1 || number > 0xFFFF) {
      throw new IllegalArgumentException("port out of range: " + number);
    }
  }
}
