package org.spate.core.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

class AvailabilityOrderTest {
  private static final int PIECES = 40;

  @Test
  void the_rarest_come_first() {
    var order = order("3120");
    assertThat(picture(order)).isEqualTo("1:1 2:2 3:0"); // piece 3 is nowhere to be had
  }

  @Test
  void priority_beats_rarity() {
    var order = order("3120");
    order.rebuild(new byte[] {7, 1, 1, 1}, PieceSet.all(4));
    assertThat(picture(order)).isEqualTo("3:0 | 1:1 2:2");
  }

  @Test
  void a_neighbour_with_everything_makes_every_piece_available() {
    var order = order("3120");
    order.onJoined(PieceSet.all(4));
    assertThat(picture(order)).isEqualTo("1:3 2:1 3:2 4:0");
    order.onGone(PieceSet.all(4));
    assertThat(picture(order)).isEqualTo("1:1 2:2 3:0");
  }

  @Test
  void a_neighbour_with_everything_may_lose_a_piece_and_leave() {
    var order = order("0000");
    order.onJoined(PieceSet.all(4));
    order.onDontHave(2);
    assertThat(List.of(order.availability(1), order.availability(2))).containsExactly(1, 0);
    var rest = PieceSet.all(4);
    rest.remove(2);
    order.onGone(rest);
    assertThat(picture(order)).isEmpty();
  }

  @Test
  void a_neighbour_may_become_complete_and_leave_as_such() {
    var order = order("1110");
    order.onHave(3);
    order.onGone(PieceSet.all(4));
    assertThat(picture(order)).isEmpty();
  }

  @Test
  void equally_rare_pieces_tie_at_random() {
    var first = new int[4];
    for (int seed = 0; seed < 4000; seed++) {
      var order = new AvailabilityOrder(4, random(seed));
      order.rebuild(new byte[] {1, 1, 1, 1}, PieceSet.all(4));
      for (int piece = 0; piece < 4; piece++) {
        order.onHave(piece);
      }
      first[order.pieceAt(order.firstSlot(0))]++;
    }
    for (int count : first) {
      assertThat(count).isBetween(900, 1100);
    }
  }

  @Test
  void after_any_events_the_buckets_equal_a_naive_sort() {
    for (int seed = 0; seed < 100; seed++) {
      var world = new World(random(seed));
      for (int step = 0; step < 200; step++) {
        String event = world.step();
        world.check("seed " + seed + " step " + step + ": " + event);
      }
    }
  }

  /** Neighbours that come, go and change, and a model that counts them the plain way. */
  private static final class World {
    private final RandomGenerator random;
    private final AvailabilityOrder order;
    private final List<PieceSet> neighbours = new ArrayList<>();
    private final PieceSet listed = PieceSet.all(PIECES);
    private final byte[] priorities = new byte[PIECES];

    World(RandomGenerator random) {
      this.random = random;
      this.order = new AvailabilityOrder(PIECES, random);
      Arrays.fill(priorities, (byte) 1);
      order.rebuild(priorities, listed);
    }

    String step() {
      int piece = random.nextInt(PIECES);
      return switch (random.nextInt(8)) {
        case 0, 1 -> join(randomSet());
        case 2 -> leave();
        case 3, 4 -> have(piece);
        case 5 -> lose(piece);
        case 6 -> toggle(piece);
        default -> prioritise();
      };
    }

    private String join(PieceSet has) {
      neighbours.add(has);
      order.onJoined(has);
      return "joined with " + has.size();
    }

    private String leave() {
      if (!neighbours.isEmpty()) {
        order.onGone(neighbours.remove(random.nextInt(neighbours.size())));
      }
      return "gone";
    }

    private String have(int piece) {
      for (var has : neighbours) {
        if (random.nextBoolean() && has.add(piece)) {
          order.onHave(piece);
        }
      }
      return "have " + piece;
    }

    private String lose(int piece) {
      for (var has : neighbours) {
        if (random.nextInt(4) == 0 && has.remove(piece)) {
          order.onDontHave(piece);
        }
      }
      return "don't have " + piece;
    }

    private String prioritise() {
      if (random.nextInt(10) == 0) {
        for (int i = 0; i < PIECES; i++) {
          priorities[i] = (byte) (random.nextBoolean() ? 1 : random.nextInt(1, 8));
        }
        order.rebuild(priorities, listed);
      }
      return "priorities";
    }

    private String toggle(int piece) {
      if (listed.remove(piece)) {
        order.unlist(piece);
      } else {
        listed.add(piece);
        order.list(piece);
      }
      return "listed or not " + piece;
    }

    private PieceSet randomSet() {
      int kind = random.nextInt(3);
      var set = kind == 0 ? PieceSet.all(PIECES) : new PieceSet(PIECES);
      for (int i = 0; i < PIECES && kind == 1; i++) {
        if (random.nextBoolean()) {
          set.add(i);
        }
      }
      return set;
    }

    void check(String event) {
      var expected = new ArrayList<String>();
      for (int piece = 0; piece < PIECES; piece++) {
        int at = piece;
        long count = neighbours.stream().filter(has -> has.contains(at)).count();
        assertThat(order.availability(piece)).as(event).isEqualTo((int) count);
        assertThat(order.isListed(piece)).as(event).isEqualTo(listed.contains(piece));
        if (count > 0 && listed.contains(piece)) {
          expected.add((7 - priorities[piece]) + "/" + (100 + count));
        }
      }
      expected.sort(null);
      assertThat(walk()).as(event).isEqualTo(expected);
    }

    private List<String> walk() {
      var found = new ArrayList<String>();
      for (int rank = 0; rank < order.rankCount(); rank++) {
        for (int slot = order.firstSlot(rank); slot < order.endSlot(rank); slot++) {
          int piece = order.pieceAt(slot);
          assertThat(order.place(piece)).isEqualTo(slot);
          found.add((7 - priorities[piece]) + "/" + (100 + order.availability(piece)));
        }
      }
      return found;
    }
  }

  /** All pieces listed, with the availability that a digit says. */
  private static AvailabilityOrder order(String availability) {
    int pieces = availability.length();
    var order = new AvailabilityOrder(pieces, random(1));
    var normal = new byte[pieces];
    Arrays.fill(normal, (byte) 1);
    order.rebuild(normal, PieceSet.all(pieces));
    for (int piece = 0; piece < pieces; piece++) {
      for (int i = 0; i < availability.charAt(piece) - '0'; i++) {
        order.onHave(piece);
      }
    }
    return order;
  }

  /** The order, as availability:piece, priorities apart: {@code 3:0 | 1:1 2:2}. */
  private static String picture(AvailabilityOrder order) {
    var ranks = new ArrayList<String>();
    for (int rank = 0; rank < order.rankCount(); rank++) {
      var parts = new ArrayList<String>();
      for (int slot = order.firstSlot(rank); slot < order.endSlot(rank); slot++) {
        int piece = order.pieceAt(slot);
        parts.add(order.availability(piece) + ":" + piece);
      }
      ranks.add(String.join(" ", parts));
    }
    return String.join(" | ", ranks);
  }

  static RandomGenerator random(long seed) {
    return RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
  }
}
