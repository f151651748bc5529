package org.spate.engine.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.unix.Errors.NativeIoException;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.netty.channel.unix.SegmentedDatagramPacket;
import io.netty.util.concurrent.Future;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;
import org.spate.core.Endpoint;

/**
 * The one UDP port of a session, which the DHT and uTP share. Without a bound address its socket
 * takes both families, as the relay of a proxy does. A datagram that begins with {@code d} is a
 * bencoded dictionary and goes to the DHT (BEP 5); one of version 1 in the low half of its first
 * byte is uTP's (BEP 29); everything else is dropped.
 */
public final class UdpPort {
  /** Longer datagrams are cut, and then make no sense to anybody. */
  public static final int DATAGRAM_BYTES_MAX = 2_048;

  private static final int DATAGRAMS_PER_READ = 16;

  /** Most packets that one system call may hand over as one (UDP_SEGMENT, UDP_GRO). */
  static final int SEGMENTS_MAX = 44;

  /**
   * Room for what the kernel has put together from datagrams of one length and sender. Such runs
   * are read one in each system call: Netty cannot take them apart where it reads several.
   */
  private static final int RUN_BYTES_MAX = 64 << 10;

  /** What we would like the kernel to hold, each way; it gives as much as it may. */
  private static final int BUFFER_BYTES = 4 << 20;

  /**
   * Of what the kernel counts against its buffer so much is payload: it counts its own structures,
   * too, and reports twice of what was asked for.
   */
  private static final int BUFFER_SHARE = 3;

  /** How a kernel or a device says that it cannot cut runs. */
  private static final int EINVAL = 22;

  private static final int EIO = 5;

  private static final int IP_MTU_DISCOVER = 10;
  private static final int IPV6_MTU_DISCOVER = 23;
  private static final int IPPROTO_IPV6 = 41;

  /** Never fragments, never believes an old finding: who sends finds out what the path carries. */
  private static final int PMTUDISC_PROBE = 3;

  /** Datagrams that are read before what is due to all of them is sent. */
  private static final int DATAGRAMS_PER_ROUND = 64;

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

