package org.spate.engine;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.spate.core.Endpoint;
import org.spate.core.bencode.BencodeWriter;

/** An HTTP tracker on loopback that gives the same peers to everybody and remembers who asked. */
public final class TestTracker implements AutoCloseable {
  private final HttpServer server;
  private final CopyOnWriteArrayList<String> queries = new CopyOnWriteArrayList<>();
  private volatile byte[] answer = answer(List.of());

  public TestTracker() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext(
        "/announce",
        exchange -> {
          queries.add(exchange.getRequestURI().getRawQuery());
          exchange.sendResponseHeaders(200, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    server.start();
  }

  public String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/announce";
  }

  public void give(Endpoint... peers) {
    answer = answer(List.of(peers));
  }

  /** The queries so far, oldest first. */
  public List<String> queries() {
    return queries;
  }

  private static byte[] answer(List<Endpoint> peers) {
    var compact = new ByteArrayOutputStream();
    for (var peer : peers) {
      compact.writeBytes(peer.address());
      compact.write(peer.port() >>> 8);
      compact.write(peer.port());
    }
    return new BencodeWriter()
        .beginDictionary()
        .key("interval")
        .integer(1800)
        .key("peers")
        .text(compact.toByteArray())
        .end()
        .toBytes();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
