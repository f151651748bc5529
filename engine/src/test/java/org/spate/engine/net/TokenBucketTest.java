package org.spate.engine.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rate limits by counting bytes in a time of our own. */
class TokenBucketTest {
  private static final long SECOND_NANOS = 1_000_000_000L;
  private static final int QUANTUM = 16 << 10;

  @ParameterizedTest
  @ValueSource(longs = {1_000, 50_000, 1 << 20, 100 << 20})
  void what_passes_in_any_time_is_the_rate_and_at_most_one_quantum_and_the_savings(long rate) {
    long seconds = 200;
    for (long seed = 0; seed < 10; seed++) {
      var random = new SplittableRandom(seed);
      var bucket = new TokenBucket(rate);
      long passed = 0;
      long now = TokenBucket.DEPTH_NANOS;
      for (; now < seconds * SECOND_NANOS; now += random.nextLong(1, 20_000_000)) {
        while (bucket.isOpen(now)) {
          int bytes = random.nextInt(1, QUANTUM + 1);
          bucket.spend(bytes, now);
          passed += bytes;
        }
      }
      double fair = (double) rate * now / SECOND_NANOS;
      double savings = (double) rate * TokenBucket.DEPTH_NANOS / SECOND_NANOS;
      assertThat((double) passed)
          .as("seed " + seed)
          .isBetween(fair * 0.99 - QUANTUM, fair + savings + QUANTUM);
    }
  }

  @Test
  void without_a_limit_it_is_always_open() {
    var bucket = new TokenBucket(0);
    bucket.spend(Integer.MAX_VALUE, 5);
    assertThat(bucket.isOpen(5)).isTrue();
    assertThat(bucket.isLimited()).isFalse();
  }

  @Test
  void idle_time_is_not_saved_up_beyond_its_depth() {
    var bucket = new TokenBucket(1000);
    long now = 3600 * SECOND_NANOS;
    int spent = 0;
    while (bucket.isOpen(now)) {
      bucket.spend(10, now);
      spent += 10;
    }
    assertThat(spent).isBetween(190, 210);
  }

  @Test
  void link_is_limited_by_the_tighter_of_torrent_and_session() {
    var torrent = new TokenBucket(1000);
    var session = new TokenBucket(0);
    var throttle = new Throttle(torrent, session);
    long now = SECOND_NANOS;
    assertThat(throttle.isLimited()).isTrue();
    throttle.spend(1000, now);
    assertThat(throttle.isOpen(now)).isFalse();
    torrent.limit(0);
    assertThat(throttle.isOpen(now)).isTrue();
    session.limit(10);
    throttle.spend(1000, now);
    assertThat(throttle.isOpen(now)).isFalse();
  }
}
