package org.spate.core.announce;

import java.nio.charset.StandardCharsets;

/** The options behind an announce (BEP 41), of which one is known: the URL's path and query. */
final class UdpOptions {
  private static final int END = 0;
  private static final int NOP = 1;
  private static final int URL_DATA = 2;
  private static final int OPTION_BYTES_MAX = 255;

  private UdpOptions() {}

  static byte[] encode(String urlData) {
    int length = Math.min(urlData.length(), UdpRequest.URL_DATA_LENGTH_MAX);
    var data = urlData.substring(0, length).getBytes(StandardCharsets.ISO_8859_1);
    int optionCount = (length + OPTION_BYTES_MAX - 1) / OPTION_BYTES_MAX;
    var options = new byte[length + 2 * optionCount];
    int position = 0;
    for (int start = 0; start < length; start += OPTION_BYTES_MAX) {
      int part = Math.min(length - start, OPTION_BYTES_MAX);
      options[position++] = URL_DATA;
      options[position++] = (byte) part;
      System.arraycopy(data, start, options, position, part);
      position += part;
    }
    return options;
  }

  /** The parts of the URL joined; an option that runs over the end of the packet ends the list. */
  static String urlData(byte[] packet, int length) {
    if (length == UdpRequest.ANNOUNCE_BYTES) {
      return "";
    }
    var urlData = new StringBuilder();
    int position = UdpRequest.ANNOUNCE_BYTES;
    while (position < length && packet[position] != END) {
      if (packet[position] == NOP) {
        position++;
        continue;
      }
      int data = position + 2;
      int end = data > length ? data : data + Byte.toUnsignedInt(packet[position + 1]);
      if (end > length) {
        break;
      }
      if (packet[position] == URL_DATA) {
        urlData.append(new String(packet, data, end - data, StandardCharsets.ISO_8859_1));
      }
      position = end;
    }
    return urlData.substring(0, Math.min(urlData.length(), UdpRequest.URL_DATA_LENGTH_MAX));
  }
}
