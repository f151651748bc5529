package org.spate.core.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** However the bytes of a stream are cut, its messages are the same. */
class FragmentsTest {

  @Test
  void every_message_survives_a_round_trip() {
    for (long seed = 0; seed < 50; seed++) {
      var sent = new RandomMessages(new SplittableRandom(seed)).list(40);
      var bytes = Wire.encode(sent);
      assertThat(sent.stream().mapToInt(MessageEncoder::encodedLength).sum())
          .as("seed %d", seed)
          .isEqualTo(bytes.length);
      assertThat(Wire.describe(Wire.decode(bytes)))
          .as("seed %d", seed)
          .isEqualTo(Wire.describe(sent));
    }
  }

  @Test
  void any_two_fragments_give_the_same_messages() {
    var messages = MessageTableTest.messages().map(row -> (PeerMessage) row.get()[1]).toList();
    var bytes = Wire.encode(messages);
    for (int cut = 0; cut <= bytes.length; cut++) {
      assertThat(decodeInParts(bytes, List.of(cut, bytes.length - cut)))
          .as("cut at %d", cut)
          .isEqualTo(Wire.describe(messages));
    }
  }

  @Test
  void single_bytes_give_the_same_messages() {
    var messages = new RandomMessages(new SplittableRandom(7)).list(60);
    var bytes = Wire.encode(messages);
    var ones = new ArrayList<Integer>();
    for (int i = 0; i < bytes.length; i++) {
      ones.add(1);
    }
    assertThat(decodeInParts(bytes, ones)).isEqualTo(Wire.describe(messages));
  }

  @Test
  void random_fragments_give_the_same_messages() {
    for (long seed = 0; seed < 100; seed++) {
      var random = new SplittableRandom(seed);
      var messages = new RandomMessages(random).list(30);
      var bytes = Wire.encode(messages);
      assertThat(decodeInParts(bytes, parts(bytes.length, random)))
          .as("seed %d", seed)
          .isEqualTo(Wire.describe(messages));
    }
  }

  /** Lengths that add up, most of them small, some like whole socket reads. */
  private static List<Integer> parts(int total, RandomGenerator random) {
    var parts = new ArrayList<Integer>();
    for (int left = total; left > 0; ) {
      int part = Math.min(left, 1 + random.nextInt(1 << random.nextInt(1, 17)));
      parts.add(part);
      left -= part;
    }
    return parts;
  }

  private static List<String> decodeInParts(byte[] bytes, List<Integer> parts) {
    var decoder = new MessageDecoder(Wire.LIMITS);
    var input = ByteInput.slow(bytes);
    var messages = new ArrayList<PeerMessage>();
    for (int part : parts) {
      input.arrive(part);
      messages.addAll(Wire.decodeAvailable(decoder, input));
      assertThat(input.readableBytes()).as("the decoder takes all there is").isZero();
    }
    return Wire.describe(messages);
  }
}
