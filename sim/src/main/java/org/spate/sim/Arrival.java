package org.spate.sim;

import java.util.random.RandomGenerator;

/** When the nodes of a class join. */
public sealed interface Arrival {

  /** All at the start, each a random moment later. */
  record FlashCrowd(long jitterNanos) implements Arrival {
    public FlashCrowd {
      Checks.notNegative(jitterNanos, "jitter");
    }
  }

  /** One after the other at random moments, so many a second on average. */
  record Poisson(double perSecond) implements Arrival {
    public Poisson {
      if (!(perSecond > 0)) {
        throw new IllegalArgumentException("arrivals a second must be positive, not " + perSecond);
      }
    }
  }

  /** At given times, one for each node. */
  record Trace(long... joinNanos) implements Arrival {
    public Trace {
      joinNanos = joinNanos.clone();
      for (long at : joinNanos) {
        Checks.notNegative(at, "time of arrival");
      }
    }
  }

  /** One time for each of so many nodes. */
  default long[] times(int count, RandomGenerator random) {
    return switch (this) {
      case FlashCrowd(long jitterNanos) -> {
        var times = new long[count];
        for (int i = 0; i < count; i++) {
          times[i] = jitterNanos == 0 ? 0 : random.nextLong(jitterNanos);
        }
        yield times;
      }
      case Poisson(double perSecond) -> {
        var times = new long[count];
        double seconds = 0;
        for (int i = 0; i < count; i++) {
          seconds += random.nextExponential() / perSecond;
          times[i] = Math.round(seconds * 1e9);
        }
        yield times;
      }
      case Trace(long[] joinNanos) -> {
        if (joinNanos.length != count) {
          throw new IllegalArgumentException(
              "a trace of " + joinNanos.length + " arrivals for " + count + " nodes");
        }
        yield joinNanos.clone();
      }
    };
  }
}
