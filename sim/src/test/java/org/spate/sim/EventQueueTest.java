package org.spate.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class EventQueueTest {
  private record Event(long time, long order) {}

  /** How far ahead events lie: all in a few places, in one bucket, in a second, in a minute. */
  private static final long[] SPANS = {200, 100_000, 1_000_000_000, 60_000_000_000L};

  @Test
  void events_come_by_time_and_then_in_the_order_they_were_added() {
    for (long seed = 0; seed < 50; seed++) {
      var random = new SplittableRandom(seed);
      var queue = new EventQueue();
      var model =
          new PriorityQueue<>(
              Comparator.comparingLong(Event::time).thenComparingLong(Event::order));
      var taken = new ArrayList<Event>();
      var expected = new ArrayList<Event>();
      long now = 0;
      for (int i = 0; i < 5_000; i++) {
        if (random.nextInt(5) < 3) {
          long time = now + random.nextLong(SPANS[random.nextInt(1 + (int) seed % SPANS.length)]);
          queue.add(time, i);
          model.add(new Event(time, i));
        } else if (queue.poll()) {
          taken.add(new Event(queue.time(), queue.what()));
          expected.add(model.remove());
          now = queue.time();
        }
        assertThat(queue.size()).isEqualTo(model.size());
      }
      while (queue.poll()) {
        taken.add(new Event(queue.time(), queue.what()));
        expected.add(model.remove());
      }
      assertThat(taken).as("seed %d", seed).isEqualTo(expected);
      assertThat(model).isEmpty();
    }
  }
}
