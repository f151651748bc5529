package org.spate.engine;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiPredicate;
import org.spate.core.Endpoint;
import org.spate.core.Hash160;
import org.spate.core.PeerId;
import org.spate.core.wire.Handshake;
import org.spate.core.wire.HandshakeCodec;
import org.spate.engine.storage.TestTorrent;

/** A peer over plain sockets that claims to have everything and lies about some of the blocks. */
final class RawSeed implements AutoCloseable {
  private static final int REQUEST = 6;
  private static final int PIECE = 7;

  private final TestTorrent torrent;
  private final BiPredicate<Integer, Integer> isSpoiled;
  private final int blocksMax;
  private final ServerSocket listening;
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();

  /** The blocks that were sent with a wrong bit, in order, as piece and begin. */
  final List<List<Integer>> lies = new CopyOnWriteArrayList<>();

  /**
   * @param isSpoiled asked with the piece and the begin of each block that is to be sent
   */
  RawSeed(TestTorrent torrent, BiPredicate<Integer, Integer> isSpoiled) throws IOException {
    this(torrent, isSpoiled, Integer.MAX_VALUE);
  }

  /**
   * @param blocksMax how many blocks it sends over a link before it stalls
   */
  RawSeed(TestTorrent torrent, BiPredicate<Integer, Integer> isSpoiled, int blocksMax)
      throws IOException {
    this.torrent = torrent;
    this.blocksMax = blocksMax;
    this.isSpoiled = isSpoiled;
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
      var in = new DataInputStream(socket.getInputStream());
      var out = new DataOutputStream(socket.getOutputStream());
      in.readNBytes(28);
      var infoHash = Hash160.of(in.readNBytes(20));
      in.readNBytes(20);
      var id = PeerId.random(new SplittableRandom(socket.getLocalPort()));
      out.write(HandshakeCodec.encode(new Handshake(Handshake.FAST, infoHash, id)));
      out.write(new byte[] {0, 0, 0, 1, 14, 0, 0, 0, 1, 1}); // have all, unchoke
      int sent = 0;
      while (true) {
        int length = in.readInt();
        var message = in.readNBytes(length);
        if (length == 13 && message[0] == REQUEST && sent++ < blocksMax) {
          answer(message, out);
        }
      }
    } catch (IOException _) {
      // Closed by the other side, or the test is over.
    }
  }

  private void answer(byte[] request, DataOutputStream out) throws IOException {
    var fields = ByteBuffer.wrap(request, 1, 12);
    int piece = fields.getInt();
    int begin = fields.getInt();
    var block = torrent.bytes(piece, begin, fields.getInt());
    if (isSpoiled.test(piece, begin)) {
      block[block.length / 2] ^= 1;
      lies.add(List.of(piece, begin));
    }
    out.writeInt(9 + block.length);
    out.writeByte(PIECE);
    out.writeInt(piece);
    out.writeInt(begin);
    out.write(block);
  }

  @Override
  public void close() throws IOException {
    listening.close();
    for (var socket : sockets) {
      socket.close();
    }
  }
}
