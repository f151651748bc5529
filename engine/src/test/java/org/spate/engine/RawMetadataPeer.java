package org.spate.engine;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import org.spate.core.Endpoint;
import org.spate.core.Hash160;
import org.spate.core.PeerId;
import org.spate.core.wire.Handshake;
import org.spate.core.wire.HandshakeCodec;
import org.spate.core.wire.MetadataMessage;

/** A peer over plain sockets that says how long the metadata is and answers requests for it. */
final class RawMetadataPeer implements AutoCloseable {
  private static final int EXTENDED = 20;
  private static final int OUR_ID = 3;

  /** A session's number of the extension, as it tells in its handshake. */
  static final int UT_METADATA = 2;

  /** What the peer does. */
  interface Manner {
    /** The reply to a request for a piece, in the message's body; null for none. */
    byte[] answer(int piece);
  }

  private final long size;
  private final Manner manner;
  private final ServerSocket listening;
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  final List<Integer> asked = new CopyOnWriteArrayList<>();

  /**
   * @param size what it says that the metadata's length is, whatever that means
   */
  RawMetadataPeer(long size, Manner manner) throws IOException {
    this.size = size;
    this.manner = manner;
    listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::listen);
  }

  Endpoint endpoint() {
    return Endpoint.of(listening.getInetAddress().getAddress(), listening.getLocalPort());
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
      var in = new DataInputStream(socket.getInputStream());
      var out = new DataOutputStream(socket.getOutputStream());
      in.readNBytes(28);
      var infoHash = Hash160.of(in.readNBytes(20));
      in.readNBytes(20);
      var id = PeerId.random(new SplittableRandom(socket.getLocalPort()));
      out.write(HandshakeCodec.encode(new Handshake(Handshake.EXTENSION_PROTOCOL, infoHash, id)));
      var hello = "d1:md11:ut_metadatai" + OUR_ID + "ee13:metadata_sizei" + size + "ee";
      send(out, 0, hello.getBytes(StandardCharsets.US_ASCII));
      while (true) {
        var message = in.readNBytes(in.readInt());
        if (message.length > 2
            && message[0] == EXTENDED
            && message[1] == OUR_ID
            && MetadataMessage.parse(Arrays.copyOfRange(message, 2, message.length))
                instanceof MetadataMessage.Request(int piece)) {
          asked.add(piece);
          var answer = manner.answer(piece);
          if (answer != null) {
            send(out, UT_METADATA, answer);
          }
        }
      }
    } catch (IOException _) {
      // Closed by the other side, or the test is over.
    }
  }

  private static void send(DataOutputStream out, int id, byte[] body) throws IOException {
    out.writeInt(2 + body.length);
    out.writeByte(EXTENDED);
    out.writeByte(id);
    out.write(body);
    out.flush();
  }

  @Override
  public void close() throws IOException {
    listening.close();
    for (var socket : sockets) {
      socket.close();
    }
  }
}
