package org.spate.engine.net;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spate.core.Endpoint;

/**
 * A multicast group of one family on every interface that takes part: one socket hears, and one for
 * each interface speaks, from an address by which others can reach us. An interface that refuses is
 * left out.
 */
public final class MulticastGroup implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(MulticastGroup.class);
  private static final int DATAGRAM_BYTES_MAX = 1500;

  /** Hears datagrams, on a thread of the group. */
  @FunctionalInterface
  public interface Receiver {
    void received(Endpoint from, byte[] datagram);
  }

  private final InetSocketAddress group;
  private final Receiver receiver;
  private final DatagramChannel ear;
  private final List<DatagramChannel> mouths = new ArrayList<>();

  private MulticastGroup(InetSocketAddress group, Receiver receiver) throws IOException {
    this.group = group;
    this.receiver = receiver;
    this.ear = DatagramChannel.open(family());
    ear.setOption(StandardSocketOptions.SO_REUSEADDR, true); // every client here listens there
    ear.bind(new InetSocketAddress(group.getPort()));
  }

  /**
   * Takes part in a group.
   *
   * @param group its address and port
   * @param binding says from which interfaces and addresses to speak
   * @return null if that cannot be, here and now
   */
  public static @Nullable MulticastGroup join(
      InetSocketAddress group, Binding binding, Receiver receiver) {
    try {
      var joined = new MulticastGroup(group, receiver);
      joined.joinInterfaces(binding);
      if (joined.mouths.isEmpty()) {
        joined.close();
        return null;
      }
      Thread.ofVirtual().name("spate-multicast").start(joined::listen);
      return joined;
    } catch (IOException e) {
      LOG.debug("no multicast to {}: {}", group, e.getMessage());
      return null;
    }
  }

  private StandardProtocolFamily family() {
    return group.getAddress() instanceof Inet6Address
        ? StandardProtocolFamily.INET6
        : StandardProtocolFamily.INET;
  }

  private void joinInterfaces(Binding binding) throws SocketException {
    for (var network : NetworkInterface.networkInterfaces().toList()) {
      var address = address(network, binding);
      if (address != null) {
        try {
          ear.join(group.getAddress(), network);
          mouths.add(mouth(network, address));
        } catch (IOException e) {
          LOG.debug("no multicast on {}: {}", network.getName(), e.getMessage());
        }
      }
    }
  }

  private DatagramChannel mouth(NetworkInterface network, InetAddress address) throws IOException {
    var mouth = DatagramChannel.open(family());
    try {
      mouth.setOption(StandardSocketOptions.IP_MULTICAST_IF, network);
      mouth.bind(new InetSocketAddress(address, 0));
      mouth.configureBlocking(false);
      return mouth;
    } catch (IOException e) {
      mouth.close();
      throw e;
    }
  }

  /** From where to speak on an interface; null to stay away from it. */
  private @Nullable InetAddress address(NetworkInterface network, Binding binding)
      throws SocketException {
    if (!network.isUp() || !network.supportsMulticast()) {
      return null;
    }
    for (var address : network.inetAddresses().toList()) {
      boolean isOfFamily =
          family() == StandardProtocolFamily.INET
              ? address instanceof Inet4Address
              // What is link-local to us has no meaning without an interface, so nobody could dial.
              : address instanceof Inet6Address && !address.isLinkLocalAddress();
      if (isOfFamily && binding.includes(network, address)) {
        return address;
      }
    }
    return null;
  }

  private void listen() {
    var buffer = ByteBuffer.allocate(DATAGRAM_BYTES_MAX);
    try {
      while (true) {
        var from = (InetSocketAddress) ear.receive(buffer.clear());
        var datagram = Arrays.copyOf(buffer.array(), buffer.position());
        receiver.received(Addresses.endpoint(from), datagram);
      }
    } catch (IOException e) {
      LOG.debug("no more multicast from {}: {}", group, e.getMessage()); // closed, mostly
    }
  }

  /** Sends a datagram to the group, on each interface; what cannot be sent now is lost. */
  public void send(byte[] datagram) {
    for (var mouth : mouths) {
      try {
        mouth.send(ByteBuffer.wrap(datagram), group);
      } catch (IOException e) {
        LOG.debug("multicast to {} failed: {}", group, e.getMessage());
      }
    }
  }

  @Override
  public void close() {
    try {
      ear.close();
      for (var mouth : mouths) {
        mouth.close();
      }
    } catch (IOException e) {
      LOG.debug("multicast socket", e);
    }
  }
}
