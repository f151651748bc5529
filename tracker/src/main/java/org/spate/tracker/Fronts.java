package org.spate.tracker;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoopGroup;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.spate.core.tracker.ConnectionIds;

/** What a tracker listens by: sockets for HTTP, HTTPS and UDP, opened by itself or inherited. */
final class Fronts {
  private final TrackerSettings settings;
  private final List<TrackerLoop> loops;
  private final EventLoopGroup group;
  private final LongSupplier clock;
  private final @Nullable FullScrapes fullScrapes;
  private final ConnectionSlots slots;
  private final ConnectionIds connectionIds = new ConnectionIds(new SecureRandom());
  private final List<Channel> http = new ArrayList<>();
  private final List<HttpAcceptor> acceptors = new ArrayList<>();
  private final List<InetSocketAddress> acceptorAddresses = new ArrayList<>();
  private final List<Channel> https = new ArrayList<>();
  private final List<UdpFront> udp = new ArrayList<>();
  private final List<InetSocketAddress> udpAddresses = new ArrayList<>();

  Fronts(
      TrackerSettings settings,
      List<TrackerLoop> loops,
      EventLoopGroup group,
      LongSupplier clock,
      @Nullable FullScrapes fullScrapes) {
    this.settings = settings;
    this.loops = loops;
    this.group = group;
    this.clock = clock;
    this.fullScrapes = fullScrapes;
    slots =
        new ConnectionSlots(settings.connectionCountMax(), settings.connectionCountPerAddressMax());
  }

  /** Opens sockets at the addresses in the settings. */
  void listen(Transport transport) {
    var plain = httpFront(null);
    for (var address : settings.http()) {
      if (transport.isBatched()) {
        bindAcceptors(address, plain);
      } else {
        http.add(bound(plain.bind(address, transport, group), "HTTP", address));
      }
    }
    if (settings.tls() != null) {
      var encrypted = httpFront(sslContext(settings.tls()));
      for (var address : settings.https()) {
        https.add(bound(encrypted.bind(address, transport, group), "HTTPS", address));
      }
    }
    for (var address : settings.udp()) {
      if (transport.isBatched()) {
        bindBatched(address);
      } else {
        var first = loops.getFirst();
        var front = new NettyUdpFront(address, first.loop, first.logic, connectionIds, clock);
        udp.add(front);
        udpAddresses.add(front.address());
      }
    }
  }

  private static Channel bound(ChannelFuture binding, String front, InetSocketAddress address) {
    if (!binding.awaitUninterruptibly().isSuccess()) {
      throw TrackerException.cannotListen(front, address, binding.cause());
    }
    return binding.channel();
  }

  private HttpFront httpFront(@Nullable SslContext tls) {
    return new HttpFront(loops, clock, tls, slots, fullScrapes);
  }

  private static SslContext sslContext(TrackerSettings.Tls tls) {
    try {
      return SslContextBuilder.forServer(tls.certificate().toFile(), tls.key().toFile()).build();
    } catch (SSLException | IllegalArgumentException e) {
      throw new TrackerException("cannot use the certificate " + tls.certificate(), e);
    }
  }

  private void bindAcceptors(InetSocketAddress address, HttpFront front) {
    try {
      var sockets = BoundSocket.bind(address, loops.size(), BoundSocket.Kind.CONNECTIONS);
      acceptorAddresses.add(sockets.getFirst().address());
      for (int i = 0; i < sockets.size(); i++) {
        acceptors.add(new HttpAcceptor(sockets.get(i), loops.get(i), front, clock));
      }
    } catch (IOException e) {
      throw TrackerException.cannotListen("HTTP", address, e);
    }
  }

  private void bindBatched(InetSocketAddress address) {
    try {
      var sockets = BoundSocket.bind(address, loops.size(), BoundSocket.Kind.DATAGRAMS);
      udpAddresses.add(sockets.getFirst().address());
      share(sockets);
    } catch (IOException e) {
      throw TrackerException.cannotListen("UDP", address, e);
    }
  }

  /** Has the loops read from sockets in turn. */
  private void share(List<BoundSocket> sockets) {
    for (int i = 0; i < sockets.size(); i++) {
      var loop = loops.get(i % loops.size());
      udp.add(new BatchedUdpFront(sockets.get(i), loop.loop, loop.logic, connectionIds, clock));
    }
  }

  /** Uses sockets that are there already. */
  void adopt(InheritedSockets inherited, Transport transport) {
    if (!transport.isBatched() || (settings.tls() == null && !inherited.https().isEmpty())) {
      throw new TrackerException(
          "inherited sockets need epoll, and a certificate for HTTPS", new IOException());
    }
    var plain = httpFront(null);
    for (int fd : inherited.http()) {
      http.add(plain.adopt(fd, group).syncUninterruptibly().channel());
    }
    if (settings.tls() != null) {
      var encrypted = httpFront(sslContext(settings.tls()));
      for (int fd : inherited.https()) {
        https.add(encrypted.adopt(fd, group).syncUninterruptibly().channel());
      }
    }
    try {
      adoptUdp(inherited.udp());
    } catch (IOException e) {
      throw new TrackerException("cannot use an inherited socket: " + e.getMessage(), e);
    }
  }

  /**
   * Sockets that share an address are read by a loop each. If there is one for every loop the
   * kernel brings each datagram to the loop that owns its swarm; else the loops hand over.
   */
  private void adoptUdp(List<Integer> fds) throws IOException {
    var socketsAt = new LinkedHashMap<InetSocketAddress, List<BoundSocket>>();
    for (int fd : fds) {
      var socket = BoundSocket.adopt(fd);
      socketsAt.computeIfAbsent(socket.address(), _ -> new ArrayList<>()).add(socket);
    }
    udpAddresses.addAll(socketsAt.keySet());
    for (var sockets : socketsAt.values()) {
      if (sockets.size() > 1 && sockets.size() == loops.size()) {
        Steering.attach(sockets.getFirst().fd(), sockets.size());
      }
      share(sockets);
    }
  }

  /** From now on those who have come are answered. */
  void open() {
    acceptors.forEach(HttpAcceptor::open);
    udp.forEach(UdpFront::open);
  }

  List<InetSocketAddress> httpAddresses() {
    var addresses = new ArrayList<>(acceptorAddresses);
    http.forEach(channel -> addresses.add((InetSocketAddress) channel.localAddress()));
    return addresses;
  }

  List<InetSocketAddress> httpsAddresses() {
    return https.stream().map(channel -> (InetSocketAddress) channel.localAddress()).toList();
  }

  List<InetSocketAddress> udpAddresses() {
    return List.copyOf(udpAddresses);
  }

  /** Listens no more; returns when the ports are free. */
  void shut() {
    acceptors.forEach(HttpAcceptor::shut);
    http.forEach(Fronts::release);
    https.forEach(Fronts::release);
    udp.forEach(UdpFront::shut);
  }

  /** The loop's end alone would free the port some time later. */
  private static void release(Channel listener) {
    if (listener.isOpen()) {
      var _ = listener.close().awaitUninterruptibly();
    }
  }
}
