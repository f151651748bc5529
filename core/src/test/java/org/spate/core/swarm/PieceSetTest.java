package org.spate.core.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SortedSet;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.spate.core.wire.PeerMessage;

/** A piece set against a plain set of numbers. */
class PieceSetTest {

  @Test
  void itBehavesLikeASetOfNumbers() {
    for (long s = 0; s < 200; s++) {
      var dice = new SplittableRandom(s);
      int count = 1 + dice.nextInt(300);
      var set = new PieceSet(count);
      var model = new TreeSet<Integer>();
      for (int step = 0; step < 300; step++) {
        int piece = dice.nextInt(count);
        switch (dice.nextInt(40)) {
          case 0 -> {
            set.addAll();
            for (int i = 0; i < count; i++) {
              model.add(i);
            }
          }
          case 1 -> {
            set.clear();
            model.clear();
          }
          case 2 -> {
            var other = random(count, dice);
            set.addAll(other);
            members(other).forEach(model::add);
          }
          case 3 -> {
            var looked = random(count, dice);
            var good = random(count, dice);
            set.replace(looked, good);
            model.removeAll(members(looked));
            var found = members(looked);
            found.retainAll(members(good));
            model.addAll(found);
          }
          case 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15 ->
              assertThat(set.remove(piece)).isEqualTo(model.remove(piece));
          default -> assertThat(set.add(piece)).isEqualTo(model.add(piece));
        }
        assertThat(set.contains(piece)).isEqualTo(model.contains(piece));
        assertThat(set.size()).as("seed %d", s).isEqualTo(model.size());
        var next = model.ceiling(piece);
        assertThat(set.next(piece)).as("seed %d", s).isEqualTo(next == null ? -1 : next);
      }
      assertThat(members(set)).as("seed %d", s).isEqualTo(model);
      assertThat(set.isFull()).isEqualTo(model.size() == count);
      assertThat(set.isEmpty()).isEqualTo(model.isEmpty());
    }
  }

  @Test
  void whatTwoSetsShareAndLackIsCounted() {
    for (long s = 0; s < 200; s++) {
      var dice = new SplittableRandom(s);
      int count = 1 + dice.nextInt(300);
      var set = random(count, dice);
      var other = random(count, dice);

      var common = members(set);
      common.retainAll(members(other));
      var found = new TreeSet<Integer>();
      for (int i = set.nextCommon(other, 0); i >= 0; i = set.nextCommon(other, i + 1)) {
        found.add(i);
      }
      var lacking = members(other);
      lacking.removeAll(members(set));

      assertThat(found).as("seed %d", s).isEqualTo(common);
      assertThat(set.missingFrom(other)).as("seed %d", s).isEqualTo(lacking.size());
    }
  }

  @Test
  void aBitfieldGoesThereAndBack() {
    for (int count = 1; count < 200; count++) {
      var set = random(count, new SplittableRandom(count));
      var bits = set.toBitfield();
      var back = PieceSet.ofBitfield(bits, count);

      assertThat(new PeerMessage.Bitfield(bits).fits(count)).isTrue();
      assertThat(members(back)).isEqualTo(members(set));
      assertThat(back.size()).isEqualTo(set.size());
    }
  }

  @Test
  void pieceZeroIsTheHighestBitOfTheFirstByte() {
    var set = new PieceSet(10);
    set.add(0);
    set.add(9);
    assertThat(set.toBitfield()).containsExactly(0x80, 0x40);
  }

  @Test
  void aCopyGoesItsOwnWay() {
    var set = PieceSet.all(70);
    var copy = set.copy();
    copy.remove(69);
    assertThat(set.isFull()).isTrue();
    assertThat(copy.size()).isEqualTo(69);
  }

  private static PieceSet random(int count, SplittableRandom dice) {
    var set = new PieceSet(count);
    int density = dice.nextInt(5);
    for (int i = 0; i < count; i++) {
      if (dice.nextInt(4) < density) {
        set.add(i);
      }
    }
    return set;
  }

  private static SortedSet<Integer> members(PieceSet set) {
    var members = new TreeSet<Integer>();
    for (int i = set.next(0); i >= 0; i = set.next(i + 1)) {
      members.add(i);
    }
    return members;
  }
}
