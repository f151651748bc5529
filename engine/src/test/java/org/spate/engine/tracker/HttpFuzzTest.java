package org.spate.engine.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.spate.core.announce.HttpResponseReader;

/** Any bytes for the answer of a tracker: one outcome, of bounded size (threats 44, 45). */
class HttpFuzzTest {
  private static final int PART_BYTES = 1 << 16;

  @FuzzTest(maxDuration = "1m")
  void response(byte[] data) {
    assertBounded(data);
  }

  @FuzzTest(maxDuration = "1m")
  void compressedBody(byte[] data) {
    var head = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n";
    assertBounded(joined(head.getBytes(StandardCharsets.US_ASCII), data));
  }

  @Test
  void gzipBombsAreCutOffHoweverTheyArePacked() throws IOException {
    var head = "HTTP/1.1 200 OK\r\nContent-Encoding: %s\r\n\r\n";
    var once = gzipped(new byte[64 << 20]);
    assertBounded(joined(head.formatted("gzip").getBytes(StandardCharsets.US_ASCII), once));
    var twice = joined(head.formatted("gzip, gzip").getBytes(StandardCharsets.US_ASCII), once);
    assertBounded(twice);
  }

  @Test
  void bodiesWithoutEndAreCutOff() {
    var head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    var parts = ("10\r\n" + "x".repeat(16) + "\r\n").repeat(1 << 17);
    assertBounded((head + parts).getBytes(StandardCharsets.US_ASCII));
    assertBounded(("HTTP/1.1 200 OK\r\n\r\n" + parts).getBytes(StandardCharsets.US_ASCII));
  }

  private static byte[] gzipped(byte[] bytes) throws IOException {
    var out = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    }
    return out.toByteArray();
  }

  private static byte[] joined(byte[] one, byte[] other) {
    var both = Arrays.copyOf(one, one.length + other.length);
    System.arraycopy(other, 0, both, one.length, other.length);
    return both;
  }

  /** Whatever comes, it is told once, and no body is longer than a tracker's may be. */
  private static void assertBounded(byte[] data) {
    var outcomes = outcomes(data);
    assertThat(outcomes).hasSize(1);
    if (outcomes.getFirst() instanceof HttpOutcome.Answered(_, byte[] body)) {
      assertThat(body.length).isLessThanOrEqualTo(HttpResponseReader.BODY_BYTES_MAX);
    }
  }

  private static List<HttpOutcome> outcomes(byte[] data) {
    var outcomes = new ArrayList<HttpOutcome>();
    var request = new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/announce");
    var exchange = new HttpExchange(request, outcomes::add);
    var channel = new EmbeddedChannel();
    HttpTrackers.codec(channel.pipeline(), exchange);
    channel.releaseOutbound();
    for (int from = 0, to = 0; from < data.length && channel.isOpen(); from = to) {
      to = Math.min(data.length, from + PART_BYTES);
      channel.writeInbound(Unpooled.copiedBuffer(data, from, to - from));
    }
    channel.finishAndReleaseAll();
    return outcomes;
  }
}
