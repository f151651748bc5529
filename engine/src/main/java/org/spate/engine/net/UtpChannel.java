package org.spate.engine.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.AbstractChannel;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelMetadata;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultChannelConfig;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.spate.core.swarm.Route;

/**
 * A uTP connection as a channel, so that whatever speaks over TCP speaks over it alike: handshakes,
 * encryption, links. It lives on the loop of its torrent and exchanges bytes with {@link UtpDriver}
 * on the loop of the UDP port; nothing else is shared.
 */
final class UtpChannel extends AbstractChannel {
  /**
   * Bytes that the driver may hold and has not sent once: what queues there is overtaken by none.
   */
  static final int BACKLOG_BYTES_MAX = 128 << 10;

  private static final ChannelMetadata METADATA = new ChannelMetadata(false);

  private final UtpDriver driver;
  private final InetSocketAddress local;
  private final InetSocketAddress remote;
  private final ChannelConfig config = new DefaultChannelConfig(this);
  private final ChannelPromise connected = newPromise();

  // Filled by the driver, emptied here; a channel may change its loop in between.
  private final ConcurrentLinkedQueue<ByteBuf> inbox = new ConcurrentLinkedQueue<>();
  private final AtomicInteger taken = new AtomicInteger();
  private final AtomicBoolean isWoken = new AtomicBoolean();
  private volatile boolean isAttached; // to a loop, once
  private volatile boolean isUp;
  private volatile boolean isEnded;
  private volatile boolean isBroken;

  private volatile boolean isOpen = true;
  private int backlog;
  private boolean wantsRead;
  private boolean isReading;

  UtpChannel(
      UtpDriver driver,
      InetSocketAddress local,
      InetSocketAddress remote,
      boolean isUp,
      ByteBufAllocator allocator) {
    super(null);
    this.driver = driver;
    this.local = local;
    this.remote = remote;
    this.isUp = isUp;
    config.setAllocator(allocator);
    config.setRecvByteBufAllocator(new ReadSizes());
    if (isUp) {
      connected.setSuccess();
    } else {
      config.setAutoRead(false);
    }
  }

  /** What carries a link's bytes. */
  static Route.Transport transport(Channel channel) {
    return channel instanceof UtpChannel ? Route.Transport.UTP : Route.Transport.TCP;
  }

  /** Succeeds once the other side has answered. */
  ChannelFuture connected() {
    return connected;
  }

  // From the driver

  void arrived(ByteBuf bytes) {
    if (isOpen) {
      inbox.add(bytes);
    } else {
      bytes.release();
    }
  }

  /** So many bytes of the backlog have been sent. */
  void taken(int bytes) {
    taken.addAndGet(bytes);
  }

  void up() {
    isUp = true;
    wake();
  }

  /** Nothing more will come. */
  void ended() {
    isEnded = true;
    wake();
  }

  /** The connection is gone, with what is still on its way. */
  void broken() {
    isBroken = true;
    wake();
  }

  /** Has the channel look at what the driver left for it, on its own loop. */
  void wake() {
    if (isAttached && !eventLoop().isShuttingDown() && isWoken.compareAndSet(false, true)) {
      eventLoop().execute(this::look);
    }
  }

  private void look() {
    if (!eventLoop().inEventLoop()) {
      eventLoop().execute(this::look); // it has moved meanwhile
      return;
    }
    isWoken.set(false);
    if (isUp && !connected.isDone() && isOpen) {
      connected.setSuccess();
      pipeline().fireChannelActive();
    }
    int sent = taken.getAndSet(0);
    if (sent > 0 && isOpen) {
      backlog -= sent;
      ((Unsafe) unsafe()).resume();
    }
    read0();
    if (isBroken && isOpen) {
      connected.tryFailure(new IOException("no answer by uTP"));
      unsafe().close(unsafe().voidPromise());
    }
  }

  // Reading

  @Override
  protected void doBeginRead() {
    wantsRead = true;
    if (!isReading) {
      read0();
    }
  }

  private void read0() {
    if (isReading) {
      return;
    }
    isReading = true;
    int read = 0;
    try {
      while (wantsRead && isOpen) {
        var bytes = next();
        if (bytes == null) {
          if (isEnded && inbox.isEmpty()) {
            unsafe().close(unsafe().voidPromise());
          }
          break;
        }
        wantsRead = false;
        read += bytes.readableBytes();
        pipeline().fireChannelRead(bytes);
        pipeline().fireChannelReadComplete();
      }
    } finally {
      isReading = false;
    }
    if (read > 0 && isOpen) {
      driver.read(this, read);
    }
  }

  /** The next bytes, no more than a quantum under a rate limit. */
  private @Nullable ByteBuf next() {
    var bytes = inbox.peek();
    if (bytes == null) {
      return null;
    }
    int most = ReadSizes.of(this).bytesMax();
    if (bytes.readableBytes() > most) {
      return bytes.readRetainedSlice(most);
    }
    return inbox.poll();
  }

  // Writing

  @Override
  protected void doWrite(ChannelOutboundBuffer out) {
    var batch = new ArrayList<ByteBuf>();
    while (backlog < BACKLOG_BYTES_MAX && out.current() instanceof ByteBuf bytes) {
      int length = bytes.readableBytes();
      if (length > 0) {
        batch.add(bytes.retain());
        backlog += length;
      }
      out.progress(length);
      out.remove();
    }
    if (!batch.isEmpty()) {
      driver.write(this, batch);
    }
  }

  @Override
  protected Object filterOutboundMessage(Object message) {
    if (!(message instanceof ByteBuf)) {
      throw new UnsupportedOperationException(message.getClass().getName());
    }
    return message;
  }

  // Life

  @Override
  protected void doRegister(ChannelPromise registered) {
    isAttached = true;
    isWoken.set(true);
    eventLoop().execute(this::look);
    registered.setSuccess();
  }

  @Override
  protected void doClose() {
    isOpen = false;
    for (var bytes = inbox.poll(); bytes != null; bytes = inbox.poll()) {
      bytes.release();
    }
    connected.tryFailure(new IOException("closed"));
    driver.close(this);
  }

  @Override
  protected void doDisconnect() {
    doClose();
  }

  @Override
  protected void doBind(SocketAddress address) {
    throw new UnsupportedOperationException();
  }

  @Override
  protected boolean isCompatible(EventLoop loop) {
    return true;
  }

  @Override
  protected SocketAddress localAddress0() {
    return local;
  }

  @Override
  protected SocketAddress remoteAddress0() {
    return remote;
  }

  @Override
  public ChannelConfig config() {
    return config;
  }

  @Override
  public boolean isOpen() {
    return isOpen;
  }

  @Override
  public boolean isActive() {
    return isOpen && isUp;
  }

  @Override
  public ChannelMetadata metadata() {
    return METADATA;
  }

  @Override
  protected AbstractUnsafe newUnsafe() {
    return new Unsafe();
  }

  private final class Unsafe extends AbstractUnsafe {
    @Override
    public void connect(SocketAddress to, SocketAddress from, ChannelPromise promise) {
      promise.setFailure(new UnsupportedOperationException());
    }

    /** There is room for more of what waits to be written. */
    void resume() {
      flush0();
    }
  }
}
