package org.spate.engine.web;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.InetAddress;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.spate.core.announce.TrackerUrl;
import org.spate.core.webseed.WebAnswer;
import org.spate.core.webseed.WebRange;
import org.spate.engine.net.Loop;
import org.spate.engine.net.Throttle;

/** One connection to a web server: one request at a time, kept alive between them. */
final class WebConnection extends SimpleChannelInboundHandler<HttpObject> {
  /** Without a byte for so long it is given up. */
  private static final long SILENCE_MAX_SECONDS = 30;

  private static final long THROTTLE_POLL_MILLIS = 10;

  /** What may come before the answer to a request (RFC 9110, 15.2). */
  private static final int INTERIM_ANSWERS_MAX = 10;

  /** What becomes of a fetch; each is told once, and then the connection has none. */
  interface Owner {
    Throttle throttle();

    boolean isHeld();

    String userAgent();

    void fetched(WebConnection connection);

    void redirected(WebConnection connection, WebFetch fetch, WebRange range, String location);

    void failed(WebConnection connection, WebFetch fetch, WebAnswer answer);

    /** The server closed between requests, or as the next came: nothing is wrong. */
    void expired(WebConnection connection, @Nullable WebFetch fetch);
  }

  private final TrackerUrl origin;
  private final @Nullable InetAddress address;
  private final Owner owner;
  private final Channel channel;
  private @Nullable WebFetch fetch;
  private @Nullable WebRange range;
  private @Nullable ScheduledFuture<?> watchdog;
  private int interimAnswers;
  private boolean isReused;
  private boolean isReceiving;
  private boolean hasHeard;
  private boolean isWaiting;
  private boolean isClosed;

  WebConnection(TrackerUrl origin, @Nullable InetAddress address, Owner owner, Channel channel) {
    this.origin = origin;
    this.address = address;
    this.owner = owner;
    this.channel = channel;
  }

  TrackerUrl origin() {
    return origin;
  }

  /** Null if only a proxy knows it. */
  @Nullable InetAddress address() {
    return address;
  }

  boolean isIdle() {
    return fetch == null && !isClosed;
  }

  /** Fetches; it must be idle. */
  void fetch(WebFetch next, WebRange first) {
    fetch = next;
    ask(first);
  }

  private void ask(WebRange next) {
    range = next;
    isReceiving = false;
    interimAnswers = 0;
    hasHeard = true;
    if (watchdog == null) {
      watchdog =
          channel
              .eventLoop()
              .scheduleAtFixedRate(
                  this::watch, SILENCE_MAX_SECONDS, SILENCE_MAX_SECONDS, TimeUnit.SECONDS);
    }
    var request =
        new DefaultFullHttpRequest(
            HttpVersion.HTTP_1_1, HttpMethod.GET, String.valueOf(next.target()));
    request
        .headers()
        .set(HttpHeaderNames.HOST, host())
        .set(HttpHeaderNames.USER_AGENT, owner.userAgent())
        .set(HttpHeaderNames.ACCEPT, "*/*");
    if (next.header() != null) {
      request.headers().set(HttpHeaderNames.RANGE, next.header());
    }
    channel.writeAndFlush(request);
    read();
  }

  private String host() {
    var host = origin.host().indexOf(':') < 0 ? origin.host() : "[" + origin.host() + "]";
    boolean isDefaultPort = origin.port() == (origin.scheme().equals("https") ? 443 : 80);
    return isDefaultPort ? host : host + ":" + origin.port();
  }

  private void watch() {
    if (fetch != null && !owner.isHeld()) {
      if (!hasHeard) {
        fail(new WebAnswer.Later("sends nothing", -1));
      }
      hasHeard = false;
    }
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, HttpObject message) {
    hasHeard = true;
    if (fetch == null || range == null) {
      close(); // it speaks unasked
      return;
    }
    if (message.decoderResult().isFailure()) {
      fail(new WebAnswer.Never("malformed HTTP"));
      return;
    }
    if (message instanceof HttpResponse head) {
      onHead(head, range);
    }
    if (message instanceof HttpContent body && isReceiving && fetch != null) {
      onBody(body, fetch);
    }
  }

