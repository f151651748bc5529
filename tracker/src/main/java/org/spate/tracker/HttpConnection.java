package org.spate.tracker;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spate.core.Endpoint;
import org.spate.core.tracker.Count;
import org.spate.core.tracker.HttpAnswer;

/**
 * One HTTP connection: answers requests in their order, as many as come, and ends with the first
 * that is broken, too long, has a body, or does not arrive in time.
 */
final class HttpConnection extends ChannelInboundHandlerAdapter {
  private static final Logger LOG = LoggerFactory.getLogger(HttpConnection.class);

  /** From one answer to the end of the next request, however slowly its bytes drip in. */
  private static final long REQUEST_TIMEOUT_SECONDS = 30;

  /** What may wait to be understood while an answer is on its way. */
  private static final int PENDING_BYTES_MAX = 1 << 16;

  private final TrackerLoop loop;
  private final LongSupplier clock;
  private final @Nullable FullScrapes fullScrapes;
  private final Runnable onUpgrade;
  private Endpoint source = Endpoint.v4(0, 0);
  private @Nullable ByteBuf pending;
  private int checked;
  private long requestCount;
  private boolean isWaiting;
  private boolean isAnswering;
  private boolean isClosing;
  private @Nullable Future<?> check;

  /**
   * A new connection.
   *
   * @param fullScrapes what is sent to those who scrape all swarms, or null if that is not offered
   * @param onUpgrade told when it has become a WebSocket and is none of HTTP any more
   */
  HttpConnection(
      TrackerLoop loop, LongSupplier clock, @Nullable FullScrapes fullScrapes, Runnable onUpgrade) {
    this.loop = loop;
    this.clock = clock;
    this.fullScrapes = fullScrapes;
    this.onUpgrade = onUpgrade;
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    source = Sources.of(context.channel().remoteAddress());
    watch(context);
    context.fireChannelActive();
  }

  /** Looks again after the time-out whether another request has come. */
  private void watch(ChannelHandlerContext context) {
    long before = requestCount;
    check =
        context
            .executor()
            .schedule(() -> onTimeout(context, before), REQUEST_TIMEOUT_SECONDS, TimeUnit.SECONDS);
  }

  private void onTimeout(ChannelHandlerContext context, long countBefore) {
    if (requestCount != countBefore) {
      watch(context);
      return;
    }
    if (requestCount == 0) {
      count(Count.REFUSED_HTTP_TOO_SLOW);
    }
    var _ = context.close();
  }

  private void count(Count count) {
    loop.logic.counters().add(count);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    if (check != null) {
      check.cancel(false);
    }
    forget();
    isClosing = true;
    context.fireChannelInactive();
  }

