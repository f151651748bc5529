package org.spate.core.wire;

import java.util.Arrays;
import org.spate.core.bencode.BencodeException;
import org.spate.core.bencode.BencodeLimits;
import org.spate.core.bencode.BencodeReader;
import org.spate.core.bencode.BencodeWriter;
import org.spate.core.bencode.Bencoded;

/** What {@code ut_metadata} carries (BEP 9): an info dictionary in pieces of 16 KiB. */
public sealed interface MetadataMessage {
  /** Bytes of a metadata piece; the last one may be shorter. */
  int PIECE_LENGTH = 1 << 14;

  record Request(int piece) implements MetadataMessage {}

  /**
   * A piece.
   *
   * @param totalSize of the whole dictionary as the sender has it, or 0 if it did not tell
   */
  record Data(int piece, int totalSize, byte[] bytes) implements MetadataMessage {}

  /** The sender does not have a piece, or has sent enough of them. */
  record Reject(int piece) implements MetadataMessage {}

  /** Of a type that BEP 9 does not know and asks to ignore. */
  record Unknown(long type) implements MetadataMessage {}

  /**
   * Parses the body of an extension message.
   *
   * @throws WireException if it is none of this kind; indexes are for the receiver to check
   */
  static MetadataMessage parse(byte[] body) {
    var header = header(body);
    var type = header.integer("msg_type");
    var piece = header.integer("piece");
    if (type == null || piece == null || piece < 0 || piece > Integer.MAX_VALUE) {
      throw new WireException(Violation.BAD_EXTENSION_MESSAGE, "without type or piece");
    }
    int index = piece.intValue();
    return switch (Math.clamp(type, -1, Integer.MAX_VALUE)) {
      case Codec.REQUEST -> new Request(index);
      case Codec.DATA ->
          new Data(index, totalSize(header), Arrays.copyOfRange(body, header.end(), body.length));
      case Codec.REJECT -> new Reject(index);
      default -> new Unknown(type);
    };
  }

  private static Bencoded.Dictionary header(byte[] body) {
    try {
      if (BencodeReader.parsePrefix(body, 0, body.length, Codec.LIMITS)
          instanceof Bencoded.Dictionary header) {
        return header;
      }
    } catch (BencodeException e) {
      throw new WireException(Violation.BAD_EXTENSION_MESSAGE, String.valueOf(e.getMessage()));
    }
    throw new WireException(Violation.BAD_EXTENSION_MESSAGE, "not a dictionary");
  }

  private static int totalSize(Bencoded.Dictionary header) {
    var size = header.integer("total_size");
    return size == null ? 0 : Math.clamp(size, 0, Integer.MAX_VALUE);
  }

  /** The body of an extension message. */
  default byte[] encode() {
    return switch (this) {
      case Request(int piece) -> Codec.header(Codec.REQUEST, piece, 0);
      case Data(int piece, int totalSize, byte[] bytes) -> {
        var header = Codec.header(Codec.DATA, piece, totalSize);
        var body = Arrays.copyOf(header, header.length + bytes.length);
        System.arraycopy(bytes, 0, body, header.length, bytes.length);
        yield body;
      }
      case Reject(int piece) -> Codec.header(Codec.REJECT, piece, 0);
      case Unknown(long type) -> throw new IllegalStateException("type " + type + " is not ours");
    };
  }

  /** The numbers on the wire. */
  final class Codec {
    private static final int REQUEST = 0;
    private static final int DATA = 1;
    private static final int REJECT = 2;

    private static final BencodeLimits LIMITS = new BencodeLimits(8, 100, false);

    private Codec() {}

    private static byte[] header(int type, int piece, int totalSize) {
      var writer = new BencodeWriter().beginDictionary();
      writer.key("msg_type").integer(type).key("piece").integer(piece);
      if (totalSize > 0) {
        writer.key("total_size").integer(totalSize);
      }
      return writer.end().toBytes();
    }
  }
}
