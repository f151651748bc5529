package org.spate.engine.tracker;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DatagramPacket;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.spate.core.announce.AnnounceRequest;
import org.spate.core.announce.TrackerFailure;
import org.spate.core.announce.TrackerResponse;
import org.spate.core.announce.TrackerUrl;
import org.spate.core.announce.UdpExchangeOutput;
import org.spate.core.announce.UdpTrackerExchange;
import org.spate.engine.net.Deadline;
import org.spate.engine.net.Loop;
import org.spate.engine.net.Network;

/** The UDP trackers (BEP 15) of one loop, behind a socket that is opened when first needed. */
final class UdpTrackers {
  /** Longer than any answer we keep: 20 bytes and 18 for each of 500 peers. */
  private static final int DATAGRAM_BYTES_MAX = 9_216;

  private static final int EXCHANGES_MAX = 1_000;

  static final String NO_RELAY = "the proxy carries no UDP";

  private final Network network;
  private final Loop loop;
  private final SecureRandom random = new SecureRandom();
  private final Map<InetSocketAddress, Exchange> exchanges = new HashMap<>();
  private final Map<InetAddress, Socket> sockets = new HashMap<>();

  UdpTrackers(Network network, Loop loop) {
    this.network = network;
    this.loop = loop;
  }

  /** A null address is one that only a proxy knows. */
  void announce(
      TrackerUrl url,
      @Nullable InetAddress address,
      AnnounceRequest request,
      Consumer<TrackerResponse> answer) {
    loop.assertCurrent();
    var remote =
        address == null
            ? InetSocketAddress.createUnresolved(url.host(), url.port())
            : new InetSocketAddress(address, url.port());
    var exchange = exchanges.get(remote);
    if (exchange == null) {
      if (exchanges.size() >= EXCHANGES_MAX) {
        exchanges.values().removeIf(Exchange::isIdle);
      }
      exchange = new Exchange(remote);
      exchanges.put(remote, exchange);
    }
    exchange.announce(request, url.target(), answer);
  }

  /** The exchange with one tracker, and who waits for its answers. */
  private final class Exchange {
    private final InetSocketAddress remote;
    private final UdpTrackerExchange machine;
    private final Deadline deadline;
    private final Map<Integer, Consumer<TrackerResponse>> waiting = new HashMap<>();

    Exchange(InetSocketAddress remote) {
      this.remote = remote;
      this.machine = new UdpTrackerExchange(UdpTrackerExchange.TIMEOUT_NANOS, random);
      this.deadline = loop.deadline(this::advance);
    }

    boolean isIdle() {
      return waiting.isEmpty();
    }

    void announce(AnnounceRequest request, String urlData, Consumer<TrackerResponse> answer) {
      long now = Loop.nowNanos();
      waiting.put(machine.announce(request, urlData, now), answer);
      carryOut(now);
    }

    void received(byte[] packet, boolean v6) {
      long now = Loop.nowNanos();
      machine.received(packet, packet.length, v6, now);
      carryOut(now);
    }

    private void advance() {
      long now = Loop.nowNanos();
      machine.advance(now);
      carryOut(now);
    }

    private void carryOut(long nowNanos) {
      for (var output = machine.poll(); output != null; output = machine.poll()) {
        switch (output) {
          case UdpExchangeOutput.SendDatagram(byte[] packet) ->
              send(new DatagramPacket(Unpooled.wrappedBuffer(packet), remote));
          case UdpExchangeOutput.Answered(int ticket, var response) -> {
            var answer = waiting.remove(ticket);
            if (answer != null) {
              loop.execute(() -> answer.accept(response));
            }
          }
        }
      }
      deadline.set(machine.deadlineNanos(), nowNanos);
    }

    void failAll(String reason) {
      for (var answer : waiting.values()) {
        loop.execute(() -> answer.accept(TrackerFailure.of(reason)));
      }
      waiting.clear();
      deadline.cancel();
    }
  }

  private void send(DatagramPacket packet) {
    var local = network.binding().sources();
    boolean v6 = packet.recipient().getAddress() instanceof Inet6Address;
    var from = v6 ? local.getLast() : local.getFirst();
    sockets.computeIfAbsent(from, Socket::new).send(packet);
  }

  private void failAll(String reason) {
    exchanges.values().forEach(exchange -> exchange.failAll(reason));
    exchanges.clear();
  }

  /** The socket at a local address, which is bound when it is first needed. */
  private final class Socket {
    private final InetAddress local;
    private final ArrayDeque<DatagramPacket> beforeBind = new ArrayDeque<>();
    private @Nullable Channel channel;

    Socket(InetAddress local) {
      this.local = local;
      var sizes = new FixedRecvByteBufAllocator(DATAGRAM_BYTES_MAX);
      network
          .transport()
          .datagram(loop)
          .option(ChannelOption.RECVBUF_ALLOCATOR, sizes)
          .handler(pipeline(this))
          .bind(new InetSocketAddress(local, 0))
          .addListener((ChannelFuture future) -> onBound(future));
    }

    void send(DatagramPacket packet) {
      if (channel == null) {
        beforeBind.add(packet);
      } else {
        channel.writeAndFlush(packet);
      }
    }

    private void onBound(ChannelFuture future) {
      if (future.isSuccess()) {
        channel = future.channel();
        beforeBind.forEach(channel::write);
        channel.flush();
      } else {
        beforeBind.forEach(DatagramPacket::release);
        sockets.remove(local);
        failAll(HttpExchange.reason(future.cause()));
      }
      beforeBind.clear();
    }
  }

  private ChannelHandler pipeline(Socket socket) {
    return new ChannelInitializer<>() {
      @Override
      protected void initChannel(Channel channel) {
        var transport = network.transport();
        var proxy = transport.proxy();
        if (proxy != null) {
          channel.pipeline().addLast(proxy.tunnel(transport));
        }
        channel.pipeline().addLast(new Receiver(socket.local));
      }
    };
  }

  /** What comes from anybody but a tracker that we asked is dropped. */
  private final class Receiver extends SimpleChannelInboundHandler<DatagramPacket> {
    private final InetAddress local;

    Receiver(InetAddress local) {
      this.local = local;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, DatagramPacket packet) {
      var sender = packet.sender();
      var bytes = new byte[packet.content().readableBytes()];
      packet.content().readBytes(bytes);
      boolean v6 = sender.getAddress() instanceof Inet6Address;
      var exchange = exchanges.get(sender);
      if (exchange != null) {
        exchange.received(bytes, v6);
        return;
      }
      // A proxy has resolved the name of who answers here; the transaction's id says whose it is.
      for (var named : List.copyOf(exchanges.values())) {
        if (named.remote.isUnresolved() && named.remote.getPort() == sender.getPort()) {
          named.received(bytes, v6);
        }
      }
    }

    /** The session ends, or its proxy turns out to have no relay. */
    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      sockets.remove(local);
      failAll(NO_RELAY);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      // A port that nobody listens on shows here; the exchange's own timer deals with it.
    }
  }
}
