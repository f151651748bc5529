package org.spate.engine.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.spate.core.announce.TrackerUrl;
import org.spate.core.webseed.WebAnswer;
import org.spate.core.webseed.WebRange;
import org.spate.core.wire.PeerMessage;
import org.spate.engine.net.Throttle;
import org.spate.engine.net.TokenBucket;

/** Any bytes for the answer of a web server: never more than was asked for (threats 44, 45). */
class WebFuzzTest {
  private static final int BLOCK = 100;
  private static final List<PeerMessage.Request> BLOCKS =
      List.of(
          new PeerMessage.Request(0, 0, BLOCK),
          new PeerMessage.Request(0, BLOCK, BLOCK),
          new PeerMessage.Request(0, 2 * BLOCK, 1));

  /** What a connection tells of a fetch. */
  private static final class Told implements WebConnection.Owner {
    final List<String> words = new ArrayList<>();
    private final Throttle throttle = new Throttle(new TokenBucket(0), new TokenBucket(0));

    @Override
    public Throttle throttle() {
      return throttle;
    }

    @Override
    public boolean isHeld() {
      return false;
    }

    @Override
    public String userAgent() {
      return "test";
    }

    @Override
    public void fetched(WebConnection connection) {
      words.add("fetched");
    }

    @Override
    public void redirected(
        WebConnection connection, WebFetch fetch, WebRange range, String location) {
      fetch.abandon();
      words.add("redirected");
    }

    @Override
    public void failed(WebConnection connection, WebFetch fetch, WebAnswer answer) {
      fetch.abandon();
      words.add("failed");
    }

    @Override
    public void expired(WebConnection connection, @Nullable WebFetch fetch) {
      if (fetch != null) {
        fetch.abandon();
        words.add("expired");
      }
    }
  }

  @FuzzTest(maxDuration = "1m")
  void response(byte[] data) {
    assertBounded(data);
  }

  @FuzzTest(maxDuration = "1m")
  void behindAGoodHead(byte[] data) {
    var head = "HTTP/1.1 206 OK\r\nContent-Range: bytes 0-200/*\r\nTransfer-Encoding: chunked\r\n";
    var bytes = new byte[head.length() + data.length];
    System.arraycopy(head.getBytes(StandardCharsets.US_ASCII), 0, bytes, 0, head.length());
    System.arraycopy(data, 0, bytes, head.length(), data.length);
    assertBounded(bytes);
  }

  private static void assertBounded(byte[] data) {
    var told = new Told();
    var delivered = new ArrayList<PeerMessage.Piece>();
    var fetch =
        new WebFetch(
            BLOCKS,
            List.of(new WebRange("/f", 0, 2 * BLOCK + 1)),
            UnpooledByteBufAllocator.DEFAULT,
            delivered::add);
    var range = fetch.next();
    var channel = new EmbeddedChannel();
    var url = TrackerUrl.parse("http://server.example/f");
    WebClient.codec(
        channel.pipeline(),
        new WebConnection(url, InetAddress.getLoopbackAddress(), told, channel));
    channel.pipeline().get(WebConnection.class).fetch(fetch, range);
    channel.releaseOutbound();
    channel.writeInbound(Unpooled.copiedBuffer(data));
    channel.finishAndReleaseAll();

    assertThat(told.words).hasSize(1);
    assertThat(delivered).hasSizeLessThanOrEqualTo(BLOCKS.size());
    for (int i = 0; i < delivered.size(); i++) {
      assertThat(delivered.get(i).begin()).isEqualTo(BLOCKS.get(i).begin());
      assertThat(delivered.get(i).block().length()).isEqualTo(BLOCKS.get(i).length());
      delivered.get(i).block().release();
    }
    if (told.words.contains("fetched")) {
      assertThat(delivered).hasSameSizeAs(BLOCKS);
    }
  }
}
