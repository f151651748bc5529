package org.spate.engine.portmap;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DatagramPacket;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spate.core.Endpoint;
import org.spate.core.portmap.Gateway;
import org.spate.core.portmap.LocalPort;
import org.spate.core.portmap.PortMapInput;
import org.spate.core.portmap.PortMapOutput;
import org.spate.core.portmap.PortMapper;
import org.spate.core.portmap.SsdpMessage;
import org.spate.core.portmap.UpnpAnswer;
import org.spate.core.portmap.UpnpService;
import org.spate.engine.net.Addresses;
import org.spate.engine.net.Deadline;
import org.spate.engine.net.Loop;
import org.spate.engine.net.MulticastGroup;
import org.spate.engine.net.Network;

/**
 * Runs the {@link PortMapper} of a session on a loop: sockets towards the gateways and their
 * announcements, the search for UPnP devices, and a look at the routes now and then. Safe for any
 * thread.
 */
public final class PortMapService {
  private static final Logger LOG = LoggerFactory.getLogger(PortMapService.class);

  /** Where gateways tell all hosts that they have restarted (RFC 6886, 3.2.1; RFC 6887, 14.1). */
  private static final InetSocketAddress ANNOUNCEMENTS =
      new InetSocketAddress(InetAddress.ofLiteral("224.0.0.1"), 5350);

  private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final int DATAGRAM_BYTES_MAX = 1_500;

  private final Network network;
  private final Loop loop;
  private final PortMapListener listener;
  private final PortMapper mapper = new PortMapper(new SecureRandom());
  private final UpnpHttp http;
  private final Deadline deadline;
  private final Deadline lookDeadline;
  private final Map<Gateway, Channel> sockets = new HashMap<>();
  private final List<Channel> searchers = new ArrayList<>();
  private final CompletableFuture<Void> stopped = new CompletableFuture<>();
  private HomeNetwork home = new HomeNetwork(List.of(), List.of());
  private @Nullable MulticastGroup announcements;
  private int opening; // sockets that are not bound yet
  private boolean hasBegun;
  private boolean isOver;

  public PortMapService(Network network, PortMapListener listener) {
    this.network = network;
    this.loop = network.nextLoop();
    this.listener = listener;
    this.http = new UpnpHttp(network.transport(), loop);
    this.deadline = loop.deadline(this::advance);
    this.lookDeadline = loop.deadline(this::look);
  }

  /** Maps these ports, and no others, from now on. */
  public void begin(List<LocalPort> ports) {
    loop.execute(
        () -> {
          hasBegun = true;
          accept(new PortMapInput.PortsWanted(ports));
          look();
        });
  }

  /** Gives the mappings back; done when that is, or soon where nobody answers. */
  public CompletableFuture<Void> close() {
    loop.execute(
        () -> {
          if (!hasBegun) {
            end();
          } else {
            accept(new PortMapInput.Stop());
          }
        });
    return stopped;
  }

  // The network.

  /** Reading routes may block, so another thread does it. */
  private void look() {
    if (isOver) {
      return;
    }
    long now = Loop.nowNanos();
    lookDeadline.set(now + LOOK_NANOS, now);
    Thread.ofVirtual()
        .name("spate-routes")
        .start(
            () -> {
              var found = HomeNetwork.look(network.binding());
              loop.execute(() -> onLooked(found));
            });
  }

  private void onLooked(HomeNetwork found) {
    if (isOver || found.equals(home)) {
      return;
    }
    home = found;
    closeSockets();
    opening = found.routes().size() + found.searchers().size();
    for (var route : found.routes()) {
      var local = address(route.gateway().local());
      sockets.put(route.gateway(), open(local, PortMapInput.DatagramReceived::new));
    }
    for (var address : found.searchers()) {
      searchers.add(open(address, PortMapInput.SsdpReceived::new));
    }
    if (!found.routes().isEmpty()) {
      announcements =
          MulticastGroup.join(
              ANNOUNCEMENTS,
              network.binding(),
              (from, datagram) ->
                  loop.execute(() -> accept(new PortMapInput.DatagramReceived(from, datagram))));
    }
    if (opening == 0) {
      tellNetwork();
    }
  }

  private void tellNetwork() {
    accept(new PortMapInput.NetworkChanged(home.gateways(), !home.searchers().isEmpty()));
  }

  private Channel open(InetAddress local, BiFunction<Endpoint, byte[], PortMapInput> input) {
    var bootstrap =
        network
            .transport()
            .datagram(loop)
            .option(
                ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(DATAGRAM_BYTES_MAX))
            .handler(new Receiver(input));
    var device = device(local);
    if (device != null) {
      bootstrap.option(ChannelOption.IP_MULTICAST_IF, device);
    }
    ChannelFuture bound = bootstrap.bind(new InetSocketAddress(local, 0));
    bound.addListener(
        done -> {
          if (!done.isSuccess()) {
            LOG.debug("no socket at {}: {}", local.getHostAddress(), done.cause().getMessage());
          }
          if (--opening == 0) {
            loop.execute(this::tellNetwork);
          }
        });
    return bound.channel();
  }

