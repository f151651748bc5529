package org.spate.core.swarm;

/** Why a link ended. The first group is the other side's violation, the rest is policy. */
public enum CloseReason {
  // Violations of the protocol.
  MALFORMED("sent a malformed message"),
  BAD_INDEX("named a piece that does not exist"),
  BAD_BITFIELD("sent a bitfield of the wrong size or with spare bits set"),
  LATE_HAVE_NONE("said that it has nothing after it had said what it has"),
  BAD_REQUEST("requested bytes outside a piece"),
  REQUEST_FLOOD("requested more than it may have waiting"),
  UNSOLICITED("sent blocks that were not requested"),
  MESSAGE_FLOOD("sent far more control messages than any client needs"),
  FAST_NOT_NEGOTIATED("used the Fast extension without offering it"),

  // Policy.
  SENT_BAD_DATA("sent a block that failed its hash"),
  SELF("is ourselves"),
  DUPLICATE("is connected already"),
  BANNED("is banned"),
  TOO_MANY_LINKS("no free connection slot"),
  USELESS("neither side has anything for the other"),
  IDLE("was silent, or took nothing, for two minutes"),
  SNUBBED("did not deliver"),
  REPLACED("made room for a better peer"),
  PAUSED("the torrent was paused"),
  REMOTE("closed by the other side");

  private final String text;

  CloseReason(String text) {
    this.text = text;
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
