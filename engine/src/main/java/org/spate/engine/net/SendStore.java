package org.spate.engine.net;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a stream from the oldest that may have to be sent again. Buffers stay as they were
 * handed in; a packet's part is copied out of them once, into the datagram between headers.
 */
final class SendStore {

  private static final class Node {
    final ByteBuf bytes;
    final long begin;
    final long end;
    @Nullable Node next;

    Node(ByteBuf bytes, long begin) {
      this.bytes = bytes;
      this.begin = begin;
      this.end = begin + bytes.readableBytes();
    }
  }

  private @Nullable Node first;
  private @Nullable Node last;
  private @Nullable Node cursor; // where the part after the last one begins, most likely
  private long end;

  /** Takes over the next bytes. */
  void add(ByteBuf bytes) {
    var node = new Node(bytes, end);
    end = node.end;
    if (last == null) {
      first = node;
    } else {
      last.next = node;
    }
    last = node;
  }

  /** Copies a part that has been added and not been released. */
  void copy(long offset, int length, ByteBuf target) {
    var node = cursor != null && cursor.begin <= offset ? cursor : first;
    long at = offset;
    long until = offset + length;
    while (at < until) {
      if (node == null) {
        throw new IndexOutOfBoundsException("bytes " + at + " of a stream are not there");
      }
      if (at < node.end) {
        int index = node.bytes.readerIndex() + (int) (at - node.begin);
        int count = (int) (Math.min(until, node.end) - at);
        target.writeBytes(node.bytes, index, count);
        at += count;
        cursor = node;
      }
      node = at < until ? node.next : node;
    }
  }

  /** Everything before this place has arrived. */
  void release(long offset) {
    while (first != null && first.end <= offset) {
      var gone = first;
      first = gone.next;
      last = first == null ? null : last;
      cursor = cursor == gone ? first : cursor;
      gone.bytes.release();
    }
  }

  void releaseAll() {
    release(end);
  }
}
