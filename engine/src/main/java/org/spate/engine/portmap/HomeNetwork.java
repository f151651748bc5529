package org.spate.engine.portmap;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.spate.core.Endpoint;
import org.spate.core.portmap.Gateway;
import org.spate.engine.net.Binding;
import org.spate.engine.portmap.RouteTables.DefaultRoute;

/**
 * The network that this host is in, as far as it matters for mapping ports. Where the system does
 * not tell its routes there are no gateways, and devices have to be looked for.
 *
 * @param routes of each family at most one
 * @param searchers addresses of ours to look for devices from
 */
record HomeNetwork(List<Route> routes, List<InetAddress> searchers) {
  private static final Path V4_ROUTES = Path.of("/proc/net/route");
  private static final Path V6_ROUTES = Path.of("/proc/net/ipv6_route");

  /** A gateway, and the interface that leads to it. */
  record Route(Gateway gateway, int scope) {}

  List<Gateway> gateways() {
    return routes.stream().map(Route::gateway).toList();
  }

  /**
   * As it is now; reads files.
   *
   * @param binding says which interfaces and addresses to use
   */
  static HomeNetwork look(Binding binding) {
    try {
      if (binding.isLoopback()) {
        return new HomeNetwork(List.of(), List.of());
      }
      if (!Files.isReadable(V4_ROUTES)) {
        return new HomeNetwork(List.of(), privateAddresses(binding));
      }
      var routes = new ArrayList<Route>();
      addBest(routes, RouteTables.v4(Files.readAllLines(V4_ROUTES)), binding);
      var searchers = routes.stream().map(route -> address(route.gateway.local())).toList();
      if (Files.isReadable(V6_ROUTES)) {
        addBest(routes, RouteTables.v6(Files.readAllLines(V6_ROUTES)), binding);
      }
      return new HomeNetwork(List.copyOf(routes), searchers);
    } catch (IOException e) {
      return new HomeNetwork(List.of(), List.of());
    }
  }

  private static void addBest(List<Route> routes, List<DefaultRoute> found, Binding binding)
      throws SocketException {
    for (var route :
        found.stream().sorted(Comparator.comparingLong(DefaultRoute::metric)).toList()) {
      var device = NetworkInterface.getByName(route.device());
      var local = device == null ? null : local(device, route.router().isV4(), binding);
      if (device != null && local != null) {
        var ours = Endpoint.of(local.getAddress(), 0);
        routes.add(new Route(new Gateway(route.router(), ours), device.getIndex()));
        return;
      }
    }
  }

  /** Our address on an interface, by which the gateway knows us. */
  private static @Nullable InetAddress local(NetworkInterface device, boolean isV4, Binding binding)
      throws SocketException {
    if (!device.isUp() || device.isLoopback()) {
      return null;
    }
    for (var address : device.inetAddresses().toList()) {
      boolean isOfUse =
          isV4
              ? address instanceof Inet4Address
              : address instanceof Inet6Address && isGlobal(address);
      if (isOfUse && binding.includes(device, address)) {
        return address;
      }
    }
    return null;
  }

  /** 2000::/3: what is routed in the world, and may have a pinhole. */
  private static boolean isGlobal(InetAddress address) {
    return (address.getAddress()[0] & 0xE0) == 0x20;
  }

  private static List<InetAddress> privateAddresses(Binding binding) throws SocketException {
    var found = new ArrayList<InetAddress>();
    for (var device : NetworkInterface.networkInterfaces().toList()) {
      if (device.isUp() && device.supportsMulticast() && !device.isLoopback()) {
        device
            .inetAddresses()
            .filter(address -> address instanceof Inet4Address && address.isSiteLocalAddress())
            .filter(address -> binding.includes(device, address))
            .forEach(found::add);
      }
    }
    return List.copyOf(found);
  }

  private static InetAddress address(Endpoint endpoint) {
    try {
      return InetAddress.getByAddress(endpoint.address());
    } catch (IOException e) {
      throw new AssertionError("four or sixteen bytes are an address", e);
    }
  }
}
