package org.spate.core.recording;

import java.util.List;
import org.spate.core.wire.Extension;
import org.spate.core.wire.ExtensionTable;
import org.spate.core.wire.Extensions;
import org.spate.core.wire.MessageDecoder;
import org.spate.core.wire.MessageEncoder;
import org.spate.core.wire.PeerMessage;
import org.spate.core.wire.WireException;
import org.spate.core.wire.WireLimits;

/**
 * Peer messages in a recording: those of which there are thousands with small numbers, the rest as
 * on the wire. Blocks are not recorded, only how long they are.
 *
 * <pre>
 *   0  piece    index, begin, length of the block
 *   1  request  index, begin, length
 *   2  cancel   index, begin, length
 *   3  reject   index, begin, length
 *   4  have     index
 *   5  unknown  id, length
 *   6  other    as on the wire, extensions by our own ids
 * </pre>
 */
final class MessageForm {
  private static final int PIECE = 0;
  private static final int REQUEST = 1;
  private static final int CANCEL = 2;
  private static final int REJECT = 3;
  private static final int HAVE = 4;
  private static final int UNKNOWN = 5;
  private static final int OTHER = 6;

  private static final WireLimits LIMITS = WireLimits.WITHOUT_METAINFO;

  private MessageForm() {}

  static void write(PeerMessage message, FormWriter out) {
    switch (message) {
      case PeerMessage.Piece(int index, int begin, var block) ->
          writeRange(PIECE, index, begin, block.length(), out);
      case PeerMessage.Request(int index, int begin, int length) ->
          writeRange(REQUEST, index, begin, length, out);
      case PeerMessage.Cancel(int index, int begin, int length) ->
          writeRange(CANCEL, index, begin, length, out);
      case PeerMessage.RejectRequest(int index, int begin, int length) ->
          writeRange(REJECT, index, begin, length, out);
      case PeerMessage.Have(int index) -> {
        out.writeByte(HAVE);
        out.writeNumber(index);
      }
      case PeerMessage.Unknown(int id, int length) -> {
        out.writeByte(UNKNOWN);
        out.writeNumber(id);
        out.writeNumber(length);
      }
      default -> {
        out.writeByte(OTHER);
        new MessageEncoder(ourIds()).encode(message, out);
      }
    }
  }

  private static void writeRange(int tag, int index, int begin, int length, FormWriter out) {
    out.writeByte(tag);
    out.writeNumber(index);
    out.writeNumber(begin);
    out.writeNumber(length);
  }

  private static ExtensionTable ourIds() {
    var ids = Extension.ids(List.of(Extension.values()));
    var table = new ExtensionTable();
    table.update(new Extensions(ids, null, 0, 0, false, 0, false, null));
    return table;
  }

  static PeerMessage read(FormReader in) {
    int tag = in.readByte();
    return switch (tag) {
      case PIECE ->
          new PeerMessage.Piece(in.readSmall(), in.readSmall(), BareBlock.ofLength(in.readSmall()));
      case REQUEST -> new PeerMessage.Request(in.readSmall(), in.readSmall(), in.readSmall());
      case CANCEL -> new PeerMessage.Cancel(in.readSmall(), in.readSmall(), in.readSmall());
      case REJECT -> new PeerMessage.RejectRequest(in.readSmall(), in.readSmall(), in.readSmall());
      case HAVE -> new PeerMessage.Have(in.readSmall());
      case UNKNOWN -> new PeerMessage.Unknown(in.readSmall(), in.readSmall());
      case OTHER -> readOther(in);
      default -> throw new RecordingException("a message that this version does not know: " + tag);
    };
  }

  private static PeerMessage readOther(FormReader in) {
    try {
      var message = new MessageDecoder(LIMITS).decode(in);
      if (message == null) {
        throw new RecordingException("a message that is cut off");
      }
      return message;
    } catch (WireException e) {
      throw new RecordingException("a message that cannot be: " + e.getMessage(), e);
    }
  }
}
