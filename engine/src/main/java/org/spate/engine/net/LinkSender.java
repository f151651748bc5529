package org.spate.engine.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;
import org.spate.core.swarm.Route;
import org.spate.core.wire.MessageEncoder;
import org.spate.core.wire.Payload;
import org.spate.core.wire.PeerMessage;
import org.spate.engine.storage.BufferPayload;
import org.spate.engine.storage.RegionPayload;
import org.spate.engine.storage.StorageException;

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

  /** Blocks that are read from files and sent together while there is no limit. */
  private static final int RUN_BYTES_MAX = 64 << 10;

  private final Link link;
  private final MessageEncoder encoder;
  private final Throttle throttle;
  private final Pacer pacer;
  private final UnsentMark unsentMark;
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
    this.unsentMark = new UnsentMark(link.channel(), Loop.nowNanos());
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

  /** Writes what is next in line, and as much behind it as makes one good buffer. */
  private void writeNext(long nowNanos) {
    writeBatch(nowNanos);
    if (queue.getFirst() instanceof PeerMessage.Piece(_, _, BufferPayload block)) {
      append(queue.remove());
      writeBatch(nowNanos);
      writeBlock(block, nowNanos);
      return;
    }
    int bytesMax = throttle.isLimited() ? 1 : RUN_BYTES_MAX;
    int count = 0;
    int bytes = 0;
    int payload = 0;
    for (var message : queue) {
      if (count > 0 && (bytes >= bytesMax || isInMemory(message))) {
        break;
      }
      count++;
      bytes += MessageEncoder.encodedLength(message);
      payload += message instanceof PeerMessage.Piece(_, _, Payload block) ? block.length() : 0;
    }
    writeRun(count, bytes, payload, nowNanos);
  }

  private static boolean isInMemory(PeerMessage message) {
    return message instanceof PeerMessage.Piece(_, _, BufferPayload _);
  }

  /**
   * Reads blocks from their files between their headers, into one buffer. Sendfile would spare the
   * copy, but needs two system calls and two segments for every 16 KiB, at both ends; see decision
   * 0010.
   */
  private void writeRun(int count, int bytes, int payload, long nowNanos) {
    var run = link.channel().alloc().directBuffer(bytes, bytes);
    try {
      for (int i = 0; i < count; i++) {
        var message = queue.remove();
        encoder.encode(message, new SendBuffer(run));
        if (message instanceof PeerMessage.Piece(_, _, RegionPayload block)) {
          read(block, run);
        }
      }
    } catch (StorageException e) {
      run.release();
      link.unreadable(e);
      return;
    }
    throttle.spend(bytes, nowNanos);
    outboundBytes += payload;
    link.channel().write(run).addListener(new Sent(this, payload, null));
  }

  private static void read(RegionPayload block, ByteBuf target) {
    try {
      int length = block.length();
      block.read(0, target.internalNioBuffer(target.writerIndex(), length));
      target.writerIndex(target.writerIndex() + length);
    } finally {
      block.release();
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

  /** A block from memory, which others may be reading: encryption needs a copy to write over. */
  private void writeBlock(BufferPayload block, long nowNanos) {
    int length = block.length();
    outboundBytes += length;
    throttle.spend(length, nowNanos);
    if (link.route().encryption() == Route.Encryption.RC4) {
      var copy = link.channel().alloc().directBuffer(length, length);
      for (var part : block.nio()) {
        copy.writeBytes(part);
      }
      block.release();
      link.channel().write(copy).addListener(new Sent(this, length, null));
    } else if (block instanceof ReceivedBlock pooled) {
      link.channel().write(pooled.buffer()).addListener(new Sent(this, length, null));
    } else {
      var wrapper = Unpooled.wrappedBuffer(block.nio());
      link.channel().write(wrapper).addListener(new Sent(this, length, block));
    }
  }

  /**
   * Bytes of blocks that have left the channel, or never will.
   *
   * @param block to be released then, if the channel does not do that
   */
  private record Sent(LinkSender sender, int bytes, @Nullable Payload block)
      implements ChannelFutureListener {
    @Override
    public void operationComplete(ChannelFuture future) {
      if (block != null) {
        block.release();
      }
      if (future.isSuccess()) {
        sender.onSent(bytes);
      }
    }
  }

  private void onSent(int length) {
    outboundBytes -= length;
    if (link.isOpen() && length > 0) {
      unsentMark.sent(length, Loop.nowNanos());
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
