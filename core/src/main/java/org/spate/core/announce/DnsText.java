package org.spate.core.announce;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.spate.core.BigEndian;

/** Questions to a name server for the TXT records of a host, and its answers (RFC 1035). */
public final class DnsText {
  /** Longer datagrams are cut by who sends them (RFC 1035, 4.2.1). */
  public static final int DATAGRAM_BYTES_MAX = 512;

  private static final int HEADER_BYTES = 12;
  private static final int TXT = 16;
  private static final int INTERNET = 1;
  private static final int RESPONSE = 0x8000;
  private static final int RECURSION_DESIRED = 0x0100;
  private static final int CODE_MASK = 0x000F;
  private static final int NO_SUCH_NAME = 3;
  private static final int LABEL_LENGTH_MAX = 63;
  private static final int NAME_LENGTH_MAX = 253;
  private static final int POINTER = 0xC0;
  private static final int RECORDS_MAX = 40;

  /**
   * What a host says of itself.
   *
   * @param texts none if it has no such records
   * @param seconds how long that holds, as told
   */
  public record Texts(List<String> texts, int seconds) {}

  private DnsText() {}

  /** A question; null for what is no name of a host. */
  public static byte @Nullable [] question(int id, String host) {
    if (host.length() > NAME_LENGTH_MAX || !host.matches("[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)+")) {
      return null;
    }
    var out = new ByteArrayOutputStream();
    var header = new byte[HEADER_BYTES];
    BigEndian.putShort(header, 0, id);
    BigEndian.putShort(header, 2, RECURSION_DESIRED);
    BigEndian.putShort(header, 4, 1);
    out.writeBytes(header);
    for (var label : host.split("\\.", -1)) {
      if (label.length() > LABEL_LENGTH_MAX) {
        return null;
      }
      out.write(label.length());
      out.writeBytes(label.getBytes(StandardCharsets.US_ASCII));
    }
    out.writeBytes(new byte[] {0, 0, TXT, 0, INTERNET});
    return out.toByteArray();
  }

  /** The answer to a question; null for what is none, or says nothing. */
  public static @Nullable Texts answer(byte[] packet, byte[] question) {
    int code = packet.length < question.length ? -1 : BigEndian.shortAt(packet, 2) & CODE_MASK;
    if (code < 0 || !isTo(packet, question) || (code != 0 && code != NO_SUCH_NAME)) {
      return null;
    }
    var texts = new ArrayList<String>();
    int seconds = Integer.MAX_VALUE;
    int at = question.length;
    int records = Math.min(BigEndian.shortAt(packet, 6), RECORDS_MAX);
    for (int i = 0; i < records; i++) {
      int fixed = skipName(packet, at);
      int data = fixed + 10;
      if (fixed < 0 || data > packet.length) {
        break; // cut, perhaps; what has come counts
      }
      int end = data + BigEndian.shortAt(packet, fixed + 8);
      if (end > packet.length) {
        break;
      }
      if (BigEndian.shortAt(packet, fixed) == TXT) {
        texts.add(text(packet, data, end));
        seconds = Math.min(seconds, Math.max(0, BigEndian.intAt(packet, fixed + 4)));
      }
      at = end;
    }
    return new Texts(List.copyOf(texts), seconds);
  }

  /** The same number and the same question: only who saw it can know both. */
  private static boolean isTo(byte[] packet, byte[] question) {
    boolean isSame =
        packet[0] == question[0]
            && packet[1] == question[1]
            && (BigEndian.shortAt(packet, 2) & RESPONSE) != 0
            && BigEndian.shortAt(packet, 4) == 1;
    for (int i = HEADER_BYTES; i < question.length && isSame; i++) {
      isSame = toLower(packet[i]) == toLower(question[i]);
    }
    return isSame;
  }

  private static int toLower(byte letter) {
    return letter >= 'A' && letter <= 'Z' ? letter + 32 : letter;
  }

  /** Where the name at an offset ends, or -1; a pointer is the end of one (4.1.4). */
  private static int skipName(byte[] packet, int offset) {
    int at = offset;
    while (at < packet.length) {
      int length = packet[at] & 0xFF;
      if (length == 0) {
        return at + 1;
      }
      if ((length & POINTER) == POINTER) {
        return at + 2;
      }
      if (length > LABEL_LENGTH_MAX) {
        return -1;
      }
      at += 1 + length;
    }
    return -1;
  }

  /** Strings of up to 255 bytes, put together (3.3.14). */
  private static String text(byte[] packet, int start, int end) {
    var text = new StringBuilder();
    int at = start;
    while (at < end) {
      int length = Math.min(packet[at] & 0xFF, end - at - 1);
      text.append(new String(packet, at + 1, length, StandardCharsets.ISO_8859_1));
      at += 1 + length;
    }
    return text.toString();
  }
}
