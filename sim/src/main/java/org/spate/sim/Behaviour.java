package org.spate.sim;

/** What a class of nodes makes of the protocol. */
public sealed interface Behaviour {

  /** Does what its machine says. */
  record Honest() implements Behaviour {}

  /** Takes without giving: its unchokes never leave the house. */
  record FreeRider() implements Behaviour {}

  /** Claims every piece and delivers none. */
  record Liar() implements Behaviour {}

  /** Claims every piece and spoils a share of the blocks that it sends. */
  record Poisoner(double share) implements Behaviour {
    public Poisoner {
      if (!(share > 0 && share <= 1)) {
        throw new IllegalArgumentException("share of spoilt blocks must be in (0, 1]: " + share);
      }
    }
  }

  default boolean isHonest() {
    return this instanceof Honest;
  }

  /** Whether its word about what it has is false. */
  default boolean isHostile() {
    return this instanceof Liar || this instanceof Poisoner;
  }
}
