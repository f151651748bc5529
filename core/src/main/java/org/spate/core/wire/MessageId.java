package org.spate.core.wire;

/**
 * The ids of peer messages: the byte after the length prefix. A message is {@code <length: 4
 * bytes><id: 1 byte><fields>}; the length counts the id and the fields, and a length of 0 is a
 * keep-alive. All numbers are big-endian.
 *
 * <pre>
 *  id  message         fields                                            length   source
 *   -  keep-alive                                                             0   BEP 3
 *   0  choke                                                                  1   BEP 3
 *   1  unchoke                                                                1   BEP 3
 *   2  interested                                                             1   BEP 3
 *   3  not interested                                                         1   BEP 3
 *   4  have            index                                                  5   BEP 3
 *   5  bitfield        bits                                              1 + b    BEP 3
 *   6  request         index, begin, length                                  13   BEP 3
 *   7  piece           index, begin, block                               9 + b    BEP 3
 *   8  cancel          index, begin, length                                  13   BEP 3
 *   9  port            port (2 bytes)                                         3   BEP 5
 *  13  suggest piece   index                                                  5   BEP 6
 *  14  have all                                                               1   BEP 6
 *  15  have none                                                              1   BEP 6
 *  16  reject request  index, begin, length                                  13   BEP 6
 *  17  allowed fast    index                                                  5   BEP 6
 *  20  extended        extension id (1 byte), body                       2 + b    BEP 10
 *  21  hash request    pieces root (32 bytes), base layer, index,
 *                      length, proof layers                                  49   BEP 52
 *  22  hashes          as hash request, then hashes of 32 bytes      49 + 32 h    BEP 52
 *  23  hash reject     as hash request                                       49   BEP 52
 * </pre>
 *
 * The ids of extensions within {@code extended} are in {@link Extension}.
 */
final class MessageId {
  static final int CHOKE = 0;
  static final int UNCHOKE = 1;
  static final int INTERESTED = 2;
  static final int NOT_INTERESTED = 3;
  static final int HAVE = 4;
  static final int BITFIELD = 5;
  static final int REQUEST = 6;
  static final int PIECE = 7;
  static final int CANCEL = 8;
  static final int PORT = 9;
  static final int SUGGEST_PIECE = 13;
  static final int HAVE_ALL = 14;
  static final int HAVE_NONE = 15;
  static final int REJECT_REQUEST = 16;
  static final int ALLOWED_FAST = 17;
  static final int EXTENDED = 20;
  static final int HASH_REQUEST = 21;
  static final int HASHES = 22;
  static final int HASH_REJECT = 23;

  /** Bytes of the length prefix. */
  static final int PREFIX_LENGTH = 4;

  /** Id, index and begin of a {@code piece} message. */
  static final int PIECE_HEADER_LENGTH = 9;

  /** Id and extension id of an {@code extended} message. */
  static final int EXTENDED_HEADER_LENGTH = 2;

  /** Id, pieces root and four numbers: every hash message begins with them. */
  static final int HASH_HEADER_LENGTH = 49;

  /** The one length that messages of an id have, or {@link #VARIABLE}. */
  static int fixedLength(int id) {
    return switch (id) {
      case CHOKE, UNCHOKE, INTERESTED, NOT_INTERESTED, HAVE_ALL, HAVE_NONE -> 1;
      case PORT -> 3;
      case HAVE, SUGGEST_PIECE, ALLOWED_FAST -> 5;
      case REQUEST, CANCEL, REJECT_REQUEST -> 13;
      case HASH_REQUEST, HASH_REJECT -> HASH_HEADER_LENGTH;
      default -> VARIABLE;
    };
  }

  static final int VARIABLE = -1;

  private MessageId() {}
}
