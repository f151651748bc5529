package org.spate.tracker;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.util.concurrent.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spate.core.Endpoint;
import org.spate.core.Hash160;
import org.spate.core.announce.AnnounceEvent;
import org.spate.core.announce.SwarmCounts;
import org.spate.core.tracker.Announcement;
import org.spate.core.tracker.Count;
import org.spate.core.tracker.Families;
import org.spate.core.tracker.Membership;
import org.spate.core.tracker.Memberships;
import org.spate.core.tracker.PendingOffers;
import org.spate.core.tracker.TrackerLogic;
import org.spate.tracker.WebTorrentMessage.Announce;
import org.spate.tracker.WebTorrentMessage.Answer;
import org.spate.tracker.WebTorrentMessage.Malformed;
import org.spate.tracker.WebTorrentMessage.NoText;
import org.spate.tracker.WebTorrentMessage.Scrape;

/**
 * One WebSocket: the peer behind it announces, is handed offers of others, and answers them. It is
 * in a swarm only while the socket is open. Everything here happens on its loop; what concerns a
 * swarm is asked of the loop that owns it.
 */
final class WebSocketConnection extends SimpleChannelInboundHandler<WebSocketFrame> {
  private static final Logger LOG = LoggerFactory.getLogger(WebSocketConnection.class);

  static final int SWARMS_MAX = 1_000;
  static final int PENDING_OFFERS_MAX = 64;
  static final int MALFORMED_MAX = 16;

  /** Clients give up an offer after 50 seconds. */
  static final long PENDING_OFFER_SECONDS = 60;

  static final long CHECK_SECONDS = 60;

  /** Without a byte for so long the socket is dead; and without a swarm it is of no use. */
  static final long IDLE_SECONDS = 180;

  /** Without an announce for so many intervals a peer is forgotten, whatever its socket does. */
  static final int INTERVALS_MAX = 3;

  /** What may wait to be sent; a peer that does not read gets no more offers and answers. */
  private static final int UNSENT_BYTES_MAX = 1 << 18;

  private final WebSocketLoop loop;
  private final Endpoint source;
  private final String target;
  private final Memberships<WebSocketConnection> memberships = new Memberships<>(this, SWARMS_MAX);
  private final PendingOffers<WebSocketConnection> pending =
      new PendingOffers<>(PENDING_OFFERS_MAX, TimeUnit.SECONDS.toNanos(PENDING_OFFER_SECONDS));
  private @Nullable ChannelHandlerContext context;
  private @Nullable ByteBuf unsent;
  private @Nullable Future<?> check;
  private long heardNanos;
  private long messageNanos;
  private int malformedCount;

  /**
   * A connection that has taken a slot for its address.
   *
   * @param target path and query that it was opened with
   */
  WebSocketConnection(WebSocketLoop loop, Endpoint source, String target) {
    this.loop = loop;
    this.source = source;
    this.target = target;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    this.context = context;
    heardNanos = loop.clock.getAsLong();
    messageNanos = heardNanos;
    loop.connectionCount++;
    count(Count.WEBSOCKET_CONNECTIONS);
    check =
        context
            .executor()
            .scheduleWithFixedDelay(
                () -> check(context), CHECK_SECONDS, CHECK_SECONDS, TimeUnit.SECONDS);
  }

  private void count(Count count) {
    loop.logic.counters().add(count);
  }

  private void check(ChannelHandlerContext context) {
    long nowNanos = loop.clock.getAsLong();
    long lifeNanos = TimeUnit.SECONDS.toNanos((long) loop.intervalSeconds * INTERVALS_MAX);
    memberships.expire(lifeNanos, nowNanos).forEach(this::leave);
    pending.expire(nowNanos);
    long silentNanos = nowNanos - (memberships.isEmpty() ? messageNanos : heardNanos);
    if (silentNanos >= TimeUnit.SECONDS.toNanos(IDLE_SECONDS)) {
      count(Count.CLOSED_WEBSOCKET_IDLE);
      close(context, WebSocketCloseStatus.NORMAL_CLOSURE);
    } else if (silentNanos >= TimeUnit.SECONDS.toNanos(CHECK_SECONDS)) {
      context.writeAndFlush(new PingWebSocketFrame());
    }
  }