  private void onHead(HttpResponse head, WebRange asked) {
    if (head.status().codeClass() == HttpStatusClass.INFORMATIONAL) {
      if (++interimAnswers > INTERIM_ANSWERS_MAX) {
        fail(new WebAnswer.Never("does not come to the answer"));
      }
      return;
    }
    var headers = head.headers();
    var answer =
        WebAnswer.of(
            asked,
            head.status().code(),
            HttpUtil.getContentLength(head, -1L),
            headers.get(HttpHeaderNames.CONTENT_RANGE),
            headers.get(HttpHeaderNames.LOCATION),
            headers.get(HttpHeaderNames.RETRY_AFTER));
    switch (answer) {
      case WebAnswer.Bytes _ when isCompressed(headers) ->
          fail(new WebAnswer.Never("sends compressed what was asked for as it is"));
      case WebAnswer.Bytes _ -> {
        isReceiving = true;
        isReused = HttpUtil.isKeepAlive(head);
      }
      case WebAnswer.Redirect(var location) -> {
        var moved = fetch;
        fetch = null;
        close();
        if (moved != null) {
          owner.redirected(this, moved, asked, location);
        }
      }
      case WebAnswer.Later _, WebAnswer.Never _ -> fail(answer);
    }
  }

  private static boolean isCompressed(HttpHeaders headers) {
    var coding = headers.get(HttpHeaderNames.CONTENT_ENCODING);
    return coding != null && !coding.equalsIgnoreCase("identity");
  }

  private void onBody(HttpContent body, WebFetch current) {
    int bytes = body.content().readableBytes();
    owner.throttle().spend(bytes, Loop.nowNanos());
    if (!current.accept(body.content())) {
      fail(new WebAnswer.Never("sends more than was asked for"));
    } else if (body instanceof LastHttpContent) {
      onEnd(current);
    }
  }

  private void onEnd(WebFetch current) {
    if (!current.endRange()) {
      fail(new WebAnswer.Later("sends less than was asked for", -1));
      return;
    }
    boolean canGoOn = isReused;
    var next = current.next();
    if (next != null && canGoOn) {
      ask(next);
    } else if (next != null) {
      fetch = null;
      close();
      owner.expired(this, current);
    } else {
      fetch = null;
      range = null;
      if (!canGoOn) {
        close();
      }
      owner.fetched(this);
    }
  }

  /** Reads on as limits and storage allow. */
  private void read() {
    boolean isOpen = !owner.isHeld() && owner.throttle().isOpen(Loop.nowNanos());
    channel.config().setAutoRead(isOpen);
    if (!isOpen && !isClosed && !isWaiting) {
      isWaiting = true;
      channel.eventLoop().schedule(this::readOn, THROTTLE_POLL_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  private void readOn() {
    isWaiting = false;
    read();
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    if (channel.config().isAutoRead()
        && (owner.isHeld() || !owner.throttle().isOpen(Loop.nowNanos()))) {
      read();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    var current = fetch;
    boolean isStale = current == null || (isReused && !isReceiving);
    if (isClosed) {
      return;
    }
    if (isStale) {
      fetch = null;
      close();
      owner.expired(this, current);
    } else {
      fail(new WebAnswer.Later("closed the connection", -1));
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    fail(new WebAnswer.Later(WebClient.reason(cause), -1));
  }

  private void fail(WebAnswer answer) {
    var current = fetch;
    fetch = null;
    close();
    if (current != null) {
      owner.failed(this, current, answer);
    }
  }

  /** Closes it; its fetch, if there is one, is abandoned without a word. */
  void close() {
    if (!isClosed) {
      isClosed = true;
      if (watchdog != null) {
        watchdog.cancel(false);
      }
      if (fetch != null) {
        fetch.abandon();
        fetch = null;
      }
      channel.close();
    }
  }
}
