package org.spate.tracker;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.FileDescriptor;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.spate.core.Endpoint;
import org.spate.core.tracker.Count;
import org.spate.core.tracker.HttpAnswer;

/**
 * Takes connections from a listening socket of Linux. Most clients of a tracker open one for each
 * announce and ask for its end in the same breath. Such a request is there before its connection is
 * accepted (TCP_DEFER_ACCEPT), is answered at once, and the answer leaves in one segment with the
 * end: four system calls, and nothing is registered or waited for. Every other connection goes to
 * the {@link HttpFront} with what has been read of it.
 */
final class HttpAcceptor implements EpollIoHandle {
  /** So many at most before the loop looks at its other sockets. */
  private static final int CONNECTIONS_PER_EVENT = 64;

  /** A longer request goes to the front. */
  private static final int REQUEST_BYTES_MAX = 1 << 12;

  /** A longer answer, too. */
  private static final int REPLY_BYTES_MAX = 1 << 13;

  private static final int NAME_BYTES = 32;
  private static final long MAPPED = 0xFFFF_0000_0000L;

  /** Where the request names no swarm it is for somebody else than the responder. */
  private static final String SWARM = "info_hash=";

  private static final int PAUSE_MILLIS = 100;

  private final BoundSocket socket;
  private final TrackerLoop loop;
  private final HttpFront front;
  private final LongSupplier clock;
  private final ByteBuffer name = ByteBuffer.allocateDirect(NAME_BYTES);
  private final ByteBuffer nameLength = LinuxSockets.memory(Integer.BYTES);
  private final ByteBuffer request = ByteBuffer.allocateDirect(REQUEST_BYTES_MAX);
  private final ByteBuffer reply = ByteBuffer.allocateDirect(REPLY_BYTES_MAX);
  private final ByteBuf in = Unpooled.wrappedBuffer(request);
  private final ByteBuf out = Unpooled.wrappedBuffer(reply);
  private final long nameAddress = LinuxSockets.addressOf(name);
  private final long nameLengthAddress = LinuxSockets.addressOf(nameLength);
  private final long requestAddress = LinuxSockets.addressOf(request);
  private final long replyAddress = LinuxSockets.addressOf(reply);
  private @Nullable IoRegistration registration;
  private boolean isClosed;

  HttpAcceptor(BoundSocket socket, TrackerLoop loop, HttpFront front, LongSupplier clock) {
    this.socket = socket;
    this.loop = loop;
    this.front = front;
    this.clock = clock;
  }

  void open() {
    registration = ((IoEventLoop) loop.loop).register(this).syncUninterruptibly().getNow();
    registration.submit(EpollIoOps.EPOLLIN);
  }

  @Override
  public FileDescriptor fd() {
    return new FileDescriptor(socket.fd());
  }

  @Override
  public void handle(IoRegistration registration, IoEvent event) {
    int taken = 0;
    while (taken < CONNECTIONS_PER_EVENT && !isClosed) {
      nameLength.putInt(0, NAME_BYTES);
      int fd = LinuxSockets.accept(socket.fd(), nameAddress, nameLengthAddress);
      if (fd < 0) {
        break;
      }
      take(fd);
      taken++;
    }
    if (taken == 0) {
      pause(registration);
    }
  }

  /** Something has come and cannot be taken: without descriptors one would try for ever. */
  private void pause(IoRegistration registration) {
    loop.logic.counters().add(Count.FAILED_CONNECTIONS);
    registration.submit(EpollIoOps.NONE);
    var _ =
        loop.loop.schedule(
            () -> {
              if (!isClosed && registration.isValid()) {
                registration.submit(EpollIoOps.EPOLLIN);
              }
            },
            PAUSE_MILLIS,
            TimeUnit.MILLISECONDS);
  }

  private void take(int fd) {
    int length = LinuxSockets.read(fd, requestAddress, REQUEST_BYTES_MAX);
    if (length == 0) {
      LinuxSockets.close(fd);
      return;
    }
    in.setIndex(0, Math.max(length, 0));
    if (length > 0 && isBrief()) {
      answer(fd, length);
    } else {
      handOver(fd, length);
    }
  }

