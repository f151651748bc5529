package org.spate.engine;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import org.spate.core.Endpoint;
import org.spate.core.PeerId;
import org.spate.core.wire.Handshake;
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
  private final PeerId id = PeerId.random(new SplittableRandom());
  private final RawServer server;
  final List<Integer> asked = new CopyOnWriteArrayList<>();

  /**
   * @param size what it says that the metadata's length is, whatever that means
   */
  RawMetadataPeer(long size, Manner manner) throws IOException {
    this.size = size;
    this.manner = manner;
    server = new RawServer(this::serve);
  }

  Endpoint endpoint() {
    return server.endpoint();
  }

  private void serve(DataInputStream in, DataOutputStream out) throws IOException {
    RawServer.shakeHands(in, out, id, Handshake.EXTENSION_PROTOCOL);
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
    server.close();
  }
}