  private void forget() {
    if (pending != null) {
      pending.release();
      pending = null;
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    var bytes = (ByteBuf) message;
    if (isClosing) {
      bytes.release();
      return;
    }
    if (pending == null) {
      pending = bytes;
    } else {
      pending = append(context, pending, bytes);
    }
    process(context);
  }

  private static ByteBuf append(ChannelHandlerContext context, ByteBuf pending, ByteBuf bytes) {
    int length = pending.readableBytes() + bytes.readableBytes();
    var joined = context.alloc().buffer(length).writeBytes(pending).writeBytes(bytes);
    pending.release();
    bytes.release();
    return joined;
  }

  /** Answers the requests that are there, as far as the answers are. */
  private void process(ChannelHandlerContext context) {
    while (pending != null && !isWaiting && !isClosing) {
      var outcome = loop.head.read(pending, checked);
      if (outcome == HttpHead.Outcome.INCOMPLETE) {
        checked = pending.readableBytes();
        break;
      }
      checked = 0;
      requestCount++;
      respond(context, outcome);
      if (pending != null && !pending.isReadable()) {
        forget();
      }
    }
    if (isClosing) {
      forget();
    }
    throttle(context);
  }

  private void respond(ChannelHandlerContext context, HttpHead.Outcome outcome) {
    var head = loop.head;
    if (outcome == HttpHead.Outcome.TOO_LONG) {
      count(Count.REFUSED_HTTP_TOO_LARGE);
      refuse(context, 431, "request too long\n");
    } else if (outcome == HttpHead.Outcome.MALFORMED) {
      count(Count.REFUSED_HTTP_MALFORMED);
      refuse(context, 400, "malformed request\n");
    } else if (head.hasBody()) {
      count(Count.REFUSED_HTTP_TOO_LARGE);
      refuse(context, 413, "no body expected\n");
    } else if (!head.isGetOrHead()) {
      count(Count.REFUSED_HTTP_METHOD);
      refuse(context, 405, "only GET and HEAD\n");
    } else if (head.isWebSocket() && loop.webSockets != null) {
      upgrade(context, loop.webSockets);
    } else {
      answer(context, head.isHead(), HttpReply.Then.of(head));
    }
  }

  private void answer(ChannelHandlerContext context, boolean isHead, HttpReply.Then then) {
    var head = loop.head;
    var asker = loop.proxies.source(source, head.forwardedFor());
    isWaiting = true;
    isAnswering = true;
    loop.http.answer(
        head.target(),
        asker,
        clock.getAsLong(),
        answer -> {
          isWaiting = false;
          if (answer.isFullScrape()) {
            deliver(context, isHead);
          } else if (!isClosing) {
            send(context, answer, isHead, then);
          }
          if (!isAnswering) {
            // It has come later than its question: others may have been waiting for it.
            context.flush();
            process(context);
          }
        });
    isAnswering = false;
  }

  /** The head of the request is still at hand, since this is decided at once. */
  private void deliver(ChannelHandlerContext context, boolean isHead) {
    if (fullScrapes == null || !fullScrapes.enter()) {
      count(Count.REFUSED_HTTP_TOO_MANY_FULL_SCRAPES);
      refuse(context, 503, "too many full scrapes at a time\n");
      return;
    }
    isClosing = true;
    if (check != null) {
      check.cancel(false);
    }
    var delivery = new FullScrapeDelivery(loop, fullScrapes, loop.head.acceptsGzip(), isHead);
    context.pipeline().replace(this, null, delivery);
  }

  private void upgrade(ChannelHandlerContext context, WebSocketLoop webSockets) {
    var asker = loop.proxies.source(source, loop.head.forwardedFor());
    switch (WebSocketHandshake.of(loop.head, asker, webSockets)) {
      case WebSocketHandshake.Refused refused ->
          refuse(context, refused.status(), refused.reason());
      case WebSocketHandshake.Accepted accepted -> {
        isClosing = true;
        if (check != null) {
          check.cancel(false);
        }
        onUpgrade.run();
        var answer = ByteBufUtil.writeAscii(context.alloc(), accepted.answer());
        context.writeAndFlush(answer, context.voidPromise());
        hand(context, new WebSocketConnection(webSockets, asker, loop.head.target()));
      }
    }
  }

  /** What a client has sent behind its request is for its WebSocket. */
  private void hand(ChannelHandlerContext context, WebSocketConnection connection) {
    var rest = pending;
    pending = null;
    WebSocketFrames.addTo(context.pipeline());
    context.pipeline().addLast(connection);
    if (rest != null) {
      context.fireChannelRead(rest);
    }
    context.pipeline().remove(this);
  }

  private void refuse(ChannelHandlerContext context, int status, String text) {
    var answer = new HttpAnswer(status, "text/plain", text.getBytes(StandardCharsets.US_ASCII));
    send(context, answer, false, HttpReply.Then.CLOSE);
  }

  private void send(
      ChannelHandlerContext context, HttpAnswer answer, boolean isHead, HttpReply.Then then) {
    var buffer = context.alloc().ioBuffer(HttpReply.HEAD_BYTES_MAX + answer.body().length);
    HttpReply.write(answer, isHead, then, buffer);
    if (then != HttpReply.Then.CLOSE) {
      var _ = context.write(buffer, context.voidPromise());
    } else {
      isClosing = true;
      context.writeAndFlush(buffer).addListener(ChannelFutureListener.CLOSE);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    context.flush();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    throttle(context);
  }

  /** Who does not read its answers, or asks faster than they come, is not read from either. */
  private void throttle(ChannelHandlerContext context) {
    boolean isAhead = pending != null && pending.readableBytes() > PENDING_BYTES_MAX;
    boolean reads = context.channel().isWritable() && !isAhead;
    if (context.channel().config().isAutoRead() != reads) {
      context.channel().config().setAutoRead(reads);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    count(Count.FAILED_CONNECTIONS);
    LOG.debug("HTTP", cause);
    var _ = context.close();
  }
}
