package org.spate.core.bencode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BencodeTest {

  @Test
  void everyValueKnowsItsExactBytes() {
    var file = (Bencoded.Dictionary) parse("d4:infod1:bi1e1:ai02eee", BencodeLimits.FILE);
    var info = file.dictionary("info");
    assertThat(info.raw()).isEqualTo(bytes("d1:bi1e1:ai02ee"));
    assertThat(info.canonical()).isFalse();
    assertThat(file.canonical()).isTrue();
    assertThat(info.integer("a")).isEqualTo(2);
  }

  @Test
  void ofEqualKeysTheFirstCountsAndItIsNoted() {
    var dictionary = (Bencoded.Dictionary) parse("d1:ai1e1:ai2ee", BencodeLimits.FILE);
    assertThat(dictionary.integer("a")).isEqualTo(1);
    assertThat(dictionary.canonical()).isFalse();
  }

  @Test
  void aPrefixLeavesWhatFollowsAlone() {
    var value = BencodeReader.parsePrefix(bytes("xxd1:ai1eeDATA"), 2, 14, BencodeLimits.MESSAGE);
    assertThat(value.start()).isEqualTo(2);
    assertThat(value.end()).isEqualTo(10);
  }

  @Test
  void aLimitInsideTheArrayIsNotCrossed() {
    assertThatThrownBy(
            () -> BencodeReader.parsePrefix(bytes("5:abcde"), 0, 6, BencodeLimits.MESSAGE))
        .isInstanceOf(BencodeException.class);
  }

  @Test
  void fieldsOfAnotherTypeAreAbsent() {
    var dictionary = (Bencoded.Dictionary) parse("d1:a1:xe", BencodeLimits.STRICT);
    assertThat(dictionary.integer("a")).isNull();
    assertThat(dictionary.items("a")).isNull();
    assertThat(dictionary.dictionary("a")).isNull();
    assertThat(dictionary.text("a").utf8()).isEqualTo("x");
    assertThat(dictionary.find("b")).isNull();
  }

  @Test
  void limitsOfDepthAndCountAreExact() {
    var two = new BencodeLimits(2, 3, true);
    assertThat(parse("llee", two)).isNotNull();
    assertThatThrownBy(() -> parse("llleee", two)).hasMessageContaining("deeper than 2");
    assertThat(parse("li1ei2ee", two)).isNotNull();
    assertThatThrownBy(() -> parse("li1ei2ei3ee", two)).hasMessageContaining("more than 3");
  }

  @ParameterizedTest
  @ValueSource(strings = {"i-0e", "i00e", "i-01e", "d1:bi1e1:ai1ee", "d1:ai1e1:ai1ee", "01:a"})
  void theStrictReaderTakesOnlyWhatACanonicalWriterWrites(String text) {
    assertThatThrownBy(() -> parse(text, BencodeLimits.STRICT))
        .isInstanceOf(BencodeException.class);
    assertThat(parse(text, BencodeLimits.FILE)).isNotNull();
  }

  @Test
  void theWriterRefusesKeysOutOfOrder() {
    var writer = new BencodeWriter().beginDictionary().key("b").integer(1);
    assertThatThrownBy(() -> writer.key("a")).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> new BencodeWriter().beginDictionary().key("").integer(1).key(""))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> new BencodeWriter().beginList().key("a"))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> new BencodeWriter().beginList().toBytes())
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> new BencodeWriter().beginDictionary().key("\u0100"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void whatIsWrittenIsReadBackAndWrittenTheSame() {
    for (long seed = 0; seed < 500; seed++) {
      var random = new Random(seed);
      var writer = new BencodeWriter();
      write(writer, random, 0);
      var written = writer.toBytes();
      var value = BencodeReader.parse(written, BencodeLimits.STRICT);
      var again = new BencodeWriter();
      rewrite(again, value);
      assertThat(again.toBytes()).as("seed %d", seed).isEqualTo(written);
    }
  }

  private static void write(BencodeWriter writer, Random random, int depth) {
    switch (random.nextInt(depth > 4 ? 2 : 4)) {
      case 0 -> writer.integer(random.nextLong() >> random.nextInt(64));
      case 1 -> writer.text(randomBytes(random));
      case 2 -> {
        writer.beginList();
        for (int i = random.nextInt(4); i > 0; i--) {
          write(writer, random, depth + 1);
        }
        writer.end();
      }
      default -> {
        var keys = new TreeMap<String, Boolean>();
        for (int i = random.nextInt(4); i > 0; i--) {
          keys.put(new String(randomBytes(random), StandardCharsets.ISO_8859_1), true);
        }
        writer.beginDictionary();
        for (var key : keys.keySet()) {
          writer.key(key);
          write(writer, random, depth + 1);
        }
        writer.end();
      }
    }
  }

  static void rewrite(BencodeWriter writer, Bencoded value) {
    switch (value) {
      case Bencoded.Int number -> writer.integer(number.value());
      case Bencoded.Text text -> writer.text(text.bytes());
      case Bencoded.Items items -> {
        writer.beginList();
        items.values().forEach(v -> rewrite(writer, v));
        writer.end();
      }
      case Bencoded.Dictionary dictionary -> {
        writer.beginDictionary();
        dictionary.entries().forEach((key, v) -> rewrite(writer.key(key), v));
        writer.end();
      }
    }
  }

  private static byte[] randomBytes(Random random) {
    var bytes = new byte[random.nextInt(6)];
    random.nextBytes(bytes);
    return bytes;
  }

  private static Bencoded parse(String text, BencodeLimits limits) {
    return BencodeReader.parse(bytes(text), limits);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
