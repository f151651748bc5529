package org.spate.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.spate.core.tracker.CompactPeerStore;
import org.spate.core.tracker.Count;
import org.spate.core.tracker.HttpResponder;
import org.spate.core.tracker.TrackerLogic;
import org.spate.core.tracker.TrackerPolicy;

/** Connections that take their time, in the virtual time of an embedded channel. */
class SlowConnectionTest {
  private static final TrackerPolicy POLICY = TrackerPolicy.DEFAULT;

  private final TrackerLogic logic =
      new TrackerLogic(
          POLICY,
          new CompactPeerStore(POLICY, new SplittableRandom(1), new SplittableRandom(2)),
          0);
  private final EmbeddedChannel channel = connect();

  private EmbeddedChannel connect() {
    var responder = new HttpResponder(logic, new SplittableRandom(3));
    var loop = new TrackerLoop(new EmbeddedChannel().eventLoop(), logic, responder, () -> 0);
    var connected =
        new EmbeddedChannel() {
          @Override
          protected SocketAddress remoteAddress0() {
            return Clients.v4(50_000);
          }
        };
    connected.freezeTime();
    connected.pipeline().addLast(new HttpConnection(loop, () -> 0, null, () -> {}));
    connected.pipeline().fireChannelActive();
    return connected;
  }

  private void send(String text) {
    channel.writeInbound(Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII));
  }

  private void pass(long seconds) {
    channel.advanceTimeBy(seconds, TimeUnit.SECONDS);
    channel.runPendingTasks();
  }

  @Test
  void a_request_that_drips_in_does_not_keep_the_connection() {
    send("GET /stats HTTP/1.1\r\nX: ");
    for (int second = 0; second < 29; second++) {
      pass(1);
      send("x");
    }
    assertThat(channel.isOpen()).isTrue();
    pass(2);
    assertThat(channel.isOpen()).isFalse();
    assertThat(logic.counters().of(Count.REFUSED_HTTP_TOO_SLOW)).isOne();
  }

  @Test
  void a_connection_lives_as_long_as_requests_come() {
    for (int i = 0; i < 10; i++) {
      pass(25);
      send("GET /stats HTTP/1.1\r\nHost: t\r\n\r\n");
    }
    assertThat(channel.isOpen()).isTrue();
    pass(31);
    pass(31);
    assertThat(channel.isOpen()).isFalse();
    assertThat(logic.counters().of(Count.REFUSED_HTTP_TOO_SLOW)).isZero();
  }
}