    /** The kernel takes datagrams again. */
    default void writable(long nowNanos) {}
  }

  private final Transport transport;
  private final Loop loop;
  private volatile Receiver dht = NOBODY;
  private volatile Receiver utp = NOBODY;
  private volatile @Nullable Channel socket; // for both families, or the only one
  private volatile @Nullable Channel second; // for IPv6 if each has an address of its own
  private volatile boolean canSegment;

  UdpPort(Transport transport) {
    this.transport = transport;
    this.loop = transport.nextLoop();
  }

  /**
   * Opens the socket, or two of one number where we are bound to an address of each family.
   *
   * @return false, and nothing has changed, if the number is not to be had
   */
  boolean open(int number) {
    var sources = transport.binding().sources();
    var first = bind(sources.getFirst(), number);
    if (first == null) {
      return false;
    }
    if (sources.size() > 1) {
      int same = ((InetSocketAddress) first.localAddress()).getPort();
      var other = bind(sources.getLast(), same);
      if (other == null) {
        first.close();
        return false;
      }
      second = other;
    }
    socket = first;
    return true;
  }

  private @Nullable Channel bind(InetAddress address, int number) {
    var proxy = transport.proxy();
    if (proxy != null && !proxy.carriesDatagrams()) {
      return null;
    }
    var bootstrap = transport.datagram(loop).handler(pipeline(proxy));
    boolean epoll = transport.isEpoll();
    bootstrap.option(ChannelOption.SO_RCVBUF, BUFFER_BYTES);
    bootstrap.option(ChannelOption.SO_SNDBUF, BUFFER_BYTES);
    canSegment = epoll && proxy == null; // each has a header of its own for the relay
    int bytes = canSegment ? RUN_BYTES_MAX : DATAGRAM_BYTES_MAX;
    if (epoll) {
      bootstrap.option(EpollChannelOption.MAX_DATAGRAM_PAYLOAD_SIZE, bytes);
      bootstrap.option(EpollChannelOption.UDP_GRO, canSegment);
      bootstrap.option(PATH_MTU_V4, PMTUDISC_PROBE);
      bytes *= canSegment ? 1 : DATAGRAMS_PER_READ;
    }
    var sizes = new FixedRecvByteBufAllocator(bytes).maxMessagesPerRead(DATAGRAMS_PER_ROUND);
    bootstrap.option(ChannelOption.RECVBUF_ALLOCATOR, sizes);
    // Behind a relay the number means nothing to anybody.
    var local = new InetSocketAddress(address, proxy == null ? number : 0);
    var bound = bootstrap.bind(local).awaitUninterruptibly();
    if (bound.isSuccess() && epoll) {
      bound.channel().config().setOption(PATH_MTU_V6, PMTUDISC_PROBE);
    }
    return bound.isSuccess() ? bound.channel() : null;
  }

  private ChannelHandler pipeline(@Nullable Proxy proxy) {
    return new ChannelInitializer<>() {
      @Override
      protected void initChannel(Channel channel) {
        if (proxy != null) {
          channel.pipeline().addLast(proxy.tunnel(transport));
        }
        channel.pipeline().addLast(new Demultiplexer());
      }
    };
  }

  private static final ChannelOption<Integer> PATH_MTU_V4 =
      new IntegerUnixChannelOption("IP_MTU_DISCOVER", 0, IP_MTU_DISCOVER);

  private static final ChannelOption<Integer> PATH_MTU_V6 =
      new IntegerUnixChannelOption("IPV6_MTU_DISCOVER", IPPROTO_IPV6, IPV6_MTU_DISCOVER);

  public boolean isOpen() {
    var proxy = transport.proxy();
    return socket != null && (proxy == null || proxy.carriesDatagrams());
  }

  /** Whether datagrams go through a proxy, which resolves names. */
  public boolean isProxied() {
    return transport.proxy() != null;
  }

  /** The port's number; 0 before it is open, and where only a proxy's relay knows it. */
  public int number() {
    var channel = socket;
    return channel == null || isProxied()
        ? 0
        : ((InetSocketAddress) channel.localAddress()).getPort();
  }

  /** Whether datagrams of a family can be sent and received. */
  public boolean carries(boolean v6) {
    var channel = socket;
    if (channel == null || second != null || isProxied()) {
      return isOpen();
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

  private @Nullable Channel socketTo(InetSocketAddress to) {
    var other = second;
    return other != null && to.getAddress() instanceof Inet6Address ? other : socket;
  }

  /** Puts a datagram in line; it leaves with the next {@link #flush}. Takes over the buffer. */
  public void write(Endpoint to, ByteBuf datagram) {
    write(new DatagramPacket(datagram, Addresses.socketAddress(to)));
  }

  /** The same to a host whose name a proxy resolves. */
  public void write(String host, int port, ByteBuf datagram) {
    write(new DatagramPacket(datagram, InetSocketAddress.createUnresolved(host, port)));
  }

  /** The same for a datagram with its address. */
  void write(DatagramPacket datagram) {
    var channel = socketTo(datagram.recipient());
    if (channel == null) {
      datagram.release();
    } else {
      channel.write(datagram, channel.voidPromise());
    }
  }

  /** Whether many datagrams may be handed over as one. */
  boolean canSegment() {
    return canSegment;
  }

  /** Datagrams of one length one behind the other, only the last of which may be shorter. */
  void writeSegmented(ByteBuf run, int segmentBytes, InetSocketAddress to) {
    var channel = socketTo(to);
    if (channel == null) {
      run.release();
      return;
    }
    channel.write(new SegmentedDatagramPacket(run, segmentBytes, to)).addListener(this::onRunSent);
  }

  private void onRunSent(Future<? super Void> sent) {
    boolean isUnable =
        switch (sent.cause()) {
          case NativeIoException e -> e.expectedErr() == -EINVAL || e.expectedErr() == -EIO;
          case UnsupportedOperationException _ -> true;
          case null, default -> false;
        };
    if (isUnable) {
      canSegment = false; // what was lost goes again, one by one
    }
  }

  /** Whether the kernel has taken what was flushed. */
  boolean isWritable() {
    return isWritable(socket) && isWritable(second);
  }

  private static boolean isWritable(@Nullable Channel channel) {
    return channel == null || channel.isWritable();
  }

  /** Bytes of payload that the kernel holds until they are read. */
  int receiveBufferBytes() {
    var channel = socket;
    return channel instanceof DatagramChannel datagrams
        ? Math.max(1, datagrams.config().getReceiveBufferSize() / BUFFER_SHARE)
        : 1;
  }

  /** What a connection there has at this end. */
  InetSocketAddress local(InetSocketAddress remote) {
    var channel = socketTo(remote);
    return channel == null ? new InetSocketAddress(0) : (InetSocketAddress) channel.localAddress();
  }

  /** Sends what is in line, many datagrams in one system call where the platform can. */
  public void flush() {
    flush(socket);
    flush(second);
  }

  private static void flush(@Nullable Channel channel) {
    if (channel != null) {
      channel.flush();
    }
  }

  void close() {
    close(socket);
    close(second);
  }

  private static void close(@Nullable Channel channel) {
    if (channel != null) {
      channel.close();
    }
  }

  /** Tells whose a datagram is by its first byte. */
  private final class Demultiplexer extends SimpleChannelInboundHandler<DatagramPacket> {
    private @Nullable InetSocketAddress lastSender;
    private Endpoint last = Endpoint.v4(0, 0);

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, DatagramPacket packet) {
      var content = packet.content();
      if (!content.isReadable()
          || packet.sender().getPort() == 0
          || packet.sender().isUnresolved()) {
        return;
      }
      if (!packet.sender().equals(lastSender)) {
        lastSender = packet.sender();
        last = Addresses.endpoint(lastSender);
      }
      byte first = content.getByte(content.readerIndex());
      if (first == 'd') {
        dht.received(last, content, Loop.nowNanos());
      } else if ((first & VERSION_MASK) == UTP_VERSION) {
        utp.received(last, content, Loop.nowNanos());
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
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
      if (ctx.channel().isWritable()) {
        utp.writable(Loop.nowNanos());
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      // A port that nobody listens on may show here; the senders' own timers deal with it.
    }
  }
}
