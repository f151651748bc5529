package org.spate.engine;

import java.io.BufferedReader;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
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

  private final RawServer server;
  private final Answer answer;
  private final AtomicLong bytesTaken = new AtomicLong();
  final List<Request> requests = new CopyOnWriteArrayList<>();

  RawWebServer(Answer answer) throws IOException {
    this.answer = answer;
    this.server = new RawServer(this::serve);
  }

  String url() {
    return "http://127.0.0.1:" + server.endpoint().port() + "/";
  }

  /** Bytes that clients or the kernel in between have taken. */
  long bytesTaken() {
    return bytesTaken.get();
  }

  private void serve(DataInputStream in, DataOutputStream out) throws IOException {
    var lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.ISO_8859_1));
    for (var request = read(lines); request != null; request = read(lines)) {
      requests.add(request);
      answer.write(request, counting(out));
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
    server.close();
  }
}
