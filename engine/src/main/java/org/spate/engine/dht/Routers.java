package org.spate.engine.dht;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.spate.core.Endpoint;
import org.spate.core.IpLiteral;
import org.spate.engine.net.Loop;
import org.spate.engine.net.NameResolver;

/**
 * Nodes that are known by name: {@code host:port}, or {@code [v6]:port}. Those that we were told to
 * join by go to whatever address they have; those that strangers named do not.
 */
public final class Routers {
  /** Names of one torrent, or of the settings, that are looked up. */
  private static final int NAMES_MAX = 20;

  private final List<String> trusted;
  private final Predicate<Endpoint> mayBeNamedByStrangers;
  private final NameResolver names;

  public Routers(
      List<String> trusted, Predicate<Endpoint> mayBeNamedByStrangers, NameResolver names) {
    this.names = names;
    this.trusted = List.copyOf(trusted);
    this.mayBeNamedByStrangers = mayBeNamedByStrangers;
  }

  /** Looks up those that we were told of; answers on the loop, once for each. */
  void resolve(Loop loop, Consumer<List<Endpoint>> found) {
    resolve(trusted, _ -> true, loop, found);
  }

  /** Looks up what a stranger wrote. */
  void resolve(List<String> names, Loop loop, Consumer<List<Endpoint>> found) {
    resolve(names, mayBeNamedByStrangers, loop, found);
  }

  /** Those that we were told of, as they are written. */
  List<Name> trusted() {
    return trusted.stream().map(Name::parse).filter(Objects::nonNull).limit(NAMES_MAX).toList();
  }

  /** What a stranger wrote as addresses, for which nothing is looked up. */
  List<Endpoint> literals(List<String> names) {
    var found = new ArrayList<Endpoint>();
    for (var text : names.subList(0, Math.min(names.size(), NAMES_MAX))) {
      var name = Name.parse(text);
      var literal = name == null ? null : IpLiteral.parse(name.host());
      if (name != null && literal != null) {
        found.add(Endpoint.of(literal, name.port()));
      }
    }
    found.removeIf(mayBeNamedByStrangers.negate());
    return found;
  }

  private void resolve(
      List<String> names,
      Predicate<Endpoint> isWelcome,
      Loop loop,
      Consumer<List<Endpoint>> found) {
    for (var name : names.subList(0, Math.min(names.size(), NAMES_MAX))) {
      var parsed = Name.parse(name);
      if (parsed != null) {
        this.names.resolve(
            parsed.host(), loop, addresses -> tell(addresses, parsed.port(), isWelcome, found));
      }
    }
  }

  private static void tell(
      List<InetAddress> addresses,
      int port,
      Predicate<Endpoint> isWelcome,
      Consumer<List<Endpoint>> found) {
    var endpoints = new ArrayList<Endpoint>();
    for (var address : addresses) {
      var endpoint = Endpoint.of(address.getAddress(), port);
      if (isWelcome.test(endpoint)) {
        endpoints.add(endpoint);
      }
    }
    if (!endpoints.isEmpty()) {
      found.accept(endpoints);
    }
  }

  /** A host and a port. */
  record Name(String host, int port) {
    private static final int PORT_MAX = 65_535;

    static @Nullable Name parse(String text) {
      int colon = text.lastIndexOf(':');
      String digits = text.substring(colon + 1);
      if (colon < 1 || !digits.matches("\\d{1,5}")) {
        return null;
      }
      int port = Integer.parseInt(digits);
      String host = text.substring(0, colon);
      boolean isBracketed = host.startsWith("[") && host.endsWith("]");
      host = isBracketed ? host.substring(1, host.length() - 1) : host;
      return port == 0 || port > PORT_MAX || host.isEmpty() ? null : new Name(host, port);
    }
  }
}
