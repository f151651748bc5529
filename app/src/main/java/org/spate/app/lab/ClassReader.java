package org.spate.app.lab;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.spate.core.swarm.SwarmSettings;
import org.spate.sim.Arrival;
import org.spate.sim.Behaviour;
import org.spate.sim.Departure;
import org.spate.sim.NodeClass;

/**
 * Reads one class of nodes.
 *
 * @param latencyNanos of classes that name none of their own
 * @param settings likewise
 */
record ClassReader(Rates rates, long latencyNanos, SwarmSettings settings) {
  private static final long JITTER_NANOS = 100_000_000L;
  private static final int GROUP_MAX = 30;

  NodeClass read(Section section) {
    boolean seeds = section.value("seeds", Values::flag, false);
    var kind =
        new NodeClass(
            section.required("name", name -> name),
            section.value("count", Values::positive, 1),
            seeds,
            section.required("up", text -> rates.positive("rate", text)),
            section.required("down", text -> rates.positive("rate", text)),
            section.value("latency", Values::nanos, latencyNanos),
            behaviour(section),
            arrival(section, seeds),
            departure(section),
            groups(section),
            SettingsReader.read(section, settings));
    section.end();
    return kind;
  }

  private static Behaviour behaviour(Section section) {
    double share = section.value("spoilt-share", Values::decimal, 1.0);
    return section.value(
        "behaviour",
        text ->
            switch (text) {
              case "honest" -> new Behaviour.Honest();
              case "free-rider" -> new Behaviour.FreeRider();
              case "liar" -> new Behaviour.Liar();
              case "poisoner" -> new Behaviour.Poisoner(share);
              default -> throw Values.refusal(text, "one of: honest, free-rider, liar, poisoner");
            },
        new Behaviour.Honest());
  }

  /** One of: all within a time, so many a second, at given times. */
  private static Arrival arrival(Section section, boolean seeds) {
    @Nullable Arrival arrival = null;
    if (section.has("arrive-within")) {
      arrival = new Arrival.FlashCrowd(section.required("arrive-within", Values::nanos));
    }
    if (section.has("arrive-per-second")) {
      arrival = one(arrival, section, section.required("arrive-per-second", ClassReader::poisson));
    }
    if (section.has("arrive-at")) {
      arrival = one(arrival, section, new Arrival.Trace(times(section)));
    }
    return arrival == null ? new Arrival.FlashCrowd(seeds ? 0 : JITTER_NANOS) : arrival;
  }

  private static Arrival poisson(String text) {
    return new Arrival.Poisson(Values.decimal(text));
  }

  private static long[] times(Section section) {
    try {
      return section.texts("arrive-at").stream().mapToLong(Values::nanos).toArray();
    } catch (IllegalArgumentException e) {
      throw section.problem("arrive-at", String.valueOf(e.getMessage()));
    }
  }

  private static Arrival one(@Nullable Arrival before, Section section, Arrival arrival) {
    if (before != null) {
      throw section.problem("arrive-...", "nodes arrive in one way only");
    }
    return arrival;
  }

  private static Departure departure(Section section) {
    var ways = List.of("leave-after-completion", "leave-after", "leave-after-copies");
    if (ways.stream().filter(section::has).count() > 1) {
      throw section.problem("leave-...", "nodes leave in one way only");
    }
    if (section.has("leave-after-completion")) {
      return new Departure.OnCompletion(section.required("leave-after-completion", Values::nanos));
    }
    if (section.has("leave-after")) {
      return section.required("leave-after", text -> new Departure.AfterTime(Values.nanos(text)));
    }
    if (section.has("leave-after-copies")) {
      return new Departure.AfterCopies(section.required("leave-after-copies", Values::positive));
    }
    return new Departure.Never();
  }

  private static int groups(Section section) {
    int mask = 0;
    for (String text : section.texts("groups")) {
      int group = text.matches("[0-9]{1,2}") ? Integer.parseInt(text) : 0;
      if (group < 1 || group > GROUP_MAX) {
        throw section.problem("groups", "groups are numbers from 1 to " + GROUP_MAX);
      }
      mask |= 1 << group;
    }
    return mask == 0 ? NodeClass.ALL_GROUPS : mask;
  }
}
