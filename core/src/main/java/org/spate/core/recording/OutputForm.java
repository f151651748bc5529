package org.spate.core.recording;

import org.spate.core.swarm.SwarmOutput;

/** Outputs of a swarm as bytes, to be compared: a recording keeps no more than their hash. */
final class OutputForm {
  private static final int DIAL = 0;
  private static final int SEND = 1;
  private static final int CLOSE_LINK = 2;
  private static final int READ_BLOCK = 3;
  private static final int WRITE_BLOCK = 4;
  private static final int VERIFY_PIECE = 5;
  private static final int EXPECT_LEAVES = 6;
  private static final int HASH_LEAVES = 7;
  private static final int WANT_PEERS = 8;
  private static final int NOTIFY = 9;
  private static final int PUNCH = 10;

  private final FormWriter out;

  OutputForm(FormWriter out) {
    this.out = out;
  }

  void write(SwarmOutput output) {
    switch (output) {
      case SwarmOutput.Dial(var remote) -> {
        out.writeByte(DIAL);
        out.writeEndpoint(remote);
      }
      case SwarmOutput.Punch(var remote) -> {
        out.writeByte(PUNCH);
        out.writeEndpoint(remote);
      }
      case SwarmOutput.Send(int link, var message) -> {
        writeNumbers(SEND, link);
        MessageForm.write(message, out);
      }
      case SwarmOutput.CloseLink(int link, var reason) ->
          writeNumbers(CLOSE_LINK, link, reason.ordinal());
      case SwarmOutput.ReadBlock(int link, int index, int begin, int length) ->
          writeNumbers(READ_BLOCK, link, index, begin, length);
      case SwarmOutput.WriteBlock(int index, int begin, var block) ->
          writeNumbers(WRITE_BLOCK, index, begin, block.length());
      case SwarmOutput.VerifyPiece(int index, boolean wantDigests) ->
          writeNumbers(VERIFY_PIECE, index, wantDigests ? 1 : 0);
      case SwarmOutput.ExpectLeaves(int index, byte[] leaves) -> {
        writeNumbers(EXPECT_LEAVES, index);
        out.writeBlob(leaves);
      }
      case SwarmOutput.HashLeaves(int link, int index) -> writeNumbers(HASH_LEAVES, link, index);
      case SwarmOutput.WantPeers() -> out.writeByte(WANT_PEERS);
      case SwarmOutput.Notify(var event) -> {
        // A swarm's events are numbers, endpoints and words, and few: their text says all.
        out.writeByte(NOTIFY);
        out.writeText(event.toString());
      }
    }
  }

  private void writeNumbers(int tag, int... numbers) {
    out.writeByte(tag);
    for (int number : numbers) {
      out.writeNumber(number);
    }
  }
}
