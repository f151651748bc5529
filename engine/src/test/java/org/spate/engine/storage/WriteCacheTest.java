package org.spate.engine.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When torrents are told to make room, and links to wait. */
class WriteCacheTest {
  private final WriteCache cache = new WriteCache(100);
  private final List<String> told = new ArrayList<>();
  private final WriteCache.Share one = cache.join(member("one"));
  private final WriteCache.Share other = cache.join(member("other"));

  private WriteCache.Member member(String name) {
    return new WriteCache.Member() {
      @Override
      public void onCrowded() {
        told.add(name + " crowded");
      }

      @Override
      public void onPressure(boolean pressed) {
        told.add(name + (pressed ? " wait" : " go on"));
      }
    };
  }

  @Test
  void half_full_of_unfinished_pieces_is_crowded_for_all_and_told_once() {
    one.take(30);
    other.take(20);
    assertThat(told).isEmpty();
    other.take(1);
    other.take(1);
    assertThat(told).containsExactly("one crowded", "other crowded");
    one.leave(30);
    told.clear();
    other.take(29);
    assertThat(told).containsExactly("one crowded", "other crowded");
  }

  @Test
  void links_wait_from_full_until_half_empty() {
    one.take(60);
    one.leave(60);
    other.take(41);
    other.leave(41);
    assertThat(told).endsWith("one wait", "other wait");
    told.clear();
    one.give(50);
    assertThat(told).isEmpty();
    one.give(1);
    assertThat(told).containsExactly("one go on", "other go on");
    assertThat(cache.heldBytes()).isEqualTo(50);
  }

  @Test
  void a_torrent_with_a_full_disk_does_not_hold_up_the_others() {
    one.take(101);
    one.leave(101);
    assertThat(told).contains("other wait");
    told.clear();
    one.setAside(true);
    assertThat(told).containsExactly("one go on", "other go on");
    other.take(99);
    other.leave(99);
    assertThat(told).doesNotContain("other wait");
    other.take(1);
    assertThat(told).contains("other wait");
  }

  @Test
  void what_is_left_of_a_closed_torrent_counts_no_more() {
    one.take(101);
    assertThat(told).contains("other wait");
    one.close();
    assertThat(told).endsWith("other go on");
    assertThat(cache.heldBytes()).isZero();
  }
}
