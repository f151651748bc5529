package org.spate.tracker;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.spate.core.Endpoint;

/**
 * A bound socket of Linux, for datagrams or listening for connections.
 *
 * @param v6 whether it speaks IPv6; at a wildcard address it then takes IPv4, too
 */
record BoundSocket(int fd, boolean v6, InetSocketAddress address) {
  private static final int RECEIVE_BUFFER_BYTES = 4 << 20;
  private static final int BACKLOG = 1_024;

  /**
   * A connection is of no interest before its request is there; after so long it is all the same.
   */
  private static final int DEFER_ACCEPT_SECONDS = 1;

  private static final int NAME_BYTES = 28;

  /** What a socket is for. */
  enum Kind {
    DATAGRAMS,
    CONNECTIONS
  }

  /**
   * Sockets at one address that share what comes. The kernel hands each datagram to the one that
   * {@link Steering} chooses, and each connection to any.
   */
  static List<BoundSocket> bind(InetSocketAddress address, int count, Kind kind)
      throws IOException {
    if (count > 1 && address.getPort() != 0) {
      // Sockets that share an address would share it with those of another process, too.
      bind(address, false, kind).close();
    }
    var sockets = new ArrayList<BoundSocket>(count);
    try {
      var at = address;
      for (int i = 0; i < count; i++) {
        sockets.add(bind(at, count > 1, kind));
        at = new InetSocketAddress(address.getAddress(), sockets.getFirst().address.getPort());
      }
      if (count > 1 && kind == Kind.DATAGRAMS) {
        Steering.attach(sockets.getFirst().fd, count);
      }
      for (var socket : sockets) {
        socket.listen(kind);
      }
      return sockets;
    } catch (IOException e) {
      sockets.forEach(BoundSocket::close);
      throw e;
    }
  }

  private void listen(Kind kind) throws IOException {
    if (kind == Kind.CONNECTIONS) {
      LinuxSockets.setOption(
          fd, LinuxSockets.IPPROTO_TCP, LinuxSockets.TCP_DEFER_ACCEPT, DEFER_ACCEPT_SECONDS);
      LinuxSockets.listen(fd, BACKLOG);
    }
  }

  private static BoundSocket bind(InetSocketAddress address, boolean isShared, Kind kind)
      throws IOException {
    boolean isWildcard = address.getAddress().isAnyLocalAddress();
    if (!isWildcard) {
      return bind(address, address.getAddress().getAddress().length == 16, isShared, kind);
    }
    try {
      return bind(address, true, isShared, kind);
    } catch (IOException e) {
      // A machine without IPv6; if that was not it, the second attempt says so as well.
      return bind(address, false, isShared, kind);
    }
  }

  private static BoundSocket bind(
      InetSocketAddress address, boolean v6, boolean isShared, Kind kind) throws IOException {
    int fd = LinuxSockets.open(DatagramBatch.family(v6), kind == Kind.DATAGRAMS);
    try {
      if (kind == Kind.DATAGRAMS) {
        LinuxSockets.setOption(
            fd, LinuxSockets.SOL_SOCKET, LinuxSockets.SO_RCVBUF, RECEIVE_BUFFER_BYTES);
      } else {
        LinuxSockets.setOption(fd, LinuxSockets.SOL_SOCKET, LinuxSockets.SO_REUSEADDR, 1);
      }
      if (isShared) {
        LinuxSockets.setOption(fd, LinuxSockets.SOL_SOCKET, LinuxSockets.SO_REUSEPORT, 1);
      }
      boolean isWildcard = address.getAddress().isAnyLocalAddress();
      if (v6) {
        int only = isWildcard ? 0 : 1;
        LinuxSockets.setOption(fd, LinuxSockets.IPPROTO_IPV6, LinuxSockets.IPV6_V6ONLY, only);
      }
      var name = ByteBuffer.allocateDirect(NAME_BYTES);
      var endpoint =
          isWildcard
              ? v6 ? new Endpoint(0, 0, address.getPort()) : Endpoint.v4(0, address.getPort())
              : Sources.of(address);
      LinuxSockets.bind(fd, name, DatagramBatch.writeName(name, 0, v6, endpoint));
      LinuxSockets.name(fd, name);
      return new BoundSocket(fd, v6, bound(address.getAddress(), name));
    } catch (IOException e) {
      LinuxSockets.close(fd);
      throw e;
    }
  }

  /** A socket for datagrams that was bound by another process. */
  static BoundSocket adopt(int fd) throws IOException {
    var name = ByteBuffer.allocateDirect(NAME_BYTES).order(ByteOrder.nativeOrder());
    LinuxSockets.name(fd, name);
    boolean v6 = name.getShort(0) == LinuxSockets.AF_INET6;
    LinuxSockets.setOption(
        fd, LinuxSockets.SOL_SOCKET, LinuxSockets.SO_RCVBUF, RECEIVE_BUFFER_BYTES);
    var address = new byte[v6 ? 16 : 4];
    name.get(v6 ? 8 : 4, address);
    name.order(ByteOrder.BIG_ENDIAN);
    return new BoundSocket(fd, v6, bound(InetAddress.getByAddress(address), name));
  }

  private static InetSocketAddress bound(InetAddress address, ByteBuffer name) {
    return new InetSocketAddress(address, name.getShort(2) & 0xFFFF);
  }

  void close() {
    LinuxSockets.close(fd);
  }
}
