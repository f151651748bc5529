package org.spate.core.wire;

import static org.spate.core.wire.MessageId.*;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.spate.core.BigEndian;
import org.spate.core.Hash256;

/**
 * Reads peer messages (table in {@link MessageId}) from fragments of any size.
 *
 * <p>A message is taken in two parts. Its <i>head</i>, the length prefix, the id and the fields of
 * fixed size, goes through a small array of ours. Its body, if it has one, is a block that the host
 * cuts from its own buffer ({@link WireInput#readBlock}), an array that grows with the bytes that
 * have really come, or, for an id we do not know, nothing: it is skipped. So a length prefix alone
 * never makes us allocate, and every length is checked as soon as it can be read.
 *
 * <p>Messages of the extension protocol are told apart by our ids ({@link Extension}).
 */
public final class MessageDecoder {
  private static final byte[] EMPTY = {};

  /** The first size of a body's array when only a part of the body has come. */
  private static final int BODY_CAPACITY_MIN = 256;

  private static final PeerMessage KEEP_ALIVE_MESSAGE = new PeerMessage.KeepAlive();
  private static final PeerMessage CHOKE_MESSAGE = new PeerMessage.Choke();
  private static final PeerMessage UNCHOKE_MESSAGE = new PeerMessage.Unchoke();
  private static final PeerMessage INTERESTED_MESSAGE = new PeerMessage.Interested();
  private static final PeerMessage NOT_INTERESTED_MESSAGE = new PeerMessage.NotInterested();
  private static final PeerMessage HAVE_ALL_MESSAGE = new PeerMessage.HaveAll();
  private static final PeerMessage HAVE_NONE_MESSAGE = new PeerMessage.HaveNone();

  private WireLimits limits;
  private int messageLengthMax;

  private final byte[] head = new byte[PREFIX_LENGTH + HASH_HEADER_LENGTH];
  private int headSize;
  private int headLength = PREFIX_LENGTH;

  private byte[] body = EMPTY;
  private int bodySize; // bytes of the body kept or skipped

  public MessageDecoder(WireLimits limits) {
    this.limits = limits;
    this.messageLengthMax = limits.messageLengthMax();
  }

  /** Changes the limits, from the next message on: the metainfo has become known. */
  public void limit(WireLimits limits) {
    this.limits = limits;
    this.messageLengthMax = limits.messageLengthMax();
  }

  /**
   * Takes the next message, or what there is of it.
   *
   * @return a message, whose block, if it has one, belongs to the caller; or null if the input
   *     ended before the message did
   * @throws WireException if the peer broke the protocol; the decoder is of no use afterwards
   */
  public @Nullable PeerMessage decode(WireInput input) {
    if (!readHead(input)) {
      return null;
    }
    var message = length() == 0 ? KEEP_ALIVE_MESSAGE : message(input);
    if (message != null) {
      headSize = 0;
      headLength = PREFIX_LENGTH;
      body = EMPTY;
      bodySize = 0;
    }
    return message;
  }

  private int length() {
    return BigEndian.intAt(head, 0);
  }

  private int id() {
    return head[PREFIX_LENGTH] & 0xFF;
  }

  /** The field at an offset behind the id. */
  private int field(int offset) {
    return BigEndian.intAt(head, PREFIX_LENGTH + 1 + offset);
  }

  /** True when the head is whole: it becomes longer twice, when prefix and id are known. */
  private boolean readHead(WireInput input) {
    while (headSize < headLength) {
      int count = Math.min(headLength - headSize, input.readableBytes());
      if (count == 0) {
        return false;
      }
      input.readBytes(head, headSize, count);
      headSize += count;
      if (headSize == PREFIX_LENGTH) {
        headLength = checkPrefix();
      } else if (headSize == PREFIX_LENGTH + 1) {
        headLength = PREFIX_LENGTH + checkId();
      }
    }
    return true;
  }

  private int checkPrefix() {
    if (Integer.compareUnsigned(length(), messageLengthMax) > 0) {
      throw violation(Violation.MESSAGE_TOO_LONG);
    }
    return length() == 0 ? PREFIX_LENGTH : PREFIX_LENGTH + 1;
  }

  /** The length of the head behind the prefix, for this id. */
  private int checkId() {
    return switch (id()) {
      case PIECE ->
          check(PIECE_HEADER_LENGTH, 1, limits.blockLengthMax(), Violation.BLOCK_TOO_LONG);
      case BITFIELD -> check(1, 0, limits.bitfieldLengthMax(), Violation.BITFIELD_TOO_LONG);
      case EXTENDED ->
          check(EXTENDED_HEADER_LENGTH, 0, limits.extendedLengthMax(), Violation.EXTENDED_TOO_LONG);
      case HASHES ->
          check(HASH_HEADER_LENGTH, 0, limits.hashesLengthMax(), Violation.TOO_MANY_HASHES);
      default -> checkFixed(fixedLength(id()));
    };
  }

  private int check(int headerLength, int bodyMin, int bodyMax, Violation tooLong) {
    if (length() < headerLength + bodyMin) {
      throw violation(Violation.WRONG_LENGTH);
    }
    if (length() - headerLength > bodyMax) {
      throw violation(tooLong);
    }
    return headerLength;
  }

  private int checkFixed(int expected) {
    if (expected == VARIABLE) {
      return 1;
    }
    if (length() != expected) {
      throw violation(Violation.WRONG_LENGTH);
    }
    return expected;
  }

  private WireException violation(Violation violation) {
    var id = headSize > PREFIX_LENGTH ? " of id " + id() : "";
    return new WireException(
        violation, "message" + id + " and length " + Integer.toUnsignedString(length()));
  }

