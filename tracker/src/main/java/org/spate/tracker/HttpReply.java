package org.spate.tracker;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import org.spate.core.tracker.HttpAnswer;

/** Writes answers as HTTP has them (RFC 9112). */
final class HttpReply {
  /** What an answer has besides its body, at most. */
  static final int HEAD_BYTES_MAX = 256;

  /** What becomes of the connection, and how that is said. */
  enum Then {
    CLOSE("\r\nconnection: close\r\n\r\n"),
    KEEP("\r\n\r\n"),
    KEEP_OF_VERSION_1_0("\r\nconnection: keep-alive\r\n\r\n");

    private final String header;

    Then(String header) {
      this.header = header;
    }

    static Then of(HttpHead head) {
      if (!head.isKeptAlive()) {
        return CLOSE;
      }
      return head.isVersion10() ? KEEP_OF_VERSION_1_0 : KEEP;
    }
  }

  private HttpReply() {}

  /** Appends an answer, without its body if only its head was asked for. */
  static void write(HttpAnswer answer, boolean isHead, Then then, ByteBuf out) {
    int status = answer.status();
    put("HTTP/1.1 ", out);
    put(status == 200 ? "200 OK" : status + " " + reason(status), out);
    put("\r\nx-content-type-options: nosniff\r\ncontent-type: ", out);
    put(answer.contentType(), out);
    put("\r\ncontent-length: ", out);
    put(Integer.toString(answer.body().length), out);
    put(then.header, out);
    if (!isHead) {
      out.writeBytes(answer.body());
    }
  }

  private static void put(String text, ByteBuf out) {
    ByteBufUtil.writeAscii(out, text);
  }

  private static String reason(int status) {
    return switch (status) {
      case 200 -> "OK";
      case 400 -> "Bad Request";
      case 404 -> "Not Found";
      case 405 -> "Method Not Allowed";
      case 413 -> "Content Too Large";
      case 429 -> "Too Many Requests";
      case 431 -> "Request Header Fields Too Large";
      case 503 -> "Service Unavailable";
      default -> "Unknown";
    };
  }
}
