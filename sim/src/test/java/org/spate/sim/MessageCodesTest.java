package org.spate.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.spate.core.wire.MessageEncoder;
import org.spate.core.wire.PeerMessage;

/** A message is the same after its way, whether its number says it all or only where it waits. */
class MessageCodesTest {
  private static final BlockBytes BYTES = new BlockBytes();
  private static final int BLOCK = 16384;
  private static final int FAR = (BLOCK - 1) * BLOCK;

  private final MessageCodes codes = new MessageCodes(BYTES.wholeBlock());

  static List<PeerMessage> messages() {
    return List.of(
        new PeerMessage.KeepAlive(),
        new PeerMessage.Choke(),
        new PeerMessage.Unchoke(),
        new PeerMessage.Interested(),
        new PeerMessage.NotInterested(),
        new PeerMessage.HaveAll(),
        new PeerMessage.HaveNone(),
        new PeerMessage.Have(0),
        new PeerMessage.Have(1 << 27),
        new PeerMessage.Have(Integer.MAX_VALUE),
        new PeerMessage.Have(-1),
        new PeerMessage.Bitfield(new byte[] {1, 2, 3}),
        new PeerMessage.Request(0, 0, BLOCK),
        new PeerMessage.Request((1 << 28) - 1, FAR, 1),
        new PeerMessage.Request(1 << 28, FAR, 1),
        new PeerMessage.Request(7, BLOCK + 1, BLOCK),
        new PeerMessage.Request(7, -BLOCK, BLOCK),
        new PeerMessage.Request(7, BLOCK, 1 << 17),
        new PeerMessage.Request(7, BLOCK, -1),
        new PeerMessage.Cancel(5, 2 * BLOCK, 100),
        new PeerMessage.RejectRequest(5, 3 * BLOCK, BLOCK),
        new PeerMessage.SuggestPiece(9),
        new PeerMessage.Extended(3, new byte[100]),
        new PeerMessage.Piece(1, BLOCK, BYTES.good(BLOCK)),
        new PeerMessage.Piece(1, BLOCK, BYTES.good(77)),
        new PeerMessage.Piece(1, BLOCK, BYTES.corrupted(BYTES.good(BLOCK), 3)));
  }

  @ParameterizedTest
  @MethodSource("messages")
  void aMessageComesOutAsItWentIn(PeerMessage message) {
    codes.encode(new PeerMessage.Port(1)); // something else that waits
    for (int round = 0; round < 2; round++) {
      assertThat(codes.decode(codes.encode(message))).isEqualTo(message);
    }
  }

  @ParameterizedTest
  @MethodSource("messages")
  void itsNumberTellsItsLength(PeerMessage message) {
    long code = codes.encode(message);
    assertThat(MessageCodes.length(code)).isEqualTo(MessageEncoder.encodedLength(message));
    assertThat(codes.blockBytes(code))
        .isEqualTo(message instanceof PeerMessage.Piece piece ? piece.block().length() : 0);
  }

  @Test
  void whatWaitsIsTakenOnce() {
    long code = codes.encode(new PeerMessage.Extended(3, new byte[100]));
    codes.decode(code);
    assertThatThrownBy(() -> codes.decode(code)).isInstanceOf(IllegalStateException.class);
  }
}
