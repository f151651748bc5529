package org.spate.core.swarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class UploadQueueTest {

  @Test
  void itBehavesLikeAList() {
    for (long seed = 0; seed < 200; seed++) {
      var dice = new SplittableRandom(seed);
      var queue = new UploadQueue();
      var model = new ArrayList<List<Integer>>();
      for (int step = 0; step < 1000; step++) {
        int a = dice.nextInt(6);
        int b = dice.nextInt(6);
        int c = dice.nextInt(3);
        switch (dice.nextInt(step < 500 ? 10 : 6)) { // grows, then shrinks
          case 0, 1 -> {
            if (!model.isEmpty()) {
              queue.removeHead();
              model.removeFirst();
            }
          }
          case 2 -> assertThat(queue.remove(a, b, c)).isEqualTo(model.remove(List.of(a, b, c)));
          case 3 -> {
            if (dice.nextInt(100) == 0) {
              queue.clear();
              model.clear();
            }
          }
          default -> {
            queue.add(a, b, c);
            model.add(List.of(a, b, c));
          }
        }
        assertThat(queue.size()).as("seed %d", seed).isEqualTo(model.size());
        assertThat(queue.isEmpty()).isEqualTo(model.isEmpty());
        if (!model.isEmpty()) {
          assertThat(List.of(queue.headIndex(), queue.headBegin(), queue.headLength()))
              .as("seed %d", seed)
              .isEqualTo(model.getFirst());
        }
      }
    }
  }

  @Test
  void itIsFullAtItsBound() {
    var queue = new UploadQueue();
    for (int i = 0; i < UploadQueue.REQUESTS_MAX; i++) {
      assertThat(queue.isFull()).isFalse();
      queue.add(i, 0, 1);
    }
    assertThat(queue.isFull()).isTrue();
  }

  @Test
  void nothingCanBeTakenFromAnEmptyOne() {
    assertThatThrownBy(new UploadQueue()::removeHead).isInstanceOf(IllegalStateException.class);
  }
}