  private @Nullable PeerMessage message(WireInput input) {
    return switch (id()) {
      case CHOKE -> CHOKE_MESSAGE;
      case UNCHOKE -> UNCHOKE_MESSAGE;
      case INTERESTED -> INTERESTED_MESSAGE;
      case NOT_INTERESTED -> NOT_INTERESTED_MESSAGE;
      case HAVE -> new PeerMessage.Have(field(0));
      case BITFIELD -> readBody(input, 1) ? new PeerMessage.Bitfield(body) : null;
      case REQUEST -> new PeerMessage.Request(field(0), field(4), field(8));
      case PIECE -> piece(input);
      case CANCEL -> new PeerMessage.Cancel(field(0), field(4), field(8));
      case PORT -> new PeerMessage.Port(BigEndian.shortAt(head, PREFIX_LENGTH + 1));
      case SUGGEST_PIECE -> new PeerMessage.SuggestPiece(field(0));
      case HAVE_ALL -> HAVE_ALL_MESSAGE;
      case HAVE_NONE -> HAVE_NONE_MESSAGE;
      case REJECT_REQUEST -> new PeerMessage.RejectRequest(field(0), field(4), field(8));
      case ALLOWED_FAST -> new PeerMessage.AllowedFast(field(0));
      case EXTENDED -> extended(input);
      case HASH_REQUEST -> hashRequest();
      case HASHES -> hashes(input);
      case HASH_REJECT -> hashReject();
      default -> unknown(input, 1);
    };
  }

  private @Nullable PeerMessage piece(WireInput input) {
    var block = input.readBlock(length() - PIECE_HEADER_LENGTH);
    return block == null ? null : new PeerMessage.Piece(field(0), field(4), block);
  }

  private @Nullable PeerMessage extended(WireInput input) {
    int extensionId = head[PREFIX_LENGTH + 1] & 0xFF;
    var extension = Extension.byId(extensionId);
    if (extension == null && extensionId != Extension.HANDSHAKE_ID) {
      return unknown(input, EXTENDED_HEADER_LENGTH);
    }
    if (!readBody(input, EXTENDED_HEADER_LENGTH)) {
      return null;
    }
    return switch (extension) {
      case null -> new PeerMessage.ExtensionHandshake(ExtensionsCodec.parse(body));
      case LT_DONTHAVE -> dontHave();
      case UPLOAD_ONLY -> uploadOnly();
      case UT_METADATA, UT_PEX, UT_HOLEPUNCH -> new PeerMessage.Extended(extensionId, body);
    };
  }

  private PeerMessage dontHave() {
    if (body.length != 4) {
      throw violation(Violation.WRONG_LENGTH);
    }
    return new PeerMessage.DontHave(BigEndian.intAt(body, 0));
  }

  /** BEP 21 describes no message; clients send a flag of one byte, and wider ones do no harm. */
  private PeerMessage uploadOnly() {
    if (body.length < 1 || body.length > 4) {
      throw violation(Violation.WRONG_LENGTH);
    }
    boolean flag = false;
    for (byte b : body) {
      flag |= b != 0;
    }
    return new PeerMessage.UploadOnly(flag);
  }

  private HashRange hashRange() {
    var range = new HashRange(field(32), field(36), field(40), field(44));
    if (!range.isValid()) {
      throw violation(Violation.BAD_HASH_RANGE);
    }
    return range;
  }

  private Hash256 piecesRoot() {
    return Hash256.at(head, PREFIX_LENGTH + 1);
  }

  private PeerMessage hashRequest() {
    var range = hashRange();
    return new PeerMessage.HashRequest(
        piecesRoot(), range.baseLayer(), range.index(), range.length(), range.proofLayers());
  }

  private PeerMessage hashReject() {
    var range = hashRange();
    return new PeerMessage.HashReject(
        piecesRoot(), range.baseLayer(), range.index(), range.length(), range.proofLayers());
  }

  private @Nullable PeerMessage hashes(WireInput input) {
    var range = hashRange();
    if (range.length() > limits.hashCountMax()) {
      throw violation(Violation.TOO_MANY_HASHES);
    }
    if (length() != HASH_HEADER_LENGTH + range.hashCount() * HashRange.HASH_BYTES) {
      throw violation(Violation.WRONG_LENGTH);
    }
    if (!readBody(input, HASH_HEADER_LENGTH)) {
      return null;
    }
    return new PeerMessage.Hashes(
        piecesRoot(), range.baseLayer(), range.index(), range.length(), range.proofLayers(), body);
  }

  /** True when the body is whole; its array then has its exact length. */
  private boolean readBody(WireInput input, int headerLength) {
    int bodyLength = length() - headerLength;
    int count = Math.min(bodyLength - bodySize, input.readableBytes());
    int needed = bodySize + count;
    if (body.length < needed) {
      int capacity = Math.max(needed, Math.max(BODY_CAPACITY_MIN, 2 * body.length));
      body = Arrays.copyOf(body, Math.min(capacity, bodyLength));
    }
    input.readBytes(body, bodySize, count);
    bodySize = needed;
    return bodySize == bodyLength;
  }

  private @Nullable PeerMessage unknown(WireInput input, int headerLength) {
    int bodyLength = length() - headerLength;
    int count = Math.min(bodyLength - bodySize, input.readableBytes());
    input.skipBytes(count);
    bodySize += count;
    return bodySize == bodyLength ? new PeerMessage.Unknown(id(), length() - 1) : null;
  }
}
