package org.spate.engine;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiPredicate;
import org.spate.core.Endpoint;
import org.spate.core.PeerId;
import org.spate.core.wire.Handshake;
import org.spate.engine.storage.TestTorrent;

/** A peer over plain sockets that claims to have everything and lies about some of the blocks. */
final class RawSeed implements AutoCloseable {
  private static final int REQUEST = 6;
  private static final int PIECE = 7;

  private final TestTorrent torrent;
  private final BiPredicate<Integer, Integer> isSpoiled;
  private final int blocksMax;
  private final PeerId id = PeerId.random(new SplittableRandom());
  private final RawServer server;

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
    server = new RawServer(this::serve);
  }

  Endpoint endpoint() {
    return server.endpoint();
  }

  /** How often it was dialled. */
  int links() {
    return server.links();
  }

  private void serve(DataInputStream in, DataOutputStream out) throws IOException {
    RawServer.shakeHands(in, out, id, Handshake.FAST);
    out.write(new byte[] {0, 0, 0, 1, 14, 0, 0, 0, 1, 1}); // have all, unchoke
    int sent = 0;
    while (true) {
      int length = in.readInt();
      var message = in.readNBytes(length);
      if (length == 13 && message[0] == REQUEST && sent++ < blocksMax) {
        answer(message, out);
      }
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
    server.close();
  }
}
