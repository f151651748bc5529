package org.spate.core.bencode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.spate.core.Corpus;
import org.spate.core.Hash160;
import tools.jackson.databind.JsonNode;

/** Every bencode case of the corpus, strict and tolerant, with its value where it is given. */
class BencodeCorpusTest {

  @TestFactory
  Stream<DynamicTest> strictReaderDecidesAsItMust() {
    return cases("strict", BencodeLimits.STRICT);
  }

  @TestFactory
  Stream<DynamicTest> tolerantReaderDecidesAsItMust() {
    return cases("tolerant", BencodeLimits.FILE);
  }

  private static Stream<DynamicTest> cases(String mode, BencodeLimits limits) {
    return Corpus.cases("bencode.json", "cases").stream()
        .map(
            c ->
                dynamicTest(
                    c.get("id").asString(), () -> check(c, c.get(mode).asString(), limits)));
  }

  private static void check(JsonNode node, String verdict, BencodeLimits limits) {
    var input = input(node);
    switch (verdict) {
      case "accept" -> checkValue(BencodeReader.parse(input, limits), node);
      case "reject" ->
          assertThatThrownBy(() -> BencodeReader.parse(input, limits))
              .isInstanceOf(BencodeException.class);
      default -> {
        try {
          checkNotWrapped(BencodeReader.parse(input, limits), input);
        } catch (BencodeException e) {
          assertThat(e.position()).isBetween(0, input.length);
        }
      }
    }
  }

  private static void checkValue(Bencoded value, JsonNode node) {
    assertThat(value.raw()).isEqualTo(input(node));
    if (node.has("value")) {
      assertMatches(value, node.get("value"));
    }
  }

  private static void assertMatches(Bencoded value, JsonNode expected) {
    switch (value) {
      case Bencoded.Int number -> assertThat(number.value()).isEqualTo(expected.asLong());
      case Bencoded.Text text -> assertThat(text.utf8()).isEqualTo(expected.asString());
      case Bencoded.Items items -> {
        assertThat(items.values()).hasSize(expected.size());
        for (int i = 0; i < expected.size(); i++) {
          assertMatches(items.values().get(i), expected.get(i));
        }
      }
      case Bencoded.Dictionary dictionary -> {
        assertThat(dictionary.entries().keySet())
            .containsExactlyElementsOf(new ArrayList<>(expected.propertyNames()));
        dictionary.entries().forEach((key, item) -> assertMatches(item, expected.get(key)));
      }
    }
  }

  /** An integer that was taken prints as it stood, leading zeros aside. */
  private static void checkNotWrapped(Bencoded value, byte[] input) {
    if (value instanceof Bencoded.Int number) {
      var digits = new String(input, 1, input.length - 2, StandardCharsets.US_ASCII);
      assertThat(digits.replaceFirst("^(-?)0+(?=\\d)", "$1"))
          .isEqualTo(Long.toString(number.value()));
    }
  }

  private static byte[] input(JsonNode node) {
    if (node.has("hex")) {
      return HexFormat.of().parseHex(node.get("hex").asString());
    }
    var input = build(node.get("id").asString()).getBytes(StandardCharsets.US_ASCII);
    assertThat(input).hasSize(node.get("length").asInt());
    assertThat(Hash160.sha1(input, 0, input.length))
        .isEqualTo(Hash160.parse(node.get("sha1").asString()));
    return input;
  }

  private static String build(String id) {
    return switch (id) {
      case "int-1000-digits" -> "i" + "9".repeat(1000) + "e";
      case "int-1M-digits" -> "i" + "9".repeat(1_000_000) + "e";
      case "depth-101" -> "l".repeat(101) + "e".repeat(101);
      case "depth-100k" -> "l".repeat(100_000) + "e".repeat(100_000);
      case "depth-100k-dicts" -> "d1:a".repeat(100_000) + "e".repeat(100_000);
      case "tokens-1M" -> "l" + "0:".repeat(1_000_000) + "e";
      case "many-keys" -> manyKeys();
      default -> throw new AssertionError("no recipe for " + id);
    };
  }

  private static String manyKeys() {
    var text = new StringBuilder("d");
    for (int i = 0; i < 100_000; i++) {
      text.append("6:").append(String.format("%06d", i)).append("0:");
    }
    return text.append("e").toString();
  }
}
