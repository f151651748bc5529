package org.spate.app.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.spate.app.console.Printable;
import org.spate.sim.PeerGroup;

/** Who is to get a file, as people write it: a number, or classes with rates of their own. */
public sealed interface Receivers {
  /** More than this is refused. */
  int COUNT_MAX = 100_000_000;

  /** More classes than this are refused. */
  int CLASSES_MAX = 100;

  Pattern NUMBER = Pattern.compile("-?[0-9]+");
  Pattern CLASS = Pattern.compile("(-?[0-9]+)x([^/x]+)/([^/]+)");

  /** So many, all alike. */
  record Count(int count) implements Receivers {}

  record Classes(List<PeerGroup> groups) implements Receivers {
    public Classes {
      groups = List.copyOf(groups);
    }
  }

  /** Parses {@code 20} or {@code 5x16M/64M,10x6M/24M}: count, upload and download of each class. */
  static Receivers parse(String name, String text, Rates rates) {
    if (NUMBER.matcher(text).matches()) {
      return new Count(count(name, text));
    }
    var groups = new ArrayList<PeerGroup>();
    long sum = 0;
    for (String one : text.split(",", -1)) {
      var matcher = CLASS.matcher(one.strip());
      if (!matcher.matches()) {
        throw new IllegalArgumentException(
            "%s: '%s' is not a number, or classes like 5x16M/64M,10x6M/24M (count x up / down)"
                .formatted(name, Printable.of(one)));
      }
      var group =
          new PeerGroup(
              count(name, matcher.group(1)),
              rates.positive(name, matcher.group(2)),
              rates.positive(name, matcher.group(3)));
      groups.add(group);
      sum += group.count();
    }
    if (sum > COUNT_MAX || groups.size() > CLASSES_MAX) {
      throw new IllegalArgumentException(
          "%s: at most %d peers in at most %d classes".formatted(name, COUNT_MAX, CLASSES_MAX));
    }
    return new Classes(groups);
  }

  private static int count(String name, String text) {
    boolean isNegative = text.startsWith("-");
    boolean isTooLong = text.length() > 9;
    if (isNegative || isTooLong || Integer.parseInt(text) == 0) {
      throw new IllegalArgumentException(
          "%s: the number of peers must be from 1 to %d, not %s".formatted(name, COUNT_MAX, text));
    }
    return Integer.parseInt(text);
  }
}
