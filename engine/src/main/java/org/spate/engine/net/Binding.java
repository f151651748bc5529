package org.spate.engine.net;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where a session's sockets are bound to, so that nothing leaves from anywhere else.
 *
 * @param addresses local ones to listen on, the first of each family to connect from; empty for any
 * @param device the name of the only network interface that is used, or null
 */
public record Binding(List<InetAddress> addresses, @Nullable String device) {
  public static final Binding ANY = new Binding(List.of(), null);

  public Binding {
    addresses = List.copyOf(addresses);
  }

  /** Whether they are bound to nothing. */
  boolean isAny() {
    return addresses.isEmpty() && device == null;
  }

  /** To one address, or to none in particular. */
  public static Binding to(@Nullable InetAddress address) {
    return address == null ? ANY : new Binding(List.of(address), null);
  }

  /** Whether we have an address to reach this one from. */
  public boolean reaches(InetAddress remote) {
    return addresses.isEmpty() || from(remote instanceof Inet6Address) != null;
  }

  private @Nullable InetAddress from(boolean v6) {
    return addresses.stream().filter(a -> a instanceof Inet6Address == v6).findFirst().orElse(null);
  }

  /** What a socket is bound to before it connects there; null for nothing. */
  public @Nullable InetSocketAddress source(InetAddress remote) {
    if (addresses.isEmpty()) {
      return null;
    }
    var from = from(remote instanceof Inet6Address);
    // One of the wrong family makes the connection fail, as it should.
    return new InetSocketAddress(from == null ? addresses.getFirst() : from, 0);
  }

  /** What sockets are bound to that talk to everybody: one for each family, or one for both. */
  public List<InetAddress> sources() {
    return addresses.isEmpty()
        ? List.of(new InetSocketAddress(0).getAddress())
        : Stream.of(Inet4Address.class, Inet6Address.class)
            .flatMap(family -> addresses.stream().filter(family::isInstance).limit(1))
            .toList();
  }

  /** All that is listened on. */
  List<InetAddress> listening() {
    return addresses.isEmpty() ? sources() : addresses;
  }

  /** Whether nothing but this machine can be reached. */
  public boolean isLoopback() {
    return !addresses.isEmpty() && addresses.stream().allMatch(InetAddress::isLoopbackAddress);
  }

  /** Whether an address of an interface is one that we use. */
  public boolean includes(NetworkInterface network, InetAddress address) {
    return (device == null || device.equals(network.getName()))
        && (addresses.isEmpty() ? !address.isLoopbackAddress() : addresses.contains(address));
  }

  /**
   * The same for sockets that cannot be bound to an interface: to its addresses.
   *
   * @throws ListenException if there is no such interface, or it has no address
   */
  Binding byAddresses() {
    if (device == null || !addresses.isEmpty()) {
      return new Binding(addresses, null);
    }
    try {
      var network = NetworkInterface.getByName(device);
      var found =
          network == null
              ? List.<InetAddress>of()
              : network.inetAddresses().filter(address -> !address.isLinkLocalAddress()).toList();
      if (found.isEmpty()) {
        throw new ListenException("no address at the interface " + device);
      }
      return new Binding(found, null);
    } catch (SocketException e) {
      throw new ListenException("no interface " + device + ": " + e.getMessage());
    }
  }
}
