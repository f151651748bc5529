package org.spate.app.interop;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A web server for a few files, which hears what its pages have to say: queries to "said". */
final class Pages implements AutoCloseable {
  private static final int WAIT_SECONDS = 60;

  private final HttpServer server;
  private final LinkedBlockingQueue<String> said = new LinkedBlockingQueue<>();

  private Pages(HttpServer server) {
    this.server = server;
  }

  /** Serves each under its name. */
  static Pages serve(Path... files) throws IOException {
    var loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    var pages = new Pages(HttpServer.create(loopback, 0));
    for (var file : files) {
      pages.server.createContext("/" + file.getFileName(), exchange -> send(exchange, file));
    }
    pages.server.createContext("/said", pages::hear);
    pages.server.start();
    return pages;
  }

  private static void send(HttpExchange exchange, Path file) throws IOException {
    var kind = file.toString().endsWith(".js") ? "text/javascript" : "text/html";
    exchange.getResponseHeaders().set("Content-Type", kind);
    var bytes = Files.readAllBytes(file);
    exchange.sendResponseHeaders(200, bytes.length);
    try (var body = exchange.getResponseBody()) {
      body.write(bytes);
    }
  }

  private void hear(HttpExchange exchange) throws IOException {
    said.add(URLDecoder.decode(exchange.getRequestURI().getRawQuery(), StandardCharsets.UTF_8));
    exchange.sendResponseHeaders(204, -1);
    exchange.close();
  }

  String url(String name) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/" + name;
  }

  /** The next thing that a page says; waits for it. */
  String said() {
    try {
      var next = said.poll(WAIT_SECONDS, TimeUnit.SECONDS);
      if (next == null) {
        throw new AssertionError("the pages are silent");
      }
      return next;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
