package org.spate.engine;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;

/** A web server over plain sockets that answers as a test says, and counts what is taken of it. */
final class RawWebServer implements AutoCloseable {
  private static final Pattern RANGE = Pattern.compile("range: bytes=(\\d+)-(\\d+)");

  /** What was asked for; the range ends before {@code to}. */
  record Request(String target, long from, long to) {
    long length() {
      return to - from;
    }

    /** The head of a good answer, up to what says how its body ends. */
    String partialContent() {
      return "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes %d-%d/*\r\n"
          .formatted(from, to - 1);
    }
  }

  /** Writes one answer; an exception ends the connection. */
  interface Answer {
    void write(Request request, OutputStream out) throws IOException;
  }

  private final ServerSocket listening;
  private final Answer answer;
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private final AtomicLong bytesTaken = new AtomicLong();
  final List<Request> requests = new CopyOnWriteArrayList<>();

  RawWebServer(Answer answer) throws IOException {
    this.answer = answer;
    this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::listen);
  }

  String url() {
    return "http://127.0.0.1:" + listening.getLocalPort() + "/";
  }

  /** Bytes that clients or the kernel in between have taken. */
  long bytesTaken() {
    return bytesTaken.get();
  }

  private void listen() {
    try {
      while (true) {
        var socket = listening.accept();
        sockets.add(socket);
        Thread.ofVirtual().start(() -> serve(socket));
      }
    } catch (IOException _) {
      // The test is over.
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      var in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
      for (var request = read(in); request != null; request = read(in)) {
        requests.add(request);
        answer.write(request, counting(socket.getOutputStream()));
      }
    } catch (IOException _) {
      // Closed by the other side, or the test is over.
    }
  }

  private static Request read(BufferedReader in) throws IOException {
    var first = in.readLine();
    long from = 0;
    long to = 0;
    for (var line = first; line != null && !line.isEmpty(); line = in.readLine()) {
      var range = RANGE.matcher(line);
      if (range.matches()) {
        from = Long.parseLong(range.group(1));
        to = Long.parseLong(range.group(2)) + 1;
      }
    }
    return first == null ? null : new Request(first.split(" ", 3)[1], from, to);
  }

  private OutputStream counting(OutputStream out) {
    return new OutputStream() {
      @Override
      public void write(int one) throws IOException {
        out.write(one);
        bytesTaken.incrementAndGet();
      }

      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        out.write(bytes, offset, length);
        bytesTaken.addAndGet(length);
      }
    };
  }

  @Override
  public void close() throws IOException {
    listening.close();
    for (var socket : sockets) {
      socket.close();
    }
  }
}
