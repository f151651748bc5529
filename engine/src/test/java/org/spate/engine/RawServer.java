package org.spate.engine;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.spate.core.Endpoint;
import org.spate.core.Hash160;
import org.spate.core.PeerId;
import org.spate.core.wire.Handshake;
import org.spate.core.wire.HandshakeCodec;

/**
 * A server on loopback over plain sockets: a thread for each connection, until the test is over.
 */
final class RawServer implements AutoCloseable {
  /** What is done with a connection; an exception ends it. */
  interface Service {
    void serve(DataInputStream in, DataOutputStream out) throws IOException;
  }

  private final Service service;
  private final ServerSocket listening;
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();

  RawServer(Service service) throws IOException {
    this.service = service;
    listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::listen);
  }

  Endpoint endpoint() {
    return Endpoint.of(listening.getInetAddress().getAddress(), listening.getLocalPort());
  }

  /** How often it was dialled. */
  int links() {
    return sockets.size();
  }

  private void listen() {
    try {
      while (true) {
        var socket = listening.accept();
        sockets.add(socket);
        Thread.ofVirtual().start(() -> serve(socket));
      }
    } catch (IOException _) {
      // The test is over.
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      service.serve(
          new DataInputStream(socket.getInputStream()),
          new DataOutputStream(socket.getOutputStream()));
    } catch (IOException _) {
      // Closed by the other side, or the test is over.
    }
  }

  /** Answers a peer's handshake, for whatever torrent it names. */
  static void shakeHands(DataInputStream in, DataOutputStream out, PeerId id, long reserved)
      throws IOException {
    in.readNBytes(28);
    var infoHash = Hash160.of(in.readNBytes(20));
    in.readNBytes(20);
    out.write(HandshakeCodec.encode(new Handshake(reserved, infoHash, id)));
  }

  @Override
  public void close() throws IOException {
    listening.close();
    for (var socket : sockets) {
      socket.close();
    }
  }
}
