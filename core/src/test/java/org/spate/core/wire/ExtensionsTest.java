package org.spate.core.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.spate.core.Endpoint;

/** The extension handshake (BEP 10). */
class ExtensionsTest {

  @Test
  void the_published_handshake_is_read_and_written() {
    var bytes = Wire.bytes(Wire.vector("bep10-handshake").get("bencoded_correct_hex").asString());
    var extensions = ExtensionsCodec.parse(bytes);
    assertThat(extensions.ids()).isEqualTo(Map.of("LT_metadata", 1, "ut_pex", 2));
    assertThat(extensions.listenPort()).isEqualTo(6881);
    assertThat(extensions.client()).isEqualTo("\u00b5Torrent 1.2");
    assertThat(ExtensionsCodec.encode(extensions)).isEqualTo(bytes);
  }

  @Test
  void what_libtorrent_sends_is_understood() {
    var extensions =
        parse(
            "d12:complete_agoi-1e1:md11:lt_donthavei7e10:share_modei8e11:upload_onlyi3e"
                + "12:ut_holepunchi4e11:ut_metadatai2e6:ut_pexi1ee13:metadata_sizei31235e4:reqqi500e11:upload_onlyi1e1:v17:libtorrent/2.0.8"
                + " 6:yourip4:\u007f\u0000\u0000\u0001e");
    assertThat(extensions)
        .isEqualTo(
            new Extensions(
                Map.of(
                    "lt_donthave",
                    7,
                    "share_mode",
                    8,
                    "upload_only",
                    3,
                    "ut_holepunch",
                    4,
                    "ut_metadata",
                    2,
                    "ut_pex",
                    1),
                "libtorrent/2.0.8 ",
                0,
                500,
                true,
                31235,
                false,
                Endpoint.v4(0x7f000001, 0)));
  }

  @Test
  void every_handshake_survives_a_round_trip() {
    for (long seed = 0; seed < 200; seed++) {
      var extensions = new RandomMessages(new SplittableRandom(seed)).extensions();
      assertThat(ExtensionsCodec.parse(ExtensionsCodec.encode(extensions)))
          .as("seed %d", seed)
          .isEqualTo(extensions);
    }
  }

  /** Threat "ext-bad-ints": the entry counts as absent, the peer may stay. */
  @ParameterizedTest
  @CsvSource({
    "d1:pi0ee",
    "d1:pi-1ee",
    "d1:pi65536ee",
    "d1:p3:abce",
    "d1:pi9223372036854775807ee",
    "d4:reqqi-1ee",
    "d4:reqqi2147483648ee",
    "d4:reqq0:e",
    "d4:reqqlee",
    "d13:metadata_sizei-1ee",
    "d13:metadata_sizei2147483648ee",
    "d13:metadata_sizede e",
    "d1:mle e",
    "d1:mi1ee",
    "d1:md6:ut_pexi256eee",
    "d1:md6:ut_pexi-1eee",
    "d1:md6:ut_pex1:1ee",
    "d11:upload_onlyi0ee",
    "d11:upload_only1:1e",
    "d1:v0:e",
    "d1:vi1ee",
    "d1:v3:\u0001\u001b\u007fe",
    "d6:yourip3:abce",
    "d6:yourip5:abcdee",
    "d6:youripi1ee",
    "d1:xd1:yl1:zeee",
    "de",
    "detrailing bytes"
  })
  void an_entry_that_makes_no_sense_counts_as_absent(String bencoded) {
    assertThat(parse(bencoded.replace("e e", "ee"))).isEqualTo(Wire.extensions(Map.of()));
  }

  @Test
  void a_client_name_is_made_fit_to_be_shown() {
    var name = "\u001b[31mEvil\r\n\u202egpj.exe\u0000\u2028 " + "x".repeat(200);
    var client = parse("d1:v" + name.getBytes(StandardCharsets.UTF_8).length + ":" + name + "e");
    assertThat(client.client()).startsWith("[31mEvilgpj.exe xxx").hasSize(64);
  }

  @Test
  void a_client_name_may_hold_any_letters_and_malformed_ones_are_replaced() {
    assertThat(parse("d1:v9:\u00b5\u6d41\ud83c\udf0ae").client())
        .isEqualTo("\u00b5\u6d41\ud83c\udf0a");
    var malformed = new byte[] {'d', '1', ':', 'v', '2', ':', (byte) 0xff, 'a', 'e'};
    assertThat(ExtensionsCodec.parse(malformed).client()).isEqualTo("\ufffda");
  }

  @Test
  void only_so_many_extensions_are_remembered() {
    var entries =
        IntStream.range(0, 500)
            .mapToObj(i -> "4:x%03di1e".formatted(i))
            .collect(Collectors.joining());
    assertThat(parse("d1:md" + entries + "ee").ids()).hasSize(ExtensionsCodec.EXTENSION_COUNT_MAX);
  }

  @Test
  void the_table_of_a_peer_is_additive_and_zero_switches_off() {
    var table = new ExtensionTable();
    table.update(Wire.extensions(Map.of("ut_pex", 5, "lt_donthave", 9, "other", 1)));
    table.update(Wire.extensions(Map.of("ut_pex", 0, "upload_only", 3)));
    assertThat(table.has(Extension.UT_PEX)).isFalse();
    assertThat(table.has(Extension.UT_METADATA)).isFalse();
    assertThat(table.id(Extension.LT_DONTHAVE)).isEqualTo(9);
    assertThat(table.id(Extension.UPLOAD_ONLY)).isEqualTo(3);
  }

  @Test
  void our_ids_are_unique_and_found_again() {
    for (var extension : Extension.values()) {
      assertThat(Extension.byId(extension.id())).isSameAs(extension);
    }
    assertThat(Extension.byId(0)).isNull();
    assertThat(Extension.byId(255)).isNull();
    assertThat(Extension.ids(List.of(Extension.UPLOAD_ONLY))).isEqualTo(Map.of("upload_only", 3));
  }

  private static Extensions parse(String bencoded) {
    return ExtensionsCodec.parse(bencoded.getBytes(StandardCharsets.UTF_8));
  }
}
