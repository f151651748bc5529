package org.spate.core.swarm;

import org.spate.core.wire.Violation;

/** Why a link ended. The first group is the other side's violation, the rest is policy. */
public enum CloseReason {
  // Violations of the protocol.
  NOT_BITTORRENT("does not speak BitTorrent"),
  MESSAGE_TOO_LONG("sent a message beyond every bound"),
  WRONG_LENGTH("sent a message of the wrong length"),
  BLOCK_TOO_LONG("sent a block longer than any that is requested"),
  EXTENDED_TOO_LONG("sent an extension message beyond its bound"),
  BAD_EXTENSION_HANDSHAKE("sent an extension handshake that is no dictionary"),
  BAD_HASH_RANGE("named hashes that no tree can have"),
  TOO_MANY_HASHES("sent more hashes than anybody requests"),
  BAD_INDEX("named a piece that does not exist"),
  BAD_BITFIELD("sent a bitfield of the wrong size or with spare bits set"),
  LATE_HAVE_NONE("said that it has nothing after it had said what it has"),
  BAD_REQUEST("requested bytes outside a piece"),
  REQUEST_FLOOD("requested more than it may have waiting"),
  BAD_HASHES("sent hashes that do not fold to what is known"),
  UNSOLICITED("sent blocks that were not requested"),
  MESSAGE_FLOOD("sent far more control messages than any client needs"),
  BAD_EXTENSION_MESSAGE("sent an extension message that cannot be"),
  FAST_NOT_NEGOTIATED("used the Fast extension without offering it"),

  // Policy.
  SENT_BAD_DATA("sent a block that failed its hash"),
  SELF("is ourselves"),
  DUPLICATE("is connected already"),
  BANNED("is banned"),
  TOO_MANY_LINKS("no free connection slot"),
  USELESS("neither side has anything for the other"),
  NOT_FOR_PRIVATE("was not found by a tracker, and the torrent is private"),
  IDLE("was silent, or took nothing, for two minutes"),
  SNUBBED("did not deliver"),
  REPLACED("made room for a better peer"),
  PAUSED("the torrent was paused"),
  UNREADABLE("a block for it could not be read from disk"),
  REMOTE("closed by the other side");

  private final String text;

  CloseReason(String text) {
    this.text = text;
  }

  /** What a message that cannot be decoded is as the end of a link. */
  public static CloseReason of(Violation violation) {
    return switch (violation) {
      case NOT_BITTORRENT -> NOT_BITTORRENT;
      case MESSAGE_TOO_LONG -> MESSAGE_TOO_LONG;
      case WRONG_LENGTH -> WRONG_LENGTH;
      case BLOCK_TOO_LONG -> BLOCK_TOO_LONG;
      case BITFIELD_TOO_LONG -> BAD_BITFIELD;
      case EXTENDED_TOO_LONG -> EXTENDED_TOO_LONG;
      case BAD_EXTENSION_HANDSHAKE -> BAD_EXTENSION_HANDSHAKE;
      case BAD_EXTENSION_MESSAGE -> BAD_EXTENSION_MESSAGE;
      case BAD_HASH_RANGE -> BAD_HASH_RANGE;
      case TOO_MANY_HASHES -> TOO_MANY_HASHES;
    };
  }

  /** For people. */
  public String text() {
    return text;
  }

  /** Whether the other side broke the protocol. */
  public boolean isViolation() {
    return ordinal() <= FAST_NOT_NEGOTIATED.ordinal();
  }
}
