package org.spate.core.utp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.spate.core.Corpus;

/** Headers on the wire. */
class PacketCodecTest {
  private static final String PLAIN = "1235000000030000000400001000" + "00094325";

  @Test
  void publishedHeadersAreReadAndWrittenAsTheyStand() {
    int count = 0;
    for (var vector : Corpus.cases("vectors.json", "vectors")) {
      var fields = vector.get("fields");
      if (!vector.get("id").asString().startsWith("bep29-") || fields == null) {
        continue;
      }
      count++;
      var bytes = HexFormat.of().parseHex(vector.get("hex").asString());
      var packet = PacketCodec.parse(bytes, bytes.length);
      assertThat(packet).as("%s", vector.get("id")).isNotNull();
      assertThat(packet.type()).isEqualTo(PacketType.of(fields.get("type").asInt()));
      assertThat(packet.connectionId()).isEqualTo(fields.get("connection_id").asInt());
      assertThat(packet.timestampMicros()).isEqualTo((int) fields.get("timestamp_us").asLong());
      assertThat(packet.delayMicros()).isEqualTo((int) fields.get("timestamp_diff_us").asLong());
      assertThat(packet.windowBytes()).isEqualTo(fields.get("wnd_size").asLong());
      assertThat(packet.sequence()).isEqualTo(fields.get("seq_nr").asInt());
      assertThat(packet.ack()).isEqualTo(fields.get("ack_nr").asInt());
      if (fields.get("extension").asInt() == 0) {
        assertThat(written(packet)).startsWith(bytes[0]).isEqualTo(bytes);
      }
    }
    assertThat(count).isGreaterThanOrEqualTo(2);
  }

  @Test
  void theBitsOfASelectiveAckStandForThePacketsThatThePublishedMaskNames() {
    var vector = Corpus.one("vectors.json", "vectors", "bep29-sack");
    int ack = vector.get("ack_nr").asInt();
    var mask = vector.get("mask_hex").asString();
    var buffer = new ReorderBuffer();
    for (var received : vector.get("received")) {
      buffer.add(ack, received.asInt() - ack, new Host.Part(0, 1, new int[1]));
    }
    assertThat(buffer.selectiveAck(ack)).isEqualTo(new SelectiveAck(HexFormat.of().parseHex(mask)));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "nothing, ''",
    "cut header, 0100" + "1235000000030000000400001000000943",
    "version 2, 0200" + PLAIN,
    "version 0, 0000" + PLAIN,
    "type 5, 5100" + PLAIN,
    "an extension without a head, 0101" + PLAIN + "00",
    "an extension that is cut, 0101" + PLAIN + "0004ffffff",
    "255 bytes announced and none there, 0177" + PLAIN + "01ff",
    "five extensions, 0102" + PLAIN + "0200020002000200" + "0000",
  })
  void whatIsNoPacketIsRefused(String what, String hex) {
    var bytes = HexFormat.of().parseHex(hex);
    assertThat(PacketCodec.parse(bytes, bytes.length)).as(what).isNull();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "close reason, 0103" + PLAIN + "0004000000ff, 26, false",
    "unknown then selective ack, 0199" + PLAIN + "0102abcd" + "000405010080, 30, true",
    "an empty selective ack, 0101" + PLAIN + "0000, 22, false",
    "two selective acks, 0101" + PLAIN + "010405010080" + "0004ffffffff, 32, true",
  })
  void extensionsThatMeanNothingAreSkipped(String what, String hex, int length, boolean hasMask) {
    var bytes = HexFormat.of().parseHex(hex + "aabbcc");
    var packet = PacketCodec.parse(bytes, bytes.length);
    assertThat(packet).as(what).isNotNull();
    assertThat(packet.headerBytes()).isEqualTo(length);
    assertThat(packet.selectiveAck() != null).isEqualTo(hasMask);
  }

  /** BEP 29 wants multiples of four; libtorrent sends as many bytes as it needs. */
  @ParameterizedTest
  @ValueSource(ints = {1, 4, 6, 13, 252, 255})
  void aSelectiveAckMayHaveAnyLength(int maskBytes) {
    var hex =
        "0101"
            + PLAIN
            + "00"
            + String.format("%02x", maskBytes)
            + "c1"
            + "00".repeat(maskBytes - 1);
    var bytes = HexFormat.of().parseHex(hex);
    var packet = PacketCodec.parse(bytes, bytes.length);
    assertThat(packet).isNotNull();
    assertThat(packet.headerBytes()).isEqualTo(bytes.length);
    var mask = packet.selectiveAck();
    assertThat(mask).isNotNull();
    assertThat(mask.bits()).isEqualTo(8 * maskBytes);
    assertThat(IntStream.range(0, mask.bits()).filter(mask::isSet)).containsExactly(0, 6, 7);
  }

  @Test
  void whatIsWrittenIsReadAgain() {
    for (long seed = 0; seed < 2_000; seed++) {
      var random = new SplittableRandom(seed);
      var mask = new byte[4 * random.nextInt(1, 64)];
      random.nextBytes(mask);
      var packet =
          new UtpPacket(
              Objects.requireNonNull(PacketType.of(random.nextInt(5))),
              random.nextInt(1 << 16),
              random.nextInt(),
              random.nextInt(),
              random.nextInt(),
              random.nextInt(1 << 16),
              random.nextInt(1 << 16),
              random.nextBoolean() ? new SelectiveAck(mask) : null,
              random.nextBoolean() ? random.nextInt(2, 258) : 0);
      var bytes = written(packet);
      assertThat(PacketCodec.parse(bytes, bytes.length)).as("seed %d", seed).isEqualTo(packet);
    }
  }

  private static byte[] written(UtpPacket packet) {
    var bytes = new byte[packet.headerBytes()];
    PacketCodec.write(packet, bytes);
    return bytes;
  }
}
