package org.spate.engine.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;
import org.spate.core.wire.MessageEncoder;
import org.spate.core.wire.Payload;
import org.spate.core.wire.PeerMessage;
import org.spate.engine.storage.BufferPayload;
import org.spate.engine.storage.RegionPayload;

/**
 * The sending half of a link. Small messages are gathered in one buffer and leave with the next
 * flush. Blocks wait in a queue that is emptied only as fast as rate limits and socket allow, so
 * small messages overtake them; but for those that speak about blocks (choke, unchoke, reject),
 * whose order to the blocks has a meaning.
 */
final class LinkSender implements Pacer.Paced {
  /** Bytes of blocks handed to the channel and not yet taken by the kernel. */
  private static final int OUTBOUND_BYTES_MAX = 512 << 10;

  private static final int BATCH_BYTES = 256;

  private final Link link;
  private final MessageEncoder encoder;
  private final Throttle throttle;
  private final Pacer pacer;
  private final ArrayDeque<PeerMessage> queue = new ArrayDeque<>();
  private @Nullable ByteBuf batch;
  private int outboundBytes;
  private boolean isPaced;
  private boolean isFlushDue;

  LinkSender(Link link, MessageEncoder encoder) {
    this.link = link;
    this.encoder = encoder;
    this.throttle = link.owner().upThrottle();
    this.pacer = link.owner().loop().pacer();
  }

  void send(PeerMessage message) {
    flushSoon();
    switch (message) {
      case PeerMessage.Piece _ -> queue.add(message);
      case PeerMessage.Choke _, PeerMessage.Unchoke _, PeerMessage.RejectRequest _ -> {
        if (queue.isEmpty()) {
          append(message);
        } else {
          queue.add(message);
        }
      }
      default -> append(message);
    }
  }

  /** The loop runs tasks after it has read every socket, so one flush follows many messages. */
  private void flushSoon() {
    if (!isFlushDue) {
      isFlushDue = true;
      link.owner().loop().execute(this::flush);
    }
  }

  private void flush() {
    isFlushDue = false;
    if (link.isOpen()) {
      long now = throttle.isLimited() ? Loop.nowNanos() : 0;
      writeBatch(now);
      pump(now);
      writeBatch(now);
      link.channel().flush();
    }
  }

  private void pump(long nowNanos) {
    while (!queue.isEmpty() && outboundBytes < OUTBOUND_BYTES_MAX) {
      if (!throttle.isOpen(nowNanos)) {
        pace(nowNanos);
        return;
      }
      writeNext(nowNanos);
    }
  }

  private void pace(long nowNanos) {
    if (!isPaced) {
      isPaced = true;
      pacer.await(this, nowNanos);
    }
  }

  @Override
  public Pacer.Progress proceed(long nowNanos) {
    if (link.isOpen() && !queue.isEmpty() && outboundBytes < OUTBOUND_BYTES_MAX) {
      if (!throttle.isOpen(nowNanos)) {
        return Pacer.Progress.WAIT;
      }
      writeNext(nowNanos);
      link.channel().flush();
      return Pacer.Progress.MORE;
    }
    isPaced = false;
    return Pacer.Progress.DONE;
  }

  private void writeNext(long nowNanos) {
    var message = queue.remove();
    append(message);
    if (message instanceof PeerMessage.Piece(_, _, Payload block)) {
      writeBatch(nowNanos);
      writeBlock(block, nowNanos);
    }
  }

  private void append(PeerMessage message) {
    if (batch == null) {
      batch = link.channel().alloc().ioBuffer(BATCH_BYTES);
    }
    encoder.encode(message, new SendBuffer(batch));
  }

  private void writeBatch(long nowNanos) {
    if (batch != null) {
      throttle.spend(batch.readableBytes(), nowNanos);
      link.channel().write(batch, link.channel().voidPromise());
      batch = null;
    }
  }

  private void writeBlock(Payload block, long nowNanos) {
    int length = block.length();
    outboundBytes += length;
    throttle.spend(length, nowNanos);
    Object part =
        switch (block) {
          case ReceivedBlock pooled -> pooled.buffer();
          case BufferPayload plain -> Unpooled.wrappedBuffer(plain.nio());
          case RegionPayload inFile -> new BlockRegion(inFile);
          default -> throw new IllegalArgumentException("a payload of the engine expected");
        };
    link.channel().write(part).addListener(new Sent(this, block));
  }

  /** A block has left the channel, or will never. */
  private record Sent(LinkSender sender, Payload block) implements ChannelFutureListener {
    @Override
    public void operationComplete(ChannelFuture future) {
      int length = block.length();
      if (!(block instanceof ReceivedBlock) && block instanceof BufferPayload plain) {
        plain.release(); // the channel has released its own wrapper only
      }
      if (future.isSuccess()) {
        sender.onSent(length);
      }
    }
  }

  private void onSent(int length) {
    outboundBytes -= length;
    if (link.isOpen()) {
      if (!queue.isEmpty()) {
        flushSoon();
      }
      link.owner().payloadSent(link, length);
    }
  }

  void end() {
    for (var message : queue) {
      if (message instanceof PeerMessage.Piece(_, _, Payload block)) {
        block.release();
      }
    }
    queue.clear();
    if (batch != null) {
      batch.release();
      batch = null;
    }
  }
}