  /** Whether it is one whole request, after which the client expects no more than the answer. */
  private boolean isBrief() {
    var head = loop.head;
    return head.read(in, 0) == HttpHead.Outcome.COMPLETE
        && !in.isReadable()
        && head.isGetOrHead()
        && !head.isKeptAlive()
        && !head.hasBody()
        && !head.isWebSocket()
        && head.target().contains(SWARM);
  }

  private void answer(int fd, int length) {
    var head = loop.head;
    var asker = loop.proxies.source(source(), head.forwardedFor());
    var ending = new Ending(fd, head.isHead());
    loop.http.answer(head.target(), asker, clock.getAsLong(), ending);
    if (ending.isFullScrape) {
      handOver(fd, length);
    } else if (!ending.isOver) {
      ending.await(asker);
    }
  }

  private Endpoint source() {
    int port = name.getShort(2) & 0xFFFF;
    return socket.v6()
        ? new Endpoint(name.getLong(8), name.getLong(16), port)
        : new Endpoint(0, MAPPED | Integer.toUnsignedLong(name.getInt(4)), port);
  }

  /** The end of one connection, with the answer that it is for. */
  private final class Ending implements Consumer<HttpAnswer> {
    private final int fd;
    private final boolean isHead;
    private @Nullable Endpoint waiting;
    private boolean isFullScrape;
    private boolean isOver;

    Ending(int fd, boolean isHead) {
      this.fd = fd;
      this.isHead = isHead;
    }

    /** The answer comes later, from another loop or a store elsewhere. */
    void await(Endpoint asker) {
      if (front.slots().take(asker) == ConnectionSlots.Admission.ADMITTED) {
        waiting = asker;
      } else {
        loop.logic.counters().add(Count.REFUSED_HTTP_TOO_MANY_CONNECTIONS);
        isOver = true;
        LinuxSockets.close(fd);
      }
    }

    @Override
    public void accept(HttpAnswer answer) {
      if (answer.isFullScrape()) {
        isFullScrape = true;
      } else if (!isOver) {
        isOver = true;
        end(fd, answer, isHead);
      }
      if (waiting != null) {
        front.slots().giveBack(waiting);
        waiting = null;
      }
    }
  }

  private void end(int fd, HttpAnswer answer, boolean isHead) {
    int length = HttpReply.HEAD_BYTES_MAX + answer.body().length;
    if (length > REPLY_BYTES_MAX) {
      sendSlowly(fd, answer, isHead);
      return;
    }
    out.setIndex(0, 0);
    HttpReply.write(answer, isHead, HttpReply.Then.CLOSE, out);
    // A fresh socket has room for it; if not, the client is gone.
    var _ = LinuxSockets.sendLast(fd, replyAddress, out.writerIndex());
    LinuxSockets.close(fd);
  }

  /** More than the socket may have room for. */
  private void sendSlowly(int fd, HttpAnswer answer, boolean isHead) {
    var channel = new EpollSocketChannel(fd);
    loop.loop.register(channel);
    var bytes = channel.alloc().ioBuffer(HttpReply.HEAD_BYTES_MAX + answer.body().length);
    HttpReply.write(answer, isHead, HttpReply.Then.CLOSE, bytes);
    channel.writeAndFlush(bytes).addListener(ChannelFutureListener.CLOSE);
  }

  /** What was read is told once the connection has its handlers, and before anything further. */
  private void handOver(int fd, int length) {
    var bytes = length > 0 ? Unpooled.copiedBuffer(in.setIndex(0, length)) : Unpooled.EMPTY_BUFFER;
    var channel = front.take(fd, loop.loop);
    loop.loop.execute(
        () -> {
          if (length > 0 && channel.isOpen()) {
            channel.pipeline().fireChannelRead(bytes).fireChannelReadComplete();
          } else {
            bytes.release();
          }
        });
  }

  /** Ends it on its loop, and returns when the port is free. */
  void shut() {
    loop.loop.submit(this::close).awaitUninterruptibly();
  }

  @Override
  public void close() {
    if (isClosed) {
      return;
    }
    isClosed = true;
    if (registration != null && registration.isValid()) {
      registration.cancel();
    }
    socket.close();
  }
}