  private void leave(Membership<WebSocketConnection> membership) {
    var owner = loop.ownerOf(membership.infoHash());
    owner.run(() -> owner.swarms.leave(membership));
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    if (this.context == null) {
      return;
    }
    this.context = null;
    if (check != null) {
      check.cancel(false);
    }
    if (unsent != null) {
      unsent.release();
      unsent = null;
    }
    loop.slots.giveBack(source);
    loop.connectionCount--;
    pending.clear();
    memberships.removeAll().forEach(this::leave);
    context.fireChannelInactive();
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, WebSocketFrame frame) {
    heardNanos = loop.clock.getAsLong();
    switch (frame) {
      case TextWebSocketFrame text -> {
        messageNanos = heardNanos;
        if (loop.logic.isFlooding(source.high(), source.low(), heardNanos)) {
          fail(null, TrackerLogic.FLOOD.reason());
          return;
        }
        accept(context, WebTorrentReader.read(ByteBufUtil.getBytes(text.content())));
      }
      case PingWebSocketFrame ping ->
          context.writeAndFlush(new PongWebSocketFrame(ping.content().retain()));
      case PongWebSocketFrame _ -> {}
      case CloseWebSocketFrame _ -> close(context, WebSocketCloseStatus.NORMAL_CLOSURE);
      default -> {
        count(Count.REFUSED_WEBSOCKET_PROTOCOL);
        close(context, WebSocketCloseStatus.INVALID_MESSAGE_TYPE);
      }
    }
  }

  private static void close(ChannelHandlerContext context, WebSocketCloseStatus status) {
    context.writeAndFlush(new CloseWebSocketFrame(status)).addListener(ChannelFutureListener.CLOSE);
  }

  private void accept(ChannelHandlerContext context, WebTorrentMessage message) {
    switch (message) {
      case Announce announce -> announce(announce);
      case Answer answer -> answer(answer);
      case Scrape scrape -> scrape(scrape);
      case Malformed malformed -> refuse(malformed);
      case NoText _ -> {
        count(Count.REFUSED_WEBSOCKET_PROTOCOL);
        close(context, WebSocketCloseStatus.INVALID_PAYLOAD_DATA);
      }
    }
  }

  private void refuse(Malformed malformed) {
    count(Count.REFUSED_WEBSOCKET_MALFORMED);
    fail(malformed.infoHash(), malformed.reason());
    var current = context;
    if (++malformedCount >= MALFORMED_MAX && current != null) {
      flush();
      close(current, WebSocketCloseStatus.POLICY_VIOLATION);
    }
  }

  private void fail(@Nullable Hash160 infoHash, String reason) {
    send(loop.writer.failure(infoHash, reason));
  }

  private void announce(Announce announce) {
    count(Count.WEBSOCKET_ANNOUNCES);
    loop.logic.counters().add(Count.CUT_WEBSOCKET_OFFERS, announce.cutOfferCount());
    var infoHash = announce.infoHash();
    var refusal = loop.logic.refusal(target, infoHash);
    if (refusal != null) {
      fail(infoHash, refusal.reason());
      var membership = memberships.remove(infoHash);
      if (membership != null) {
        leave(membership);
      }
      return;
    }
    book(announce);
    loop.logic.countEvent(announce.event());
    if (announce.event() == AnnounceEvent.STOPPED) {
      stop(infoHash);
      return;
    }
    var membership = memberships.announced(infoHash, loop.clock.getAsLong());
    if (membership == null) {
      count(Count.REFUSED_WEBSOCKET_TOO_MANY_SWARMS);
      fail(infoHash, "too many swarms for one connection");
      return;
    }
    boolean hasCompleted = announce.event() == AnnounceEvent.COMPLETED;
    var owner = loop.ownerOf(infoHash);
    owner.run(
        () -> {
          boolean isListed =
              owner.swarms.list(membership, announce.peerId(), announce.isSeed(), hasCompleted);
          var chosen =
              isListed
                  ? owner.swarms.choose(membership, announce.offers().size())
                  : List.<WebSocketConnection>of();
          var counts = owner.swarms.counts(infoHash);
          loop.run(() -> reply(announce, counts, isListed, chosen));
        });
  }

  /** The accounts do not mind which front they are told by. */
  private void book(Announce announce) {
    var user = loop.logic.userOf(target, announce.infoHash());
    if (!user.isEmpty()) {
      var announcement = Announcement.of(announce.request(), source, Families.BOTH).as(user);
      loop.logic.count(loop.accounts.report(announcement, loop.clock.getAsLong()));
    }
  }

  private void stop(Hash160 infoHash) {
    var membership = memberships.remove(infoHash);
    if (membership == null) {
      count(Count.EVENTS_OUT_OF_ORDER);
    }
    var owner = loop.ownerOf(infoHash);
    owner.run(
        () -> {
          if (membership != null) {
            owner.swarms.leave(membership);
          }
          var counts = owner.swarms.counts(infoHash);
          loop.run(() -> send(loop.writer.announced(infoHash, loop.intervalSeconds, counts, null)));
        });
  }

