package org.spate.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.spate.core.Endpoint;
import org.spate.core.tracker.AccountBook;
import org.spate.core.tracker.CompactPeerStore;
import org.spate.core.tracker.Count;
import org.spate.core.tracker.OfferSwarms;
import org.spate.core.tracker.RequestQuota;
import org.spate.core.tracker.TrackerLogic;
import org.spate.core.tracker.TrackerPolicy;

/** How long a WebSocket lives and what it is sent, in virtual time. */
class WebSocketLifeTest {
  private static final int INTERVAL_SECONDS = 120;
  private static final int PEERS_MAX = 100;
  private static final Endpoint SOURCE = Endpoint.v4(0x7F000001, 50_000);

  private final TrackerLogic logic =
      new TrackerLogic(
          TrackerPolicy.DEFAULT,
          new CompactPeerStore(
              TrackerPolicy.DEFAULT, new SplittableRandom(1), new SplittableRandom(2)),
          0);
  private long nowSeconds;
  private final EmbeddedChannel alice = new EmbeddedChannel();
  private final WebSocketLoop loop =
      new WebSocketLoop(
          alice.eventLoop(),
          logic,
          new AccountBook(1_000, 10),
          () -> TimeUnit.SECONDS.toNanos(nowSeconds),
          new ConnectionSlots(20, 10),
          new OfferSwarms<>(PEERS_MAX, new SplittableRandom(3)),
          INTERVAL_SECONDS);

  WebSocketLifeTest() {
    alice.freezeTime();
    alice.pipeline().addLast(new WebSocketConnection(loop, SOURCE, "/announce"));
  }

  @AfterEach
  void nothing_is_left_when_it_is_closed() {
    alice.finishAndReleaseAll();
    alice.runPendingTasks();
    assertThat(loop.numbers().connections()).isZero();
    assertThat(loop.numbers().torrents()).isZero();
  }

  private void pass(long seconds) {
    nowSeconds += seconds;
    alice.advanceTimeBy(seconds, TimeUnit.SECONDS);
    alice.runPendingTasks();
  }

  private static TextWebSocketFrame announce(String name, int offers) {
    var offer = "{\"offer_id\":\"%020d\",\"offer\":{\"sdp\":\"" + "s".repeat(1_000) + "\"}}";
    var all = new ArrayList<String>();
    for (int i = 0; i < offers; i++) {
      all.add(offer.formatted(i));
    }
    return new TextWebSocketFrame(
        "{\"action\":\"announce\",\"info_hash\":\"hhhhhhhhhhhhhhhhhhhh\",\"peer_id\":\"%20s\",\"offers\":%s}"
            .formatted(name, all));
  }

  private List<Class<?>> sent(EmbeddedChannel channel) {
    var kinds = new ArrayList<Class<?>>();
    for (Object out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
      kinds.add(out instanceof ByteBuf ? ByteBuf.class : out.getClass());
    }
    return kinds;
  }

  @Test
  void a_socket_without_a_swarm_is_closed_even_if_it_answers_pings() {
    pass(60);
    alice.writeInbound(new PongWebSocketFrame());
    pass(60);
    assertThat(sent(alice)).containsExactly(PingWebSocketFrame.class, PingWebSocketFrame.class);
    assertThat(alice.isOpen()).isTrue();
    alice.writeInbound(new PongWebSocketFrame());
    pass(60);
    assertThat(sent(alice)).containsExactly(CloseWebSocketFrame.class);
    assertThat(alice.isOpen()).isFalse();
    assertThat(logic.counters().of(Count.CLOSED_WEBSOCKET_IDLE)).isOne();
  }

  @Test
  void messages_beyond_the_bound_of_an_address_are_refused_until_the_next_second() {
    logic.limit(new RequestQuota(3, 1));
    var stranger = new EmbeddedChannel();
    stranger
        .pipeline()
        .addLast(new WebSocketConnection(loop, Endpoint.v4(0x08080808, 1), "/announce"));
    for (int i = 0; i < 5; i++) {
      stranger.writeInbound(announce("stranger", 0));
    }
    assertThat(logic.counters().of(Count.WEBSOCKET_ANNOUNCES)).isEqualTo(3);
    assertThat(logic.counters().of(Count.REFUSED_FLOOD)).isEqualTo(2);
    nowSeconds++;
    stranger.writeInbound(announce("stranger", 0));
    assertThat(logic.counters().of(Count.WEBSOCKET_ANNOUNCES)).isEqualTo(4);
    stranger.finishAndReleaseAll();
  }

