package org.spate.core.wire;

import org.spate.core.Hash256;

/**
 * What two peers say to each other after the handshake: BEP 3, the Fast extension (BEP 6), the
 * extension protocol (BEP 10) and what it carries, and the hash messages of BEP 52. Names and
 * fields are those of the BEPs. Index and length fields are as they came: a receiver checks them
 * against its {@code PieceGeometry}.
 */
public sealed interface PeerMessage {

  record KeepAlive() implements PeerMessage {}

  record Choke() implements PeerMessage {}

  record Unchoke() implements PeerMessage {}

  record Interested() implements PeerMessage {}

  record NotInterested() implements PeerMessage {}

  record Have(int index) implements PeerMessage {}

  /** The raw bytes; bit 7 of byte 0 is piece 0. Length and spare bits are for the receiver. */
  record Bitfield(byte[] bits) implements PeerMessage {

    /** Whether it has the length for so many pieces, and no spare bit is set (BEP 3). */
    public boolean fits(int pieceCount) {
      int spareBits = -pieceCount & 7;
      return bits.length == Math.ceilDiv(pieceCount, 8)
          && (spareBits == 0 || (bits[bits.length - 1] & ((1 << spareBits) - 1)) == 0);
    }
  }

  record Request(int index, int begin, int length) implements PeerMessage {}

  record Piece(int index, int begin, Payload block) implements PeerMessage {}

  record Cancel(int index, int begin, int length) implements PeerMessage {}

  /** The DHT port (BEP 5). */
  record Port(int port) implements PeerMessage {}

  record SuggestPiece(int index) implements PeerMessage {}

  record HaveAll() implements PeerMessage {}

  record HaveNone() implements PeerMessage {}

  record RejectRequest(int index, int begin, int length) implements PeerMessage {}

  record AllowedFast(int index) implements PeerMessage {}

  /** BEP 52: asks for {@code length} hashes of a layer, and their uncles up to the root. */
  record HashRequest(Hash256 piecesRoot, int baseLayer, int index, int length, int proofLayers)
      implements PeerMessage {}

  /** The answer: {@code length} hashes and then the proof, 32 bytes each. */
  record Hashes(
      Hash256 piecesRoot, int baseLayer, int index, int length, int proofLayers, byte[] hashes)
      implements PeerMessage {}

  record HashReject(Hash256 piecesRoot, int baseLayer, int index, int length, int proofLayers)
      implements PeerMessage {}

  /** BEP 10, id 0. */
  record ExtensionHandshake(Extensions extensions) implements PeerMessage {}

  /** BEP 54: the sender no longer has a piece. */
  record DontHave(int index) implements PeerMessage {}

  /** BEP 21: sent in an updated extension handshake by old clients, or as its own message. */
  record UploadOnly(boolean uploadOnly) implements PeerMessage {}

  /**
   * An extension message (BEP 10) by the id that the receiver chose; body not looked at. Received,
   * the id is one of {@link Extension}; to be sent, it is from the peer's {@link ExtensionTable}.
   */
  record Extended(int id, byte[] body) implements PeerMessage {}

  /** A message whose id, or extension id, we do not know, and the bytes behind its id; ignored. */
  record Unknown(int id, int length) implements PeerMessage {}
}