  private void reply(
      Announce announce, SwarmCounts counts, boolean isListed, List<WebSocketConnection> chosen) {
    if (!isListed) {
      count(Count.UNLISTED_TOO_MANY_PEERS);
    }
    var warning = isListed ? null : "the tracker is full: other peers will not hear of you";
    send(loop.writer.announced(announce.infoHash(), loop.intervalSeconds, counts, warning));
    for (int i = 0; i < chosen.size(); i++) {
      var peer = chosen.get(i);
      int index = i;
      peer.loop.run(() -> peer.handOffer(announce, index, this));
    }
  }

  private void handOffer(Announce announce, int index, WebSocketConnection from) {
    if (context == null) {
      return;
    }
    var offer = announce.offers().get(index);
    long nowNanos = loop.clock.getAsLong();
    if (isBehind()) {
      count(Count.DROPPED_WEBSOCKET_UNREAD);
    } else if (!pending.add(
        announce.infoHash(), announce.peerId(), offer.offerId(), from, nowNanos)) {
      count(Count.DROPPED_WEBSOCKET_UNANSWERED);
    } else {
      count(Count.WEBSOCKET_OFFERS);
      send(loop.writer.offer(announce.infoHash(), announce.peerId(), offer.offerId(), offer.sdp()));
    }
  }

  private void answer(Answer answer) {
    var to =
        pending.take(
            answer.infoHash(), answer.toPeerId(), answer.offerId(), loop.clock.getAsLong());
    if (to == null) {
      count(Count.REFUSED_WEBSOCKET_ANSWERS);
    } else {
      to.loop.run(() -> to.handAnswer(answer));
    }
  }

  private void handAnswer(Answer answer) {
    if (context == null) {
      return;
    }
    if (isBehind()) {
      count(Count.DROPPED_WEBSOCKET_UNREAD);
    } else {
      count(Count.WEBSOCKET_ANSWERS);
      send(loop.writer.answer(answer.infoHash(), answer.peerId(), answer.offerId(), answer.sdp()));
    }
  }

  private void scrape(Scrape scrape) {
    count(Count.WEBSOCKET_SCRAPES);
    scrape(scrape.infoHashes(), new ArrayList<>());
  }

  /** Asks for one swarm after the other, each of the loop that owns it. */
  private void scrape(List<Hash160> infoHashes, List<SwarmCounts> counts) {
    if (counts.size() == infoHashes.size()) {
      send(loop.writer.scraped(infoHashes, counts));
      return;
    }
    var infoHash = infoHashes.get(counts.size());
    if (loop.logic.refusal(target, infoHash) != null) {
      counts.add(SwarmCounts.NONE);
      scrape(infoHashes, counts);
      return;
    }
    var owner = loop.ownerOf(infoHash);
    owner.run(
        () -> {
          counts.add(owner.swarms.counts(infoHash));
          loop.run(() -> scrape(infoHashes, counts));
        });
  }

  private boolean isBehind() {
    int waiting = unsent == null ? 0 : unsent.readableBytes();
    return context == null || !context.channel().isWritable() || waiting > UNSENT_BYTES_MAX;
  }

  /** Puts a message with what goes out next. */
  private void send(WebTorrentWriter message) {
    if (context == null) {
      return;
    }
    if (unsent == null) {
      unsent = context.alloc().ioBuffer(message.length() + WebSocketFrames.HEAD_BYTES_MAX);
      loop.flushLater(this);
    }
    WebSocketFrames.putText(unsent, message.bytes(), message.length());
  }

  void flush() {
    var bytes = unsent;
    unsent = null;
    if (bytes != null && context != null) {
      context.writeAndFlush(bytes);
    } else if (bytes != null) {
      bytes.release(); // it has closed meanwhile
    }
  }

  /** Who does not read is not read from either. */
  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    context.channel().config().setAutoRead(context.channel().isWritable());
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    switch (cause) {
      case CorruptedWebSocketFrameException e -> {
        // The decoder has already said so and closes.
        boolean isTooLarge = e.closeStatus().equals(WebSocketCloseStatus.MESSAGE_TOO_BIG);
        count(isTooLarge ? Count.REFUSED_WEBSOCKET_TOO_LARGE : Count.REFUSED_WEBSOCKET_PROTOCOL);
      }
      case TooLongFrameException _ -> {
        count(Count.REFUSED_WEBSOCKET_TOO_LARGE);
        close(context, WebSocketCloseStatus.MESSAGE_TOO_BIG);
      }
      default -> {
        count(Count.FAILED_CONNECTIONS);
        LOG.debug("WebSocket", cause);
        context.close();
      }
    }
  }
}
