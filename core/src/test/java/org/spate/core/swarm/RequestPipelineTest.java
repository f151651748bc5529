package org.spate.core.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Our outstanding requests: a list with gaps, and how long it should be. */
class RequestPipelineTest {
  private static final long MILLIS = 1_000_000;
  private static final long SECOND = 1000 * MILLIS;
  private static final int BLOCK = 16384;

  private record Request(int piece, int block, long sentNanos) {}

  private final RequestPipeline pipeline = new RequestPipeline();
  private final List<Request> model = new ArrayList<>();

  @Test
  void itBehavesLikeAList() {
    for (long seed = 0; seed < 100; seed++) {
      var dice = new SplittableRandom(seed);
      pipeline.drain((_, _) -> {});
      model.clear();
      for (int step = 0; step < 3000; step++) {
        change(dice, step);
        assertThat(pipeline.size()).as("seed %d", seed).isEqualTo(model.size());
        if (!model.isEmpty()) {
          assertThat(pipeline.oldestNanos())
              .as("seed %d", seed)
              .isEqualTo(model.getFirst().sentNanos);
        }
      }
    }
  }

  private void change(SplittableRandom dice, int step) {
    int piece = dice.nextInt(20) - 1;
    int block = dice.nextInt(9);
    switch (dice.nextInt(12)) {
      case 0, 1, 2, 3, 4, 5 -> {
        pipeline.add(Math.max(0, piece), block, step);
        model.add(new Request(Math.max(0, piece), block, step));
      }
      case 6, 7, 8 -> {
        if (!model.isEmpty()) { // peers answer in order, or nearly
          var request = model.get(Math.min(model.size() - 1, dice.nextInt(3)));
          assertThat(pipeline.answered(request.piece, request.block, step)).isTrue();
          removeFirst(request.piece, request.block);
        }
      }
      case 9, 10 -> assertThat(pipeline.remove(piece, block)).isEqualTo(removeFirst(piece, block));
      default -> {
        long before = (long) step - dice.nextInt(300);
        var expected = model.stream().takeWhile(r -> r.sentNanos < before).toList();
        var drained = new ArrayList<List<Integer>>();
        pipeline.drainSentBefore(before, (p, b) -> drained.add(List.of(p, b)));
        assertThat(drained)
            .isEqualTo(expected.stream().map(r -> List.of(r.piece, r.block)).toList());
        model.subList(0, expected.size()).clear();
      }
    }
  }

  private boolean removeFirst(int piece, int block) {
    for (int i = 0; i < model.size(); i++) {
      if (model.get(i).piece == piece && model.get(i).block == block) {
        model.remove(i);
        return true;
      }
    }
    return false;
  }

  @Test
  void drainGivesAllThatIsLeftOldestFirst() {
    for (int i = 0; i < 40; i++) {
      pipeline.add(i, i + 1, i);
    }
    pipeline.remove(0, 1);
    pipeline.remove(20, 21);
    var drained = new ArrayList<Integer>();
    pipeline.drain((piece, _) -> drained.add(piece));
    assertThat(drained).hasSize(38).isSorted().doesNotContain(0, 20);
    assertThat(pipeline.isEmpty()).isTrue();
  }

  @Test
  void oneRequestThatIsNeverAnsweredDoesNotMakeTheOthersSlower() {
    pipeline.add(7, 7, 0);
    for (int i = 0; i < 2_000_000; i++) { // each would pass all gaps before it
      pipeline.add(1, i, i);
      assertThat(pipeline.answered(1, i, i)).isTrue();
    }
    assertThat(pipeline.size()).isEqualTo(1);
    assertThat(pipeline.oldestNanos()).isZero();
  }

  @ParameterizedTest(name = "{0} MB/s, {1} ms away, {2} ms slack: {4}")
  @CsvSource({
    // MB/s, round trip, slack, peer's limit, requests
    "0,     10,   500, 250,  4", // nothing known of its rate: the least
    "1.6384, 0,   500, 250,  54", // 100 blocks a second for half a second
    "1.6384, 100, 500, 250,  64", // and for the way there and back
    "1.6384, 100, 1000, 250, 114",
    "163.84, 100, 500, 250,  250", // never more than the peer keeps
    "163.84, 100, 500, 9999, 2000", // never more than we keep
    "1.6384, 100, 500, 1,    1"
  })
  void theDepthFollowsTheBandwidthDelayProduct(
      double megabytes, long latencyMillis, long slackMillis, int limit, int depth) {
    pipeline.add(0, 0, SECOND);
    pipeline.answered(0, 0, SECOND + latencyMillis * MILLIS);

    assertThat(pipeline.depth(megabytes * 1e6, slackMillis * MILLIS, BLOCK, 4, limit))
        .isEqualTo(depth);
  }

  @Test
  void theShortestLatencyIsBelievedForTenToTwentySeconds() {
    answeredAfter(100, 0);
    answeredAfter(900, 5 * SECOND);
    assertThat(depthAt1000Blocks()).isEqualTo(4 + 100);
    answeredAfter(900, 12 * SECOND);
    assertThat(depthAt1000Blocks()).isEqualTo(4 + 100);
    answeredAfter(900, 24 * SECOND);
    answeredAfter(900, 36 * SECOND);
    assertThat(depthAt1000Blocks()).isEqualTo(4 + 900);
  }

  private void answeredAfter(long latencyMillis, long whenNanos) {
    pipeline.add(0, 0, whenNanos);
    pipeline.answered(0, 0, whenNanos + latencyMillis * MILLIS);
  }

  private int depthAt1000Blocks() {
    return pipeline.depth(1000.0 * BLOCK, 0, BLOCK, 4, 2000);
  }
}
