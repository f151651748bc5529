package org.spate.engine.portmap;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.spate.core.Endpoint;
import org.spate.core.portmap.UpnpAction;
import org.spate.core.portmap.UpnpService;
import org.spate.core.portmap.UpnpUrl;
import org.spate.engine.net.Addresses;
import org.spate.engine.net.Loop;
import org.spate.engine.net.Transport;

/** Talks HTTP to UPnP devices: a connection for each request, no redirects, all of it bounded. */
final class UpnpHttp {
  private static final int CONNECT_TIMEOUT_MILLIS = 3_000;
  private static final long TIMEOUT_SECONDS = 5;
  private static final int HEADER_BYTES_MAX = 8 << 10;

  private final Transport transport;
  private final Loop loop;

  /**
   * What came back.
   *
   * @param local our address towards the device
   * @param status 0 if nothing came
   */
  record Reply(Endpoint local, int status, byte[] body) {
    static final Reply NONE = new Reply(Endpoint.v4(0, 0), 0, new byte[0]);
  }

  UpnpHttp(Transport transport, Loop loop) {
    this.transport = transport;
    this.loop = loop;
  }

  void get(UpnpUrl url, Consumer<Reply> onReply) {
    send(url, request(HttpMethod.GET, url, ""), onReply);
  }

  void call(UpnpService service, UpnpAction action, Consumer<Reply> onReply) {
    var url = service.control();
    var request = request(HttpMethod.POST, url, UpnpXml.call(service, action));
    request
        .headers()
        .set(HttpHeaderNames.CONTENT_TYPE, "text/xml; charset=\"utf-8\"")
        .set("SOAPAction", "\"" + service.type() + "#" + action.name() + "\"");
    send(url, request, onReply);
  }

  private static HttpRequest request(HttpMethod method, UpnpUrl url, String body) {
    var content = Unpooled.copiedBuffer(body, StandardCharsets.UTF_8);
    var request = new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, method, url.path(), content);
    request
        .headers()
        .set(HttpHeaderNames.HOST, url.host().toString())
        .set(HttpHeaderNames.USER_AGENT, "Spate UPnP/1.1")
        .set(HttpHeaderNames.CONNECTION, "close")
        .set(HttpHeaderNames.CONTENT_LENGTH, content.readableBytes());
    return request;
  }

  private void send(UpnpUrl url, HttpRequest request, Consumer<Reply> onReply) {
    var exchange = new Exchange(request, onReply);
    var bootstrap =
        transport
            .client(loop)
            .option(ChannelOption.AUTO_READ, true)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_TIMEOUT_MILLIS)
            .handler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    var limits =
                        new HttpDecoderConfig()
                            .setMaxInitialLineLength(HEADER_BYTES_MAX)
                            .setMaxHeaderSize(HEADER_BYTES_MAX);
                    channel
                        .pipeline()
                        .addLast(
                            new HttpClientCodec(limits, false, false),
                            new HttpObjectAggregator(UpnpXml.BYTES_MAX),
                            exchange);
                  }
                });
    var remote = Addresses.socketAddress(url.host());
    transport
        .connect(bootstrap, remote)
        .addListener(
            (ChannelFuture future) -> {
              if (!future.isSuccess()) {
                exchange.finish(Reply.NONE);
              }
            });
  }

  /** One request; one reply in any case. */
  private static final class Exchange extends SimpleChannelInboundHandler<FullHttpResponse> {
    private final HttpRequest request;
    private final Consumer<Reply> onReply;
    private @Nullable ScheduledFuture<?> deadline;
    private boolean isDone;

    Exchange(HttpRequest request, Consumer<Reply> onReply) {
      this.request = request;
      this.onReply = onReply;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
      deadline = ctx.executor().schedule(() -> end(ctx), TIMEOUT_SECONDS, TimeUnit.SECONDS);
      ctx.writeAndFlush(request);
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, FullHttpResponse response) {
      if (response.decoderResult().isFailure()) {
        end(ctx);
        return;
      }
      var local = Addresses.endpoint((InetSocketAddress) ctx.channel().localAddress());
      var body = ByteBufUtil.getBytes(response.content());
      ctx.close();
      finish(new Reply(local.withPort(0), response.status().code(), body));
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      finish(Reply.NONE);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      end(ctx); // a body beyond the bound, too
    }

    private void end(ChannelHandlerContext ctx) {
      ctx.close();
      finish(Reply.NONE);
    }

    void finish(Reply reply) {
      if (!isDone) {
        isDone = true;
        if (deadline != null) {
          deadline.cancel(false);
        }
        onReply.accept(reply);
      }
    }
  }
}
