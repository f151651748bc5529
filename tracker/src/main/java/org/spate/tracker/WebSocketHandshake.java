package org.spate.tracker;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import org.spate.core.Endpoint;
import org.spate.core.Hash160;
import org.spate.core.tracker.Count;

/** The opening handshake of a WebSocket (RFC 6455, section 4.2). */
final class WebSocketHandshake {
  private static final String VERSION = "13";
  private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  private static final int KEY_BYTES = 16;

  private WebSocketHandshake() {}

  /** What becomes of a request for a WebSocket. */
  sealed interface Outcome {}

  /** An answer of HTTP for it. */
  record Refused(int status, String reason) implements Outcome {}

  /** The answer to it; a slot has been taken. */
  record Accepted(String answer) implements Outcome {}

  static Outcome of(HttpHead head, Endpoint source, WebSocketLoop loop) {
    var counters = loop.logic.counters();
    var problem = problem(head);
    if (problem != null) {
      counters.add(Count.REFUSED_WEBSOCKET_HANDSHAKE);
      return problem;
    }
    return switch (loop.slots.take(source)) {
      case ADMITTED -> new Accepted(accept(String.valueOf(head.webSocketKey())));
      case TOO_MANY -> {
        counters.add(Count.REFUSED_WEBSOCKET_TOO_MANY_CONNECTIONS);
        yield new Refused(503, "too many WebSockets\n");
      }
      case TOO_MANY_OF_ADDRESS -> {
        counters.add(Count.REFUSED_WEBSOCKET_TOO_MANY_OF_ADDRESS);
        yield new Refused(429, "too many WebSockets from this address\n");
      }
    };
  }

  private static @Nullable Refused problem(HttpHead head) {
    if (!isServed(head.target()) || head.isHead()) {
      return new Refused(404, "no WebSocket here\n");
    }
    if (!VERSION.equals(head.webSocketVersion())) {
      return new Refused(400, "only version 13 of WebSocket\n");
    }
    return isKey(head.webSocketKey()) ? null : new Refused(400, "not a key for a WebSocket\n");
  }

  /** Many trackers are known by their host alone; before the last part may stand a pass. */
  private static boolean isServed(String target) {
    int mark = target.indexOf('?');
    var path = mark < 0 ? target : target.substring(0, mark);
    return path.endsWith("/announce") || path.equals("/");
  }

  private static boolean isKey(@Nullable String key) {
    try {
      return key != null && Base64.getDecoder().decode(key).length == KEY_BYTES;
    } catch (IllegalArgumentException _) {
      return false;
    }
  }

  /** The answer to a request with this key. */
  private static String accept(String key) {
    var bytes = (key + GUID).getBytes(StandardCharsets.ISO_8859_1);
    var proof = Hash160.sha1(bytes, 0, bytes.length).bytes();
    return "HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n"
        + "sec-websocket-accept: "
        + Base64.getEncoder().encodeToString(proof)
        + "\r\n\r\n";
  }
}
