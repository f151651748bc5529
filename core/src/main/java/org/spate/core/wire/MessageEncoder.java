package org.spate.core.wire;

import static org.spate.core.wire.MessageId.*;

import org.spate.core.Hash256;

/**
 * Writes peer messages (table in {@link MessageId}) for one peer, by whose ids extension messages
 * are sent. Of a {@code piece} message only the header is written: its block goes from the host's
 * buffer or file to the socket without passing here.
 */
public final class MessageEncoder {
  private final ExtensionTable peerExtensions;

  /**
   * @param peerExtensions kept up to date by whoever receives the peer's extension handshakes
   */
  public MessageEncoder(ExtensionTable peerExtensions) {
    this.peerExtensions = peerExtensions;
  }

  /** Bytes on the wire, length prefix and block included. */
  public static int encodedLength(PeerMessage message) {
    return PREFIX_LENGTH + length(message);
  }

  private static int length(PeerMessage message) {
    return switch (message) {
      case PeerMessage.KeepAlive _ -> 0;
      case PeerMessage.Choke _,
          PeerMessage.Unchoke _,
          PeerMessage.Interested _,
          PeerMessage.NotInterested _,
          PeerMessage.HaveAll _,
          PeerMessage.HaveNone _ ->
          1;
      case PeerMessage.Port _ -> 3;
      case PeerMessage.Have _, PeerMessage.SuggestPiece _, PeerMessage.AllowedFast _ -> 5;
      case PeerMessage.Request _, PeerMessage.Cancel _, PeerMessage.RejectRequest _ -> 13;
      case PeerMessage.Bitfield(byte[] bits) -> 1 + bits.length;
      case PeerMessage.Piece(_, _, Payload block) -> PIECE_HEADER_LENGTH + block.length();
      case PeerMessage.HashRequest _, PeerMessage.HashReject _ -> HASH_HEADER_LENGTH;
      case PeerMessage.Hashes hashes -> HASH_HEADER_LENGTH + hashes.hashes().length;
      case PeerMessage.ExtensionHandshake(Extensions extensions) ->
          EXTENDED_HEADER_LENGTH + ExtensionsCodec.encode(extensions).length;
      case PeerMessage.DontHave _ -> EXTENDED_HEADER_LENGTH + 4;
      case PeerMessage.UploadOnly _ -> EXTENDED_HEADER_LENGTH + 1;
      case PeerMessage.Extended(_, byte[] body) -> EXTENDED_HEADER_LENGTH + body.length;
      case PeerMessage.Unknown(_, int length) -> 1 + length;
    };
  }

  /**
   * Writes a message; of a {@code piece} the first 13 bytes, which its block must follow.
   *
   * @throws IllegalStateException for an extension that the peer does not have
   * @throws IllegalArgumentException for {@code Unknown}, which is only ever received
   */
  public void encode(PeerMessage message, WireOutput out) {
    switch (message) {
      case PeerMessage.KeepAlive _ -> out.writeInt(0);
      case PeerMessage.Choke _ -> begin(CHOKE, message, out);
      case PeerMessage.Unchoke _ -> begin(UNCHOKE, message, out);
      case PeerMessage.Interested _ -> begin(INTERESTED, message, out);
      case PeerMessage.NotInterested _ -> begin(NOT_INTERESTED, message, out);
      case PeerMessage.Have(int index) -> begin(HAVE, message, out).writeInt(index);
      case PeerMessage.Bitfield(byte[] bits) -> begin(BITFIELD, message, out).writeBytes(bits);
      case PeerMessage.Request(int index, int begin, int length) ->
          writeInts(begin(REQUEST, message, out), index, begin, length);
      case PeerMessage.Piece(int index, int begin, _) ->
          writeInts(begin(PIECE, message, out), index, begin);
      case PeerMessage.Cancel(int index, int begin, int length) ->
          writeInts(begin(CANCEL, message, out), index, begin, length);
      case PeerMessage.Port(int port) -> begin(PORT, message, out).writeShort(port);
      case PeerMessage.SuggestPiece(int index) ->
          begin(SUGGEST_PIECE, message, out).writeInt(index);
      case PeerMessage.HaveAll _ -> begin(HAVE_ALL, message, out);
      case PeerMessage.HaveNone _ -> begin(HAVE_NONE, message, out);
      case PeerMessage.RejectRequest(int index, int begin, int length) ->
          writeInts(begin(REJECT_REQUEST, message, out), index, begin, length);
      case PeerMessage.AllowedFast(int index) -> begin(ALLOWED_FAST, message, out).writeInt(index);
      case PeerMessage.HashRequest m ->
          writeRange(
              begin(HASH_REQUEST, message, out),
              m.piecesRoot(),
              new HashRange(m.baseLayer(), m.index(), m.length(), m.proofLayers()));
      case PeerMessage.Hashes m -> {
        writeRange(
            begin(HASHES, message, out),
            m.piecesRoot(),
            new HashRange(m.baseLayer(), m.index(), m.length(), m.proofLayers()));
        out.writeBytes(m.hashes());
      }
      case PeerMessage.HashReject m ->
          writeRange(
              begin(HASH_REJECT, message, out),
              m.piecesRoot(),
              new HashRange(m.baseLayer(), m.index(), m.length(), m.proofLayers()));
      case PeerMessage.ExtensionHandshake(Extensions extensions) ->
          writeExtended(Extension.HANDSHAKE_ID, ExtensionsCodec.encode(extensions), out);
      case PeerMessage.DontHave(int index) ->
          beginExtended(peerExtensions.id(Extension.LT_DONTHAVE), 4, out).writeInt(index);
      case PeerMessage.UploadOnly(boolean flag) ->
          beginExtended(peerExtensions.id(Extension.UPLOAD_ONLY), 1, out).writeByte(flag ? 1 : 0);
      case PeerMessage.Extended(int id, byte[] body) -> writeExtended(id, body, out);
      case PeerMessage.Unknown _ ->
          throw new IllegalArgumentException("an unknown message is never sent");
    }
  }

  private static WireOutput begin(int id, PeerMessage message, WireOutput out) {
    out.writeInt(length(message));
    out.writeByte(id);
    return out;
  }

  private static WireOutput beginExtended(int extensionId, int bodyLength, WireOutput out) {
    out.writeInt(EXTENDED_HEADER_LENGTH + bodyLength);
    out.writeByte(EXTENDED);
    out.writeByte(extensionId);
    return out;
  }

  private static void writeExtended(int extensionId, byte[] body, WireOutput out) {
    beginExtended(extensionId, body.length, out).writeBytes(body);
  }

  private static void writeRange(WireOutput out, Hash256 piecesRoot, HashRange range) {
    out.writeBytes(piecesRoot.bytes());
    writeInts(out, range.baseLayer(), range.index(), range.length());
    out.writeInt(range.proofLayers());
  }

  private static void writeInts(WireOutput out, int first, int second) {
    out.writeInt(first);
    out.writeInt(second);
  }

  private static void writeInts(WireOutput out, int first, int second, int third) {
    writeInts(out, first, second);
    out.writeInt(third);
  }
}
