package org.spate.core.swarm;

import java.util.Comparator;

/** Who deserves an upload slot most. Asked at every rechoke; ties are broken at random. */
sealed interface ChokePolicy {

  /**
   * What a policy may know of a neighbour.
   *
   * @param givesRate bytes a second that it sends us
   * @param takesRate bytes a second that it takes from us
   * @param unchokedNanos when its present slot began, or its last one ended; 0 if it never had one
   */
  record Candidate(
      boolean isUnchoked,
      boolean isSnubbed,
      double givesRate,
      double takesRate,
      long unchokedNanos) {}

  /** Whether it may have a slot of its own, besides by lot. */
  default boolean deserves(Candidate candidate) {
    return true;
  }

  /** The most deserving first. */
  Comparator<Candidate> order(long nowNanos);

  /** Tit for tat (BEP 3): to those who give most. Who lets us wait gets nothing in return. */
  record TitForTat() implements ChokePolicy {
    @Override
    public boolean deserves(Candidate candidate) {
      return !candidate.isSnubbed();
    }

    @Override
    public Comparator<Candidate> order(long nowNanos) {
      return Comparator.comparingDouble(c -> -c.givesRate());
    }
  }

  /** For a seed: to those who take fastest, so that copies leave soon. */
  record FastestUpload() implements ChokePolicy {
    @Override
    public Comparator<Candidate> order(long nowNanos) {
      return Comparator.comparingDouble(c -> -c.takesRate());
    }
  }

  /** A turn each, and whoever has waited longest is next. */
  record RoundRobin() implements ChokePolicy {
    private static final long TURN_NANOS = 30_000_000_000L;

    @Override
    public Comparator<Candidate> order(long nowNanos) {
      return Comparator.<Candidate>comparingInt(c -> group(c, nowNanos))
          .thenComparingLong(Candidate::unchokedNanos);
    }

    private static int group(Candidate candidate, long nowNanos) {
      if (!candidate.isUnchoked()) {
        return 1;
      }
      return nowNanos - candidate.unchokedNanos() < TURN_NANOS ? 0 : 2;
    }
  }
}
