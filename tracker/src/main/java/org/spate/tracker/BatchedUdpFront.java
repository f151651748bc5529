package org.spate.tracker;

import io.netty.channel.EventLoop;
import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import java.nio.ByteBuffer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.spate.core.Endpoint;
import org.spate.core.tracker.ConnectionIds;
import org.spate.core.tracker.Count;
import org.spate.core.tracker.TrackerLogic;
import org.spate.core.tracker.UdpResponder;

/**
 * Carries datagrams between a socket of Linux and the {@link UdpResponder}, a batch with each
 * system call. Its socket hangs in the epoll of the event loop that owns the swarms, so no datagram
 * passes from one thread to another.
 */
final class BatchedUdpFront implements EpollIoHandle, UdpFront {
  /** So many batches at most before the loop looks at its other sockets. */
  private static final int BATCHES_PER_EVENT = 16;

  /** Fewer datagrams are not worth a look ahead. */
  private static final int LOOK_AHEAD_MIN = 4;

  private final BoundSocket socket;
  private final EventLoop loop;
  private final TrackerLogic logic;
  private final LongSupplier clock;
  private final UdpResponder responder;
  private final DatagramBatch batch;
  private @Nullable IoRegistration registration;
  private boolean isBusy;
  private boolean isClosed;

  BatchedUdpFront(
      BoundSocket socket,
      EventLoop loop,
      TrackerLogic logic,
      ConnectionIds connectionIds,
      LongSupplier clock) {
    this.socket = socket;
    this.loop = loop;
    this.logic = logic;
    this.clock = clock;
    responder = new UdpResponder(logic, connectionIds, this::send);
    batch = new DatagramBatch(socket.v6());
  }

  @Override
  public void open() {
    registration = ((IoEventLoop) loop).register(this).syncUninterruptibly().getNow();
    registration.submit(EpollIoOps.EPOLLIN);
  }

  @Override
  public FileDescriptor fd() {
    return new FileDescriptor(socket.fd());
  }

  @Override
  public void handle(IoRegistration registration, IoEvent event) {
    isBusy = true;
    for (int i = 0; i < BATCHES_PER_EVENT; i++) {
      int count = isClosed ? 0 : batch.receive(socket.fd());
      if (count > 0) {
        answer(count);
      }
      if (count < DatagramBatch.SIZE) {
        break;
      }
    }
    isBusy = false;
  }

  /** The time is read once for a batch. */
  private void answer(int count) {
    long nowNanos = clock.getAsLong();
    if (count >= LOOK_AHEAD_MIN) {
      for (int i = 0; i < count; i++) {
        batch.turnTo(i);
        responder.note(batch.exchange);
      }
      responder.expectNoted();
    }
    for (int i = 0; i < count; i++) {
      batch.turnTo(i);
      int length = responder.answer(batch.exchange, nowNanos);
      if (length != UdpResponder.NOTHING) {
        batch.answer(i, length);
      }
    }
    countLost(batch.flush(socket.fd()));
  }

  /** A socket that does not keep up loses answers, which clients ask for again. */
  private void countLost(int lost) {
    if (lost > 0) {
      logic.counters().add(Count.REFUSED_UDP_OVERLOAD, lost);
    }
  }

  /** An answer of a store that is elsewhere. */
  private void send(ByteBuffer answer, int length, Endpoint to) {
    if (isBusy) {
      loop.execute(() -> send(answer, length, to));
    } else if (!isClosed) {
      countLost(batch.send(socket.fd(), answer, length, to) ? 0 : 1);
    }
  }

  /** Ends it on its loop, and returns when the port is free. */
  @Override
  public void shut() {
    loop.submit(this::close).awaitUninterruptibly();
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