  @Test
  void a_silent_peer_is_asked_and_then_put_out_of_the_swarm() {
    alice.writeInbound(announce("alice", 0));
    pass(60);
    pass(60);
    assertThat(sent(alice))
        .containsExactly(ByteBuf.class, PingWebSocketFrame.class, PingWebSocketFrame.class);
    assertThat(loop.numbers().leechers()).isOne();
    pass(60);
    assertThat(alice.isOpen()).isFalse();
    assertThat(loop.numbers().leechers()).isZero();
  }

  @Test
  void a_peer_that_answers_pings_stays_until_it_has_not_announced_for_three_intervals() {
    alice.writeInbound(announce("alice", 0));
    for (int minute = 1; minute <= 6; minute++) {
      pass(60);
      alice.writeInbound(new PongWebSocketFrame());
    }
    assertThat(loop.numbers().leechers()).isOne();
    pass(60);
    assertThat(loop.numbers().leechers()).isZero();
    assertThat(alice.isOpen()).isFalse();
  }

  @Test
  void a_ping_is_answered() {
    alice.writeInbound(new PingWebSocketFrame());
    assertThat(sent(alice)).containsExactly(PongWebSocketFrame.class);
  }

  @Test
  void what_goes_to_one_peer_at_once_goes_out_as_one() {
    var bob = new EmbeddedChannel(new WebSocketConnection(loop, SOURCE, "/announce"));
    bob.writeInbound(announce("bob", 0));
    alice.runPendingTasks();
    assertThat(sent(bob)).hasSize(1);
    alice.pipeline().fireChannelRead(announce("alice", 1));
    alice.pipeline().fireChannelRead(announce("alice", 1));
    assertThat(sent(bob)).isEmpty();
    alice.runPendingTasks();
    ByteBuf both = bob.readOutbound();
    assertThat(both.toString(StandardCharsets.UTF_8).split("\"type\":\"offer\"")).hasSize(3);
    both.release();
    bob.finishAndReleaseAll();
  }

  @Test
  void who_answers_nothing_is_handed_only_so_many_offers() {
    var bob = new EmbeddedChannel(new WebSocketConnection(loop, SOURCE, "/announce"));
    bob.writeInbound(announce("bob", 0));
    int most = WebSocketConnection.PENDING_OFFERS_MAX;
    for (int i = 0; i < most + 5; i++) {
      alice.writeInbound(
          new TextWebSocketFrame(
              announce("alice", 1).text().replace("0".repeat(20), "%020d".formatted(i))));
    }
    assertThat(logic.counters().of(Count.WEBSOCKET_OFFERS)).isEqualTo(most);
    assertThat(logic.counters().of(Count.DROPPED_WEBSOCKET_UNANSWERED)).isEqualTo(5);
    bob.finishAndReleaseAll();
  }

  @Test
  void who_does_not_read_gets_no_more_and_is_not_read_from() {
    var bob = new EmbeddedChannel(new WebSocketConnection(loop, SOURCE, "/announce"));
    bob.writeInbound(announce("bob", 0));
    var buffer = bob.unsafe().outboundBuffer();
    assertThat(buffer).isNotNull();
    buffer.setUserDefinedWritability(1, false);
    bob.runPendingTasks();
    assertThat(bob.config().isAutoRead()).isFalse();
    alice.writeInbound(announce("alice", 1));
    assertThat(logic.counters().of(Count.DROPPED_WEBSOCKET_UNREAD)).isOne();
    buffer.setUserDefinedWritability(1, true);
    bob.runPendingTasks();
    assertThat(bob.config().isAutoRead()).isTrue();
    bob.finishAndReleaseAll();
  }

  private void announceSwarms(int from, int to) {
    for (int i = from; i < to; i++) {
      alice.writeInbound(
          new TextWebSocketFrame(
              announce("alice", 0).text().replace("h".repeat(20), "%020d".formatted(i))));
    }
  }

  @Test
  void a_connection_is_in_only_so_many_swarms() {
    announceSwarms(0, WebSocketConnection.SWARMS_MAX + 1);
    assertThat(logic.counters().of(Count.REFUSED_WEBSOCKET_TOO_MANY_SWARMS)).isOne();
  }

  @Test
  void when_there_is_no_room_a_peer_is_answered_and_not_listed() {
    announceSwarms(0, PEERS_MAX);
    assertThat(logic.counters().of(Count.UNLISTED_TOO_MANY_PEERS)).isZero();
    announceSwarms(PEERS_MAX, PEERS_MAX + 1);
    assertThat(logic.counters().of(Count.UNLISTED_TOO_MANY_PEERS)).isOne();
    assertThat(loop.numbers().torrents()).isEqualTo(PEERS_MAX);
  }
}
