package org.spate.engine.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** One request to a tracker, in a channel that has a clock of its own. */
class HttpExchangeTest {
  @Test
  void answer_that_trickles_in_ends_at_the_deadline() {
    var outcomes = new ArrayList<HttpOutcome>();
    var request = new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/announce");
    var channel =
        new EmbeddedChannel(
            new HttpClientCodec(),
            new HttpObjectAggregator(1 << 20),
            new HttpExchange(request, outcomes::add));
    channel.freezeTime();
    send(channel, "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");

    for (int second = 1; second < 30; second++) {
      send(channel, "d");
      channel.advanceTimeBy(1, TimeUnit.SECONDS);
      channel.runScheduledPendingTasks();
      assertThat(outcomes).as("after " + second + " s").isEmpty();
    }
    channel.advanceTimeBy(2, TimeUnit.SECONDS);
    channel.runScheduledPendingTasks();

    assertThat(outcomes).containsExactly(new HttpOutcome.Failed("took too long"));
    assertThat(channel.isOpen()).isFalse();
  }

  private static void send(EmbeddedChannel channel, String text) {
    channel.writeInbound(Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII));
  }
}
