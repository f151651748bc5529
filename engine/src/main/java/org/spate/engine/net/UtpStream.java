package org.spate.engine.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * One uTP connection on the loop of the UDP port: its bytes on their way out and in. Its channel
 * lives on the loop of a torrent; what goes there goes in batches.
 */
final class UtpStream {
  private static final int INBOX_BYTES_MIN = 2 << 10;
  private static final int INBOX_BYTES_MAX = 64 << 10;

  /** The channel hears no more often than this that there is room again. */
  private static final int TAKEN_BYTES_MIN = UtpChannel.BACKLOG_BYTES_MAX / 4;

  final int number;
  final InetSocketAddress remote;
  final UtpChannel channel;
  final SendStore store = new SendStore();
  boolean isListed; // among those that have something to tell
  private final ByteBufAllocator allocator;
  private @Nullable ByteBuf inbox;
  private int inboxBytes = INBOX_BYTES_MIN;
  private long sent;
  private long written;
  private long toldSent;

  UtpStream(int number, InetSocketAddress remote, UtpChannel channel, ByteBufAllocator allocator) {
    this.number = number;
    this.remote = remote;
    this.channel = channel;
    this.allocator = allocator;
  }

  void write(ByteBuf bytes) {
    written += bytes.readableBytes();
    store.add(bytes);
  }

  /** A part of the stream leaves, for the first time or again. */
  void onTransmit(long offset, int length) {
    sent = Math.max(sent, offset + length);
  }

  /** The next bytes of the other side; copied. */
  void append(ByteBuf datagram, int index, int length) {
    if (inbox != null && inbox.writableBytes() < length) {
      handOver();
      inboxBytes = INBOX_BYTES_MAX;
    }
    if (inbox == null) {
      int bytes = Math.max(inboxBytes, length);
      inbox = allocator.directBuffer(bytes, bytes);
    }
    inbox.writeBytes(datagram, index, length);
  }

  private void handOver() {
    if (inbox != null) {
      if (inbox.writerIndex() < inbox.capacity() / 4) {
        inboxBytes = Math.max(INBOX_BYTES_MIN, inboxBytes / 2);
      }
      channel.arrived(inbox);
      inbox = null;
    }
  }

  /** Tells the channel what has come and what has gone. */
  void tell() {
    handOver();
    if (sent - toldSent >= TAKEN_BYTES_MIN || (sent == written && sent > toldSent)) {
      channel.taken((int) (sent - toldSent));
      toldSent = sent;
    }
    channel.wake();
  }

  void release() {
    store.releaseAll();
    if (inbox != null) {
      inbox.release();
      inbox = null;
    }
  }
}
