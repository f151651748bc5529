package org.spate.core.announce;

/** Why a client announces (BEP 3); in the order of the numbers of BEP 15. */
public enum AnnounceEvent {
  /** One of the announces made at regular intervals. */
  NONE(""),
  COMPLETED("completed"),
  STARTED("started"),
  STOPPED("stopped");

  private final String parameter;

  AnnounceEvent(String parameter) {
    this.parameter = parameter;
  }

  /** The value of the {@code event} parameter; empty for {@link #NONE}. */
  public String parameter() {
    return parameter;
  }

  /** By its HTTP parameter; whatever is unknown counts as {@link #NONE}. */
  static AnnounceEvent ofParameter(String parameter) {
    for (var event : values()) {
      if (event.parameter.equals(parameter)) {
        return event;
      }
    }
    return NONE;
  }

  /** By its number in a UDP packet; whatever is unknown counts as {@link #NONE}. */
  static AnnounceEvent ofNumber(int number) {
    return number >= 0 && number < values().length ? values()[number] : NONE;
  }
}
