package org.spate.engine.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.flow.FlowControlHandler;
import io.netty.handler.ssl.SniHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.Mapping;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.spate.core.Endpoint;
import org.spate.core.Hash160;
import org.spate.core.crypto.EncryptionMode;
import org.spate.core.crypto.MseResponder;
import org.spate.core.filter.IpFilter;
import org.spate.core.swarm.Route;
import org.spate.core.wire.Handshake;
import org.spate.core.wire.HandshakeCodec;

/**
 * Lets incoming connections in: reads the handshake, finds the torrent that it names and hands the
 * channel to that torrent's loop. Who names none, or takes too long, is closed without a word.
 */
final class Doorman {
  /** Longest first message of a TLS handshake. */
  private static final int HELLO_BYTES_MAX = 16 << 10;

  private static final Pattern INFO_HASH = Pattern.compile("[0-9a-f]{40}");

  private final Transport transport;
  private final int halfOpenMaxPerLoop;
  private final long handshakeTimeoutNanos;
  private final EncryptionMode encryption;
  private final RandomGenerator random;
  private final Links links;
  private final Map<Hash160, LinkOwner> owners = new ConcurrentHashMap<>();

  /** Info-hashes as a key exchange names them. */
  private final Map<Hash160, Hash160> requested = new ConcurrentHashMap<>();

  private final Map<Loop, Set<Channel>> halfOpen = new ConcurrentHashMap<>();
  private volatile IpFilter filter = IpFilter.NONE;
  private final List<Channel> listening = new CopyOnWriteArrayList<>();

  Doorman(
      Transport transport,
      int halfOpenMaxPerLoop,
      long handshakeTimeoutNanos,
      EncryptionMode encryption,
      RandomGenerator random,
      Links links) {
    this.transport = transport;
    this.halfOpenMaxPerLoop = halfOpenMaxPerLoop;
    this.handshakeTimeoutNanos = handshakeTimeoutNanos;
    this.encryption = encryption;
    this.random = random;
    this.links = links;
  }

  /** Listens on one port of all these addresses, any that is free if it is 0; returns it. */
  int listen(List<InetAddress> addresses, int wanted) {
    return listen(addresses, wanted, false);
  }

  /** The same for torrents that are to be had over TLS alone. */
  int listenTls(List<InetAddress> addresses, int wanted) {
    return listen(addresses, wanted, true);
  }

  private int listen(List<InetAddress> addresses, int wanted, boolean isSecured) {
    int port = wanted;
    for (var address : addresses) {
      port = listen(new InetSocketAddress(address, port), isSecured);
    }
    return port;
  }

