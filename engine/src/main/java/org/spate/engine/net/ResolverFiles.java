package org.spate.engine.net;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spate.core.Endpoint;
import org.spate.core.IpLiteral;

/**
 * The name servers that the system uses, as its files say each time: of a session that is bound
 * those that it reaches from there. One on this machine is none of them, since what that asks in
 * turn leaves by any way; systemd-resolved writes down whom it asks itself.
 */
final class ResolverFiles implements Supplier<List<InetSocketAddress>> {
  private static final Logger LOG = LoggerFactory.getLogger(ResolverFiles.class);
  private static final List<Path> USUAL =
      List.of(Path.of("/etc/resolv.conf"), Path.of("/run/systemd/resolve/resolv.conf"));
  private static final int PORT = 53;

  /** No more are asked by others either (resolv.conf(5), MAXNS). */
  private static final int SERVERS_MAX = 3;

  private final Binding binding;
  private final List<Path> files;
  private final AtomicBoolean isTold = new AtomicBoolean();

  ResolverFiles(Binding binding) {
    this(binding, USUAL);
  }

  /**
   * @param files the first that names anybody counts
   */
  ResolverFiles(Binding binding, List<Path> files) {
    this.binding = binding;
    this.files = files;
  }

  @Override
  public List<InetSocketAddress> get() {
    for (var file : files) {
      var servers = read(file);
      if (!servers.isEmpty()) {
        return servers;
      }
    }
    if (!binding.isAny() && isTold.compareAndSet(false, true)) {
      // Not a torrent's affair, so no event tells it.
      LOG.error(
          "names of hosts cannot be looked up: {} names no server that is reached from where we are"
              + " bound",
          files.getFirst());
    }
    return List.of();
  }

  private List<InetSocketAddress> read(Path file) {
    var found = new ArrayList<InetSocketAddress>();
    try {
      for (var line : Files.readAllLines(file)) {
        var words = line.strip().split("\\s+", -1);
        var address =
            words.length > 1 && words[0].equals("nameserver") ? IpLiteral.parse(words[1]) : null;
        if (address != null && found.size() < SERVERS_MAX) {
          found.add(Addresses.socketAddress(Endpoint.of(address, PORT)));
        }
      }
    } catch (IOException e) {
      // Most systems have but one of the files.
    }
    found.removeIf(server -> !isReached(server));
    return found;
  }

  private boolean isReached(InetSocketAddress server) {
    var address = server.getAddress();
    return binding.isAny()
        || (binding.reaches(address) && address.isLoopbackAddress() == binding.isLoopback());
  }
}
