package org.spate.core.tracker;

/**
 * Which of the peers that may be told an asker is told. A store draws candidates at random, so that
 * an announce costs the same whatever the size of the swarm, and this chooses among them.
 */
public interface PeerSelection {
  /** Takes them as they are drawn. */
  PeerSelection RANDOM =
      new PeerSelection() {
        @Override
        public void choose(
            Answer candidates, Announcement asker, int numwant, Dice dice, Answer answer) {
          candidates.peers().stream().limit(numwant).forEach(answer::add);
        }

        @Override
        public boolean isRandom() {
          return true;
        }
      };

  /** What the choice is made by: a number from 0 up to a bound. */
  interface Dice {
    int below(int bound);
  }

  /** Whether it need not be asked. */
  default boolean isRandom() {
    return false;
  }

  /** Adds up to {@code numwant} of the candidates to the answer. */
  void choose(Answer candidates, Announcement asker, int numwant, Dice dice, Answer answer);
}
