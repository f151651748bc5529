package org.spate.sim;

/** When the nodes of a class leave, in good order. */
public sealed interface Departure {

  record Never() implements Departure {}

  /** So long after its last piece. */
  record OnCompletion(long lingerNanos) implements Departure {
    public OnCompletion {
      Checks.notNegative(lingerNanos, "time to linger");
    }
  }

  /** So long after it joined, whatever it has by then. */
  record AfterTime(long stayNanos) implements Departure {
    public AfterTime {
      Checks.positive(stayNanos, "time to stay");
    }
  }

  /** For a seed: once so many copies of every piece are with others. */
  record AfterCopies(int copies) implements Departure {
    public AfterCopies {
      Checks.positive(copies, "copies");
    }
  }
}
