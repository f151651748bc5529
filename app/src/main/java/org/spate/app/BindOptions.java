package org.spate.app;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.spate.engine.HostLookup;
import org.spate.engine.SessionSettings;
import picocli.CommandLine.Option;

/** From where everything leaves: a mixin. */
final class BindOptions {
  @Option(
      names = "--bind",
      paramLabel = "ADDR|INTERFACE",
      description =
          "Listen on, and connect from, this local address, or nowhere but by this network"
              + " interface; several addresses by repetition (default: any). Names of hosts are"
              + " asked for from there, too, of the name servers in /etc/resolv.conf; not of one on"
              + " this machine, which would ask in turn by any way, but of those that"
              + " systemd-resolved asks.")
  private List<String> names = List.of();

  /** Binds a session. */
  void apply(SessionSettings.Builder settings) {
    settings.bind(addresses()).device(device());
  }

  /** Whether only this machine can be reached. */
  boolean isLoopback() {
    var addresses = addresses();
    return !addresses.isEmpty() && addresses.stream().allMatch(InetAddress::isLoopbackAddress);
  }

  /** The addresses of a name, looked up from there. */
  List<InetAddress> lookUp(String host) {
    return HostLookup.addresses(host, addresses(), device());
  }

  private List<InetAddress> addresses() {
    var addresses = new ArrayList<InetAddress>();
    for (var name : names) {
      if (!isInterface(name)) {
        addresses.add(PeerOptions.address(name));
      }
    }
    return addresses;
  }

  private @Nullable String device() {
    var devices = names.stream().filter(BindOptions::isInterface).toList();
    if (devices.size() > 1) {
      throw new BadInputException("--bind takes one network interface, not " + devices);
    }
    return devices.isEmpty() ? null : devices.getFirst();
  }

  private static boolean isInterface(String name) {
    try {
      return !name.isEmpty() && NetworkInterface.getByName(name) != null;
    } catch (SocketException e) {
      return false;
    }
  }
}
