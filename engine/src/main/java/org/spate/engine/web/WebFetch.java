package org.spate.engine.web;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.spate.core.webseed.WebRange;
import org.spate.core.wire.PeerMessage;
import org.spate.engine.net.ReceivedBlock;

/**
 * Blocks in a row that are fetched together, cut from the bytes of one response after the other.
 * Each is handed on as soon as it is whole.
 */
final class WebFetch {
  private final List<PeerMessage.Request> blocks;
  private final ArrayDeque<WebRange> ranges;
  private final ByteBufAllocator allocator;
  private final Consumer<PeerMessage.Piece> onBlock;
  private @Nullable ByteBuf block;
  private int delivered;
  private int left; // of the present range

  WebFetch(
      List<PeerMessage.Request> blocks,
      List<WebRange> ranges,
      ByteBufAllocator allocator,
      Consumer<PeerMessage.Piece> onBlock) {
    this.blocks = blocks;
    this.ranges = new ArrayDeque<>(ranges);
    this.allocator = allocator;
    this.onBlock = onBlock;
  }

  /** The next range to ask a server for, padding before it filled in; null at the end. */
  @Nullable WebRange next() {
    for (var range = ranges.peek(); range != null; range = ranges.peek()) {
      if (range.target() != null) {
        left = range.length();
        return range;
      }
      ranges.remove();
      for (int zeros = range.length(); zeros > 0; ) {
        var target = target();
        int count = Math.min(zeros, target.writableBytes());
        target.writeZero(count);
        zeros -= count;
        deliverIfWhole(target);
      }
    }
    return null;
  }

  /** Takes bytes of the present range; false if there are more than it has. */
  boolean accept(ByteBuf bytes) {
    if (bytes.readableBytes() > left) {
      return false;
    }
    left -= bytes.readableBytes();
    while (bytes.isReadable()) {
      var target = target();
      target.writeBytes(bytes, Math.min(bytes.readableBytes(), target.writableBytes()));
      deliverIfWhole(target);
    }
    return true;
  }

  /** The response has ended; false if the range has not. */
  boolean endRange() {
    if (left > 0) {
      return false;
    }
    ranges.remove();
    return true;
  }

  private ByteBuf target() {
    var open = block;
    if (open == null) {
      int length = blocks.get(delivered).length();
      open = allocator.directBuffer(length, length);
      block = open;
    }
    return open;
  }

  private void deliverIfWhole(ByteBuf target) {
    if (!target.isWritable()) {
      var request = blocks.get(delivered++);
      block = null;
      onBlock.accept(
          new PeerMessage.Piece(request.index(), request.begin(), ReceivedBlock.of(target)));
    }
  }

  /** The blocks that have not come; nothing more will be delivered. */
  List<PeerMessage.Request> abandon() {
    if (block != null) {
      block.release();
      block = null;
    }
    ranges.clear();
    return new ArrayList<>(blocks.subList(delivered, blocks.size()));
  }

  /** Whether anything has been delivered or received of it. */
  boolean hasBegun() {
    return delivered > 0 || block != null;
  }
}
