package org.spate.engine.net;

import io.netty.handler.codec.dns.DefaultDnsQuestion;
import io.netty.handler.codec.dns.DnsRawRecord;
import io.netty.handler.codec.dns.DnsRecord;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.resolver.DefaultHostsFileEntriesResolver;
import io.netty.resolver.ResolvedAddressTypes;
import io.netty.resolver.dns.DnsErrorCauseException;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.DnsNameResolverChannelStrategy;
import io.netty.resolver.dns.DnsServerAddresses;
import io.netty.util.NetUtil;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Questions to name servers by sockets of the session, which are bound as all of its sockets are. A
 * socket lives for one name, at a port by chance, which who forges answers has to guess. What does
 * not fit into a datagram is not asked for again by TCP: it has more addresses than we take.
 */
final class NameServers {
  private static final int QUERY_TIMEOUT_MILLIS = 2_000;
  private static final int QUERIES_MAX = 12; // for one name, of both families
  private static final Pattern LABELS =
      Pattern.compile("[A-Za-z0-9_-]{1,63}(\\.[A-Za-z0-9_-]{1,63})*");
  private static final int NAME_LENGTH_MAX = 253;

  private final Transport transport;
  private final Supplier<List<InetSocketAddress>> servers;
  private final Map<Boolean, Asker> askers = new ConcurrentHashMap<>(); // by whether it is IPv6

  /** Read when it is first needed, since most sessions ask the system. */
  private static final class Hosts {
    static final DefaultHostsFileEntriesResolver FILE = new DefaultHostsFileEntriesResolver();
  }

  NameServers(Transport transport, Supplier<List<InetSocketAddress>> servers) {
    this.transport = transport;
    this.servers = servers;
  }

  /** Answers on any thread: the addresses of a name or literal, those of the hosts file first. */
  void addresses(String host, Consumer<List<InetAddress>> answer) {
    var known = known(host);
    var asker = known == null && isName(host) ? asker() : null;
    if (asker == null) {
      answer.accept(known == null ? List.of() : known);
    } else {
      asker.ask(
          resolver -> resolver.resolveAll(host),
          future -> answer.accept(future.isSuccess() ? future.getNow() : List.of()));
    }
  }

  private @Nullable List<InetAddress> known(String host) {
    var literal = NetUtil.createInetAddressFromIpAddressString(host);
    return literal == null
        ? Hosts.FILE.addresses(host, ResolvedAddressTypes.IPV4_PREFERRED)
        : List.of(literal);
  }

  /** Whether it can be asked for: labels of letters and digits (RFC 1035, 2.3.4). */
  private static boolean isName(String host) {
    return host.length() <= NAME_LENGTH_MAX && LABELS.matcher(host).matches();
  }

  /** Answers on any thread: what a host says of itself; null if nobody knows. */
  void texts(String host, Consumer<NameResolver.@Nullable Texts> answer) {
    var asker = host.indexOf('.') > 0 && isName(host) ? asker() : null;
    if (asker == null) {
      answer.accept(null);
    } else {
      var question = new DefaultDnsQuestion(host + ".", DnsRecordType.TXT);
      asker.ask(resolver -> resolver.resolveAll(question), future -> answer.accept(texts(future)));
    }
  }

  private static NameResolver.@Nullable Texts texts(Future<List<DnsRecord>> future) {
    if (!future.isSuccess()) {
      var cause = future.cause().getCause();
      // A server that knows of no such name or record has answered; one that fails has not.
      return cause == null || cause instanceof DnsErrorCauseException
          ? new NameResolver.Texts(List.of(), Integer.MAX_VALUE)
          : null;
    }
    var texts = new ArrayList<String>();
    long seconds = Integer.MAX_VALUE;
    for (var record : future.getNow()) {
      if (record instanceof DnsRawRecord raw && record.type().equals(DnsRecordType.TXT)) {
        texts.add(text(raw));
        seconds = Math.min(seconds, record.timeToLive());
      }
      ReferenceCountUtil.release(record);
    }
    return new NameResolver.Texts(List.copyOf(texts), (int) seconds);
  }

  /** Strings of up to 255 bytes, put together (RFC 1035, 3.3.14). */
  private static String text(DnsRawRecord record) {
    var text = new StringBuilder();
    var data = record.content();
    while (data.isReadable()) {
      int length = Math.min(data.readUnsignedByte(), data.readableBytes());
      text.append(data.readCharSequence(length, StandardCharsets.ISO_8859_1));
    }
    return text.toString();
  }

  /** Who asks servers of the first one's family; null if there is none. */
  private @Nullable Asker asker() {
    var now = servers.get();
    if (now.isEmpty()) {
      return null;
    }
    boolean isV6 = isV6(now.getFirst());
    var asker = askers.computeIfAbsent(isV6, _ -> new Asker(now.getFirst()));
    asker.servers = now.stream().filter(server -> isV6(server) == isV6).toList();
    return asker;
  }

  private static boolean isV6(InetSocketAddress server) {
    return server.getAddress() instanceof Inet6Address;
  }

  void close() {
    askers.values().forEach(asker -> asker.resolver.close());
  }

  /** Asks from one address, on a loop. */
  private final class Asker {
    private final Loop loop = transport.nextLoop();
    private final DnsNameResolver resolver;
    private volatile List<InetSocketAddress> servers;

    Asker(InetSocketAddress first) {
      servers = List.of(first);
      var builder =
          new DnsNameResolverBuilder(loop.events())
              .datagramChannelFactory(transport::datagramChannel)
              .datagramChannelStrategy(DnsNameResolverChannelStrategy.ChannelPerResolution)
              .nameServerProvider(_ -> DnsServerAddresses.sequential(servers).stream())
              .hostsFileEntriesResolver((_, _) -> null)
              .completeOncePreferredResolved(false)
              .maxQueriesPerResolve(QUERIES_MAX)
              .queryTimeoutMillis(QUERY_TIMEOUT_MILLIS);
      var from = transport.binding().source(first.getAddress());
      resolver = (from == null ? builder : builder.localAddress(from)).build();
    }

    <T> void ask(Function<DnsNameResolver, Future<T>> question, Consumer<Future<T>> answer) {
      loop.execute(
          () -> question.apply(resolver).addListener((Future<T> future) -> answer.accept(future)));
    }
  }
}
