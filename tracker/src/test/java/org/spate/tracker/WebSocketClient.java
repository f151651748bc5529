package org.spate.tracker;

import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.spate.core.Hash160;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A peer behind a WebSocket: the JDK's client, and messages as trees. */
final class WebSocketClient implements WebSocket.Listener, AutoCloseable {
  static final JsonMapper JSON = new JsonMapper();

  final String peerId;

  /** Messages, and nothing when the tracker has closed. */
  private final LinkedBlockingQueue<Optional<JsonNode>> received = new LinkedBlockingQueue<>();

  private final StringBuilder text = new StringBuilder();
  private final HttpClient client;
  private final WebSocket socket;
  int closeStatus;

  private WebSocketClient(HttpClient client, URI uri, String name) {
    this.client = client;
    peerId = "-WW0100-" + "0".repeat(12 - name.length()) + name;
    socket = client.newWebSocketBuilder().buildAsync(uri, this).join();
  }

  static WebSocketClient connect(InetSocketAddress tracker, String name) {
    return connect(HttpClient.newHttpClient(), "ws", tracker, name);
  }

  static WebSocketClient connect(
      HttpClient client, String scheme, InetSocketAddress tracker, String name) {
    return connect(client, scheme, tracker, "/announce", name);
  }

  static WebSocketClient connect(InetSocketAddress tracker, String path, String name) {
    return connect(HttpClient.newHttpClient(), "ws", tracker, path, name);
  }

  private static WebSocketClient connect(
      HttpClient client, String scheme, InetSocketAddress tracker, String path, String name) {
    var uri = URI.create(scheme + "://127.0.0.1:" + tracker.getPort() + path);
    return new WebSocketClient(client, uri, name);
  }

  static String latin1(Hash160 hash) {
    return new String(hash.bytes(), StandardCharsets.ISO_8859_1);
  }

  @Override
  public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean isLast) {
    text.append(data);
    if (isLast) {
      received.add(Optional.of(JSON.readTree(text.toString())));
      text.setLength(0);
    }
    from.request(1);
    return null;
  }

  @Override
  public @Nullable CompletionStage<?> onClose(WebSocket from, int statusCode, String reason) {
    closeStatus = statusCode;
    received.add(Optional.empty());
    return null;
  }

  @Override
  public void onError(WebSocket from, Throwable error) {
    received.add(Optional.empty());
  }

  ObjectNode announce(Hash160 swarm) {
    return JSON.createObjectNode()
        .put("action", "announce")
        .put("info_hash", latin1(swarm))
        .put("peer_id", peerId);
  }

  /** An announce of a leecher with offers, each named after the peer and numbered. */
  ObjectNode announce(Hash160 swarm, int offerCount) {
    var message = announce(swarm).put("left", 1).put("numwant", offerCount);
    var offers = message.putArray("offers");
    for (int i = 0; i < offerCount; i++) {
      var offer = offers.addObject();
      offer.putObject("offer").put("type", "offer").put("sdp", "from " + peerId + " " + i);
      offer.put("offer_id", offerId(i));
    }
    return message;
  }

  static String offerId(int number) {
    return "%020d".formatted(number);
  }

  ObjectNode answer(JsonNode offer, String sdp) {
    var message = announce(Clients.SWARM);
    message.put("to_peer_id", offer.get("peer_id").asString());
    message.put("offer_id", offer.get("offer_id").asString());
    message.putObject("answer").put("type", "answer").put("sdp", sdp);
    return message;
  }

  void send(JsonNode message) {
    send(message.toString());
  }

  void send(String message) {
    socket.sendText(message, true).join();
  }

  WebSocket socket() {
    return socket;
  }

  /** The next message. */
  JsonNode receive() {
    return take().orElseThrow(() -> new AssertionError("the tracker closed"));
  }

  private Optional<JsonNode> take() {
    try {
      var message = received.poll(Clients.TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
      if (message == null) {
        throw new AssertionError("nothing was received");
      }
      return message;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** The next message after sending one. */
  JsonNode ask(JsonNode message) {
    send(message);
    return receive();
  }

  /** Waits until the tracker has closed, and passes over what came before. */
  void awaitEnd() {
    while (take().isPresent()) {
      // Something it said before.
    }
  }

  @Override
  public void close() {
    socket.abort();
    client.shutdownNow();
  }
}
