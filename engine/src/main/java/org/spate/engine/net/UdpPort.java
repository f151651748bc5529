package org.spate.engine.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.socket.DatagramPacket;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;
import org.spate.core.Endpoint;

/**
 * The one UDP port of a session, which the DHT and uTP share. Without a bound address its socket
 * takes both families. A datagram that begins with {@code d} is a bencoded dictionary and goes to
 * the DHT (BEP 5); one of version 1 in the low half of its first byte is uTP's (BEP 29); everything
 * else is dropped.
 */
public final class UdpPort {
  /** Longer datagrams are cut, and then make no sense to anybody. */
  public static final int DATAGRAM_BYTES_MAX = 2_048;

  private static final int DATAGRAMS_PER_READ = 16;
  private static final int UTP_VERSION = 1;
  private static final int VERSION_MASK = 0x0F;

  private static final Receiver NOBODY = (_, _, _) -> {};

  /** Who takes one kind of datagram. Called on the port's loop. */
  @FunctionalInterface
  public interface Receiver {

    /** One datagram; the buffer is valid only until this returns. */
    void received(Endpoint from, ByteBuf datagram, long nowNanos);

    /** What was there to read has been read: the time to answer all of it at once. */
    default void drained(long nowNanos) {}
  }

  private final Transport transport;
  private final Loop loop;
  private volatile Receiver dht = NOBODY;
  private volatile Receiver utp = NOBODY;
  private volatile @Nullable Channel socket;

  UdpPort(Transport transport) {
    this.transport = transport;
    this.loop = transport.nextLoop();
  }

  /**
   * Opens the socket.
   *
   * @return false, and nothing has changed, if the address is not to be had
   */
  boolean open(InetSocketAddress address) {
    var bootstrap = transport.datagram(loop).handler(new Demultiplexer());
    boolean epoll = transport.isEpoll();
    if (epoll) {
      bootstrap.option(EpollChannelOption.MAX_DATAGRAM_PAYLOAD_SIZE, DATAGRAM_BYTES_MAX);
    }
    int bytes = epoll ? DATAGRAM_BYTES_MAX * DATAGRAMS_PER_READ : DATAGRAM_BYTES_MAX;
    bootstrap.option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(bytes));
    var bound = bootstrap.bind(address).awaitUninterruptibly();
    if (bound.isSuccess()) {
      socket = bound.channel();
    }
    return bound.isSuccess();
  }

  public boolean isOpen() {
    return socket != null;
  }

  /** The port's number; 0 before it is open. */
  public int number() {
    var channel = socket;
    return channel == null ? 0 : ((InetSocketAddress) channel.localAddress()).getPort();
  }

  /** Whether datagrams of a family can be sent and received. */
  public boolean carries(boolean v6) {
    var channel = socket;
    if (channel == null) {
      return false;
    }
    var local = ((InetSocketAddress) channel.localAddress()).getAddress();
    // An unbound socket of IPv6 takes IPv4 as well; one that is bound has the family of its
    // address.
    return local.isAnyLocalAddress()
        ? !v6 || !(local instanceof Inet4Address)
        : local instanceof Inet4Address != v6;
  }

  /** The loop that receives; sending is free to every thread. */
  public Loop loop() {
    return loop;
  }

  /** Who takes the datagrams of the DHT from now on. */
  public void onDht(Receiver receiver) {
    dht = receiver;
  }

  /** Who takes the datagrams of uTP from now on. */
  public void onUtp(Receiver receiver) {
    utp = receiver;
  }

  public ByteBufAllocator allocator() {
    return transport.allocator();
  }

  /** Puts a datagram in line; it leaves with the next {@link #flush}. Takes over the buffer. */
  public void write(Endpoint to, ByteBuf datagram) {
    var channel = socket;
    if (channel == null) {
      datagram.release();
      return;
    }
    channel.write(new DatagramPacket(datagram, Addresses.socketAddress(to)), channel.voidPromise());
  }

  /** Sends what is in line, many datagrams in one system call where the platform can. */
  public void flush() {
    var channel = socket;
    if (channel != null) {
      channel.flush();
    }
  }

  void close() {
    var channel = socket;
    if (channel != null) {
      channel.close();
    }
  }

  /** Tells whose a datagram is by its first byte. */
  private final class Demultiplexer extends SimpleChannelInboundHandler<DatagramPacket> {
    @Override
    protected void channelRead0(ChannelHandlerContext ctx, DatagramPacket packet) {
      var content = packet.content();
      if (!content.isReadable() || packet.sender().getPort() == 0) {
        return;
      }
      byte first = content.getByte(content.readerIndex());
      if (first == 'd') {
        dht.received(Addresses.endpoint(packet.sender()), content, Loop.nowNanos());
      } else if ((first & VERSION_MASK) == UTP_VERSION) {
        utp.received(Addresses.endpoint(packet.sender()), content, Loop.nowNanos());
      }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
      long now = Loop.nowNanos();
      dht.drained(now);
      utp.drained(now);
      flush();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      // A port that nobody listens on may show here; the senders' own timers deal with it.
    }
  }
}