  private int listen(InetSocketAddress address, boolean isSecured) {
    var bound =
        transport
            .server()
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    accepted(channel, isSecured);
                  }
                })
            .bind(address)
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      close();
      throw new ListenException(address, bound.cause());
    }
    listening.add(bound.channel());
    return ((InetSocketAddress) bound.channel().localAddress()).getPort();
  }

  /** Lets links in that name this hash. False if another torrent has it. */
  boolean admit(Hash160 infoHash, LinkOwner owner) {
    if (owners.putIfAbsent(infoHash, owner) != null) {
      return false;
    }
    requested.put(MseResponder.requested(infoHash), infoHash);
    return true;
  }

  void expel(Hash160 infoHash, LinkOwner owner) {
    if (owners.remove(infoHash, owner)) {
      requested.remove(MseResponder.requested(infoHash));
    }
  }

  void close() {
    listening.forEach(channel -> channel.close().awaitUninterruptibly());
    listening.clear();
  }

  /** Somebody has connected by uTP; on the loop of the UDP port. */
  void accepted(UtpChannel channel, Loop loop) {
    channel
        .pipeline()
        .addLast(
            new ChannelInitializer<Channel>() {
              @Override
              protected void initChannel(Channel registered) {
                accepted(registered, false);
              }
            });
    loop.events().register(channel);
  }

  /** Addresses to let nobody in from. */
  void filter(IpFilter unwanted) {
    filter = unwanted;
  }

  private void accepted(Channel channel, boolean isSecured) {
    if (channel.remoteAddress() instanceof InetSocketAddress remote
        && filter.blocks(Addresses.endpoint(remote))) {
      channel.close();
      return;
    }
    channel.config().setRecvByteBufAllocator(new ReadSizes());
    var waiting =
        halfOpen.computeIfAbsent(transport.loopOf(channel.eventLoop()), _ -> new LinkedHashSet<>());
    if (waiting.size() >= halfOpenMaxPerLoop) {
      evictOldest(waiting.iterator());
    }
    waiting.add(channel);
    KeyExchange exchange = null;
    if (isSecured) {
      channel.pipeline().addLast(serverName(channel), new FlowControlHandler());
    } else if (encryption.takesEncrypted()) {
      exchange =
          KeyExchange.expecting(
              () -> new MseResponder(requested::get, encryption, random), encryption.takesPlain());
      channel.pipeline().addLast(exchange);
    }
    var entry = new Entry(channel, waiting, exchange);
    channel.pipeline().addLast(new HandshakeReader(handshakeTimeoutNanos, entry));
  }

  /** Secures a connection as the torrent has it that is meant; where there is none, it ends. */
  private SniHandler serverName(Channel channel) {
    Mapping<String, SslContext> contexts =
        name -> {
          var tls = named(name);
          if (tls == null) {
            throw new IllegalArgumentException("names no torrent that wants TLS");
          }
          return tls.accept(channel);
        };
    long timeoutMillis = TimeUnit.NANOSECONDS.toMillis(handshakeTimeoutNanos);
    return new SniHandler(contexts, HELLO_BYTES_MAX, timeoutMillis);
  }

  private @Nullable PeerTls named(@Nullable String serverName) {
    if (serverName == null || !INFO_HASH.matcher(serverName).lookingAt()) {
      return null;
    }
    var digits = serverName.substring(0, 2 * Hash160.BYTES);
    var owner = owners.get(Hash160.of(HexFormat.of().parseHex(digits)));
    return owner == null ? null : owner.tls();
  }

  /** What of a link is encrypted. */
  static Route.Encryption encryption(@Nullable KeyExchange exchange, @Nullable PeerTls tls) {
    if (tls != null) {
      return Route.Encryption.TLS;
    }
    return exchange == null ? Route.Encryption.PLAIN : exchange.encryption();
  }

  private static void evictOldest(Iterator<Channel> oldestFirst) {
    var oldest = oldestFirst.next();
    oldestFirst.remove();
    oldest.close();
  }

  /** One incoming connection without a handshake so far. */
  private final class Entry implements HandshakeReader.Outcome {
    private final Channel channel;
    private final Set<Channel> waiting;
    private final @Nullable KeyExchange exchange;

    Entry(Channel channel, Set<Channel> waiting, @Nullable KeyExchange exchange) {
      this.channel = channel;
      this.waiting = waiting;
      this.exchange = exchange;
    }

    @Override
    public void failed(boolean isRefused) {
      waiting.remove(channel);
    }

    @Override
    public void greeted(ChannelHandlerContext ctx, Handshake theirs, ByteBuf rest) {
      waiting.remove(channel);
      var owner = owners.get(theirs.infoHash());
      if (owner == null
          || !isAdmitted(owner.tls())
          || links.isFullForIncoming()
          || !channel.isActive()) {
        rest.release();
        channel.close();
        return;
      }
      ctx.pipeline().remove(ctx.handler());
      var remote = Addresses.endpoint((InetSocketAddress) channel.remoteAddress());
      if (owner.loop().isCurrent()) {
        welcome(remote, owner, theirs, rest);
      } else {
        moveTo(owner.loop(), () -> welcome(remote, owner, theirs, rest), rest);
      }
    }

    /** What wants TLS takes nothing else, and what does not has no port for it. */
    private boolean isAdmitted(@Nullable PeerTls tls) {
      return tls == null ? channel.pipeline().get(SslHandler.class) == null : tls.admits(channel);
    }

    private void moveTo(Loop loop, Runnable next, ByteBuf rest) {
      channel
          .deregister()
          .addListener(
              left ->
                  loop.events()
                      .register(channel)
                      .addListener(
                          arrived -> {
                            if (arrived.isSuccess()) {
                              loop.execute(next);
                            } else {
                              rest.release();
                              channel.close();
                            }
                          }));
    }

    private void welcome(Endpoint remote, LinkOwner owner, Handshake theirs, ByteBuf rest) {
      if (!owner.isOpen() || !channel.isActive()) {
        rest.release();
        channel.close();
        return;
      }
      var ours = owner.greeting(owner.answerHash(theirs));
      // At once, because the link may be refused: who then hears nothing takes us for one who wants
      // encryption and dials again, also where it was we ourselves.
      channel.writeAndFlush(
          Unpooled.wrappedBuffer(HandshakeCodec.encode(ours)), channel.voidPromise());
      var encrypted = encryption(exchange, owner.tls());
      var way = UtpChannel.transport(channel);
      boolean isProxied = way == Route.Transport.UTP && transport.proxy() != null;
      var route = new Route(way, encrypted, isProxied);
      links.begin(channel, remote, true, route, owner, theirs, rest);
    }
  }
}
