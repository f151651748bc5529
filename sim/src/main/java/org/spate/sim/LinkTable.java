package org.spate.sim;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A host's links by number. A number is a place in the table and how often that place was used, so
 * that it is found at once and never comes back.
 */
final class LinkTable {
  private static final int PLACE_BITS = 14;
  private static final int PLACE_MASK = (1 << PLACE_BITS) - 1;

  private @Nullable Flow[] flows = new Flow[8];
  private int[] uses = new int[8];
  private int size;

  void add(Flow own) {
    if (size == flows.length) {
      if (size > PLACE_MASK) {
        throw new IllegalStateException("more links than a host can number");
      }
      flows = Arrays.copyOf(flows, size * 2);
      uses = Arrays.copyOf(uses, size * 2);
    }
    int place = 0;
    while (flows[place] != null) {
      place++;
    }
    flows[place] = own;
    own.number(++uses[place] << PLACE_BITS | place);
    size++;
  }

  @Nullable Flow find(int number) {
    int place = number & PLACE_MASK;
    var flow = place < flows.length ? flows[place] : null;
    return flow != null && flow.number() == number ? flow : null;
  }

  void remove(Flow own) {
    int place = own.number() & PLACE_MASK;
    if (flows[place] != own) {
      throw new IllegalStateException("no such link");
    }
    flows[place] = null;
    size--;
  }

  int size() {
    return size;
  }

  /** Any link, or null when there is none. */
  @Nullable Flow any() {
    for (var flow : flows) {
      if (flow != null) {
        return flow;
      }
    }
    return null;
  }
}