  private static @Nullable NetworkInterface device(InetAddress local) {
    try {
      return NetworkInterface.getByInetAddress(local);
    } catch (SocketException e) {
      return null;
    }
  }

  private void closeSockets() {
    sockets.values().forEach(Channel::close);
    sockets.clear();
    searchers.forEach(Channel::close);
    searchers.clear();
    if (announcements != null) {
      announcements.close();
      announcements = null;
    }
  }

  private static InetAddress address(Endpoint endpoint) {
    return Addresses.socketAddress(endpoint).getAddress();
  }

  /** What comes to one socket. */
  private final class Receiver extends SimpleChannelInboundHandler<DatagramPacket> {
    private final BiFunction<Endpoint, byte[], PortMapInput> input;

    Receiver(BiFunction<Endpoint, byte[], PortMapInput> input) {
      this.input = input;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, DatagramPacket packet) {
      var from = Addresses.endpoint(packet.sender());
      accept(input.apply(from, ByteBufUtil.getBytes(packet.content())));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      // A gateway that speaks neither says so by ICMP; the mapper's own timers deal with it.
    }
  }

  // The machine.

  private void accept(PortMapInput input) {
    if (!isOver) {
      mapper.accept(input, Loop.nowNanos());
      carryOutAll();
    }
  }

  private void advance() {
    if (!isOver) {
      mapper.advance(Loop.nowNanos());
      carryOutAll();
    }
  }

  private void carryOutAll() {
    for (var output = mapper.poll(); output != null; output = mapper.poll()) {
      carryOut(output);
    }
    if (!isOver) {
      deadline.set(mapper.deadlineNanos(), Loop.nowNanos());
    }
  }

  private void carryOut(PortMapOutput output) {
    switch (output) {
      case PortMapOutput.SendDatagram(var gateway, var to, byte[] datagram) -> {
        var socket = sockets.get(gateway);
        if (socket != null) {
          send(socket, socketAddress(gateway, to), datagram);
        }
      }
      case PortMapOutput.Search() -> {
        var group = Addresses.socketAddress(SsdpMessage.GROUP);
        for (var searcher : searchers) {
          SsdpMessage.searches().forEach(search -> send(searcher, group, search));
        }
      }
      case PortMapOutput.FetchDescription(var location) ->
          http.get(
              location,
              reply -> {
                var services =
                    reply.status() == 200 ? UpnpXml.services(reply.body(), location) : null;
                var found = services == null ? List.<UpnpService>of() : services;
                loop.execute(
                    () -> accept(new PortMapInput.DescriptionRead(location, reply.local(), found)));
              });
      case PortMapOutput.CallUpnp(long ticket, var service, var action) ->
          http.call(
              service,
              action,
              reply -> {
                var answer =
                    reply.status() == 0
                        ? new UpnpAnswer.Failed("does not answer")
                        : UpnpXml.answer(reply.body());
                loop.execute(() -> accept(new PortMapInput.UpnpAnswered(ticket, answer)));
              });
      case PortMapOutput.Mapped(var port, var external, var via) -> {
        LOG.debug("{} port {} is {} by {}", port.protocol(), port.number(), external, via.text());
        listener.mapped(port, external, via);
      }
      case PortMapOutput.Unmapped(var port, boolean v6) -> listener.unmapped(port, v6);
      case PortMapOutput.Refused(var via, var reason) -> {
        LOG.debug("{}: {}", via.text(), reason);
        listener.refused(via, reason);
      }
      case PortMapOutput.Stopped() -> end();
    }
  }

  private static void send(Channel socket, InetSocketAddress to, byte[] datagram) {
    socket.writeAndFlush(new DatagramPacket(Unpooled.wrappedBuffer(datagram), to));
  }

  /** A router of IPv6 mostly has an address that means nothing without its interface. */
  private InetSocketAddress socketAddress(Gateway gateway, Endpoint to) {
    if (to.isLinkLocal() && !to.isV4()) {
      for (var route : home.routes()) {
        if (route.gateway().equals(gateway)) {
          try {
            var scoped = Inet6Address.getByAddress(null, to.address(), route.scope());
            return new InetSocketAddress(scoped, to.port());
          } catch (UnknownHostException e) {
            throw new AssertionError("sixteen bytes are an address", e);
          }
        }
      }
    }
    return Addresses.socketAddress(to);
  }

  private void end() {
    isOver = true;
    deadline.cancel();
    lookDeadline.cancel();
    closeSockets();
    stopped.complete(null);
  }
}
