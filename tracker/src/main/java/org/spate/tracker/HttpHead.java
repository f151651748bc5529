package org.spate.tracker;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The head of an HTTP request: its first line, and of the headers those few that matter here. A
 * loop has one and reads every request of all its connections with it, since nothing of a request
 * outlives its answer; a general HTTP decoder costs more than all the rest of an announce.
 */
final class HttpHead {
  enum Outcome {
    INCOMPLETE,
    COMPLETE,
    TOO_LONG,
    MALFORMED
  }

  /** Room for the longest query that is understood, and a little more to say so. */
  private static final int LINE_BYTES_MAX = 10_000;

  private static final int HEADERS_BYTES_MAX = 8_192;
  private static final int BYTES_MAX = LINE_BYTES_MAX + HEADERS_BYTES_MAX;

  private final byte[] bytes = new byte[BYTES_MAX];
  private String method = "";
  private String target = "";
  private boolean isVersion10;
  private boolean hasBody;
  private boolean isWebSocket;
  private @Nullable String webSocketKey;
  private @Nullable String webSocketVersion;
  private @Nullable String connection;
  private @Nullable String forwardedFor;
  private int acceptedFrom;
  private int acceptedEnd;

  /**
   * Reads a head and moves behind it, or leaves the buffer as it is.
   *
   * @param checked how many bytes are known not to contain the end
   */
  Outcome read(ByteBuf in, int checked) {
    int available = Math.min(in.readableBytes(), BYTES_MAX);
    in.getBytes(in.readerIndex(), bytes, 0, available);
    int end = end(Math.max(checked - 3, 0), available);
    int lineEnd = lineEnd(0, end < 0 ? available : end);
    if (lineEnd > LINE_BYTES_MAX || (lineEnd < 0 && available > LINE_BYTES_MAX)) {
      return Outcome.TOO_LONG;
    }
    if (end < 0) {
      boolean isFull = lineEnd >= 0 && available - lineEnd > HEADERS_BYTES_MAX;
      return isFull || available == BYTES_MAX ? Outcome.TOO_LONG : Outcome.INCOMPLETE;
    }
    if (end - lineEnd > HEADERS_BYTES_MAX) {
      return Outcome.TOO_LONG;
    }
    in.skipBytes(end);
    return readLine(lineEnd) && readHeaders(lineEnd + 1, end)
        ? Outcome.COMPLETE
        : Outcome.MALFORMED;
  }

  /** Behind the empty line, or -1. */
  private int end(int from, int available) {
    for (int at = from; at < available; at++) {
      if (bytes[at] == '\n') {
        int next = at + 1 < available && bytes[at + 1] == '\r' ? at + 2 : at + 1;
        if (next < available && bytes[next] == '\n') {
          return next + 1;
        }
      }
    }
    return -1;
  }

  /** Where the line feed is, or -1. */
  private int lineEnd(int from, int end) {
    for (int at = from; at < end; at++) {
      if (bytes[at] == '\n') {
        return at;
      }
    }
    return -1;
  }

  private boolean readLine(int lineEnd) {
    int first = indexOf(' ', 0, lineEnd);
    int second = first < 0 ? -1 : indexOf(' ', first + 1, lineEnd);
    if (first <= 0 || second <= first + 1) {
      return false;
    }
    method = text(0, first);
    target = text(first + 1, second);
    var version = text(second + 1, trimmed(second + 1, lineEnd));
    isVersion10 = version.equals("HTTP/1.0");
    return version.startsWith("HTTP/1.");
  }

  private int indexOf(char wanted, int from, int end) {
    for (int at = from; at < end; at++) {
      if (bytes[at] == wanted) {
        return at;
      }
    }
    return -1;
  }

  private String text(int from, int end) {
    return new String(bytes, from, end - from, StandardCharsets.ISO_8859_1);
  }

  private int trimmed(int from, int end) {
    int last = end;
    while (last > from && bytes[last - 1] <= ' ' && bytes[last - 1] >= 0) {
      last--;
    }
    return last;
  }

  private boolean readHeaders(int from, int end) {
    hasBody = false;
    isWebSocket = false;
    webSocketKey = null;
    webSocketVersion = null;
    connection = null;
    forwardedFor = null;
    acceptedFrom = 0;
    acceptedEnd = 0;
    int start = from;
    for (int line = lineEnd(start, end); line >= 0; line = lineEnd(start, end)) {
      int last = trimmed(start, line);
      if (last > start && !readHeader(start, last)) {
        return false;
      }
      start = line + 1;
    }
    return true;
  }

  /** Only what is long as one of the known names is compared with it. */
  private boolean readHeader(int start, int end) {
    int colon = indexOf(':', start, end);
    if (colon <= start) {
      return false;
    }
    switch (colon - start) {
      case 7 -> {
        if (isNamed("upgrade", start)) {
          isWebSocket = value(colon, end).equalsIgnoreCase("websocket");
        }
      }
      case 10 -> connection = isNamed("connection", start) ? value(colon, end) : connection;
      case 14 -> hasBody |= isNamed("content-length", start) && !value(colon, end).equals("0");
      case 15 -> {
        if (isNamed("x-forwarded-for", start)) {
          var value = value(colon, end);
          forwardedFor = forwardedFor == null ? value : forwardedFor + "," + value;
        } else if (isNamed("accept-encoding", start)) {
          acceptedFrom = colon + 1;
          acceptedEnd = end;
        }
      }
      case 17 -> {
        hasBody |= isNamed("transfer-encoding", start);
        webSocketKey = isNamed("sec-websocket-key", start) ? value(colon, end) : webSocketKey;
      }
      case 21 -> {
        if (isNamed("sec-websocket-version", start)) {
          webSocketVersion = value(colon, end);
        }
      }
      default -> {}
    }
    return true;
  }

  private boolean isNamed(String name, int start) {
    for (int i = 0; i < name.length(); i++) {
      // Lower case for letters; no other byte of a header's name becomes one of these.
      if ((bytes[start + i] | 0x20) != name.charAt(i) && bytes[start + i] != name.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private String value(int colon, int end) {
    return text(colon + 1, end).strip();
  }

  boolean isGetOrHead() {
    return method.equals("GET") || method.equals("HEAD");
  }

  boolean isHead() {
    return method.equals("HEAD");
  }

  /** Path and query as they stood. */
  String target() {
    return target;
  }

  boolean hasBody() {
    return hasBody;
  }

  /** Whether the connection is to become a WebSocket. */
  boolean isWebSocket() {
    return isWebSocket;
  }

  @Nullable String webSocketKey() {
    return webSocketKey;
  }

  @Nullable String webSocketVersion() {
    return webSocketVersion;
  }

  boolean isVersion10() {
    return isVersion10;
  }

  boolean isKeptAlive() {
    if (connection == null) {
      return !isVersion10;
    }
    return isVersion10
        ? connection.equalsIgnoreCase("keep-alive")
        : !connection.equalsIgnoreCase("close");
  }

  /** Whether an answer may be compressed (RFC 9110, section 12.5.3). Many say so, few are asked. */
  boolean acceptsGzip() {
    for (var coding : text(acceptedFrom, acceptedEnd).split(",", -1)) {
      var parts = coding.split(";", 2);
      if (parts[0].strip().equalsIgnoreCase("gzip")) {
        return parts.length == 1 || !parts[1].strip().matches("(?i)q *= *0(\\.0*)?");
      }
    }
    return false;
  }

  /** The addresses that proxies say a request came by, the nearest last, or null. */
  @Nullable String forwardedFor() {
    return forwardedFor;
  }
}
