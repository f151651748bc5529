package org.spate.tracker;

import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.stream.ChunkedNioFile;
import io.netty.handler.stream.ChunkedWriteHandler;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spate.core.tracker.Count;
import org.spate.tracker.FullScrapes.Edition;

/**
 * Sends one client all swarms and ends its connection. It takes the place of the {@link
 * HttpConnection} that the request came by, and what the client says further is not heard.
 */
final class FullScrapeDelivery extends ChannelInboundHandlerAdapter {
  private static final Logger LOG = LoggerFactory.getLogger(FullScrapeDelivery.class);

  /** So many bytes are read from the file and then written, as the client takes them. */
  private static final int PART_BYTES = 1 << 16;

  /** A client that has taken no further part in that time, and a file not made by then. */
  private static final long PROGRESS_TIMEOUT_SECONDS = 30;

  private final TrackerLoop loop;
  private final FullScrapes scrapes;
  private final boolean isCompressed;
  private final boolean isHead;
  private @Nullable ChunkedNioFile sending;
  private @Nullable Future<?> check;
  private boolean isOver;

  /** The caller has {@linkplain FullScrapes#enter entered}; this leaves. */
  FullScrapeDelivery(TrackerLoop loop, FullScrapes scrapes, boolean isCompressed, boolean isHead) {
    this.loop = loop;
    this.scrapes = scrapes;
    this.isCompressed = isCompressed;
    this.isHead = isHead;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    context.channel().closeFuture().addListener(_ -> end());
    watch(context, 0);
    var _ =
        scrapes
            .latest()
            .whenCompleteAsync((edition, failure) -> begin(context, edition, failure), loop.loop);
  }

  private void end() {
    if (!isOver) {
      isOver = true;
      scrapes.leave();
      if (check != null) {
        check.cancel(false);
      }
    }
  }

  private void watch(ChannelHandlerContext context, long sentBefore) {
    check =
        loop.loop.schedule(
            () -> {
              long sent = sending == null ? 0 : sending.currentOffset();
              if (sent > sentBefore) {
                watch(context, sent);
              } else {
                var _ = context.close();
              }
            },
            PROGRESS_TIMEOUT_SECONDS,
            TimeUnit.SECONDS);
  }

  private void begin(
      ChannelHandlerContext context, @Nullable Edition edition, @Nullable Throwable failure) {
    if (isOver) {
      return;
    }
    try {
      if (edition == null) {
        throw new IOException(failure);
      }
      send(context, isCompressed ? edition.gzip() : edition.plain());
    } catch (IOException e) {
      loop.logic.counters().add(Count.FAILED_FULL_SCRAPES);
      LOG.warn("no full scrape: {}", e.toString());
      var _ = context.close();
    }
  }

  private void send(ChannelHandlerContext context, Path path) throws IOException {
    var file = FileChannel.open(path);
    var body = new ChunkedNioFile(file, 0, file.size(), PART_BYTES);
    sending = body;
    var head = ByteBufUtil.writeAscii(context.alloc(), head(file.size()));
    if (isHead) {
      file.close();
      context.writeAndFlush(head).addListener(ChannelFutureListener.CLOSE);
      return;
    }
    context.pipeline().addBefore(context.name(), null, new ChunkedWriteHandler());
    context.write(head, context.voidPromise());
    context.writeAndFlush(body).addListener(ChannelFutureListener.CLOSE);
  }

  private String head(long length) {
    return "HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: "
        + length
        + (isCompressed ? "\r\ncontent-encoding: gzip" : "")
        + "\r\n"
        + "vary: accept-encoding\r\n"
        + "x-content-type-options: nosniff\r\n"
        + "connection: close\r\n\r\n";
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ReferenceCountUtil.release(message);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    loop.logic.counters().add(Count.FAILED_CONNECTIONS);
    LOG.debug("full scrape", cause);
    var _ = context.close();
  }
}
