package org.spate.core.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.spate.core.Endpoint;
import org.spate.core.Hash160;
import org.spate.core.IpLiteral;

class AllowedFastTest {
  private static final Hash160 INFO_HASH = Hash160.parse("aa".repeat(20));
  private static final Endpoint PEER = Endpoint.v4(0x500404c8, 6881); // 80.4.4.200

  @ParameterizedTest
  @ValueSource(strings = {"bep6-fast7", "bep6-fast9", "bep6-der-192.0.2.77"})
  void published_sets_come_out(String id) {
    var vector = Wire.vector(id);
    var address = new byte[4];
    var parts = vector.get("ip").asString().split("\\.", -1);
    for (int i = 0; i < 4; i++) {
      address[i] = (byte) Integer.parseInt(parts[i]);
    }
    var expected = vector.get("set").valueStream().mapToInt(node -> node.asInt()).toArray();
    assertThat(
            AllowedFast.set(
                Endpoint.of(address, 0),
                Hash160.parse(vector.get("info_hash").asString()),
                vector.get("k").asInt(),
                vector.get("pieces").asInt()))
        .isEqualTo(expected);
  }

  @Test
  void a_set_greater_than_the_torrent_ends() {
    var vector = Wire.vector("bep6-small");
    var address = Objects.requireNonNull(IpLiteral.parse(vector.get("ip").asString()));
    var set =
        AllowedFast.set(
            Endpoint.of(address, 0),
            Hash160.parse(vector.get("info_hash").asString()),
            vector.get("k").asInt(),
            vector.get("pieces").asInt());
    Arrays.sort(set);
    assertThat(set)
        .isEqualTo(vector.get("set_sorted").valueStream().mapToInt(node -> node.asInt()).toArray());
  }

  @Test
  void a_small_torrent_is_allowed_as_a_whole() {
    assertThat(AllowedFast.set(PEER, INFO_HASH, 10, 3)).containsExactlyInAnyOrder(0, 1, 2);
    assertThat(AllowedFast.set(PEER, INFO_HASH, 10, 10)).hasSize(10).doesNotHaveDuplicates();
    assertThat(AllowedFast.set(PEER, INFO_HASH, 10, 11)).hasSize(10).doesNotHaveDuplicates();
  }

  @Test
  void neighbours_in_a_network_get_the_same_set() {
    assertThat(AllowedFast.set(Endpoint.v4(0x50040401, 1), INFO_HASH, 7, 1313))
        .isEqualTo(AllowedFast.set(PEER, INFO_HASH, 7, 1313));
  }

  @Test
  void there_is_none_for_ipv6_and_none_of_size_zero() {
    assertThat(AllowedFast.set(Endpoint.of(new byte[16], 1), INFO_HASH, 7, 1313)).isEmpty();
    assertThat(AllowedFast.set(PEER, INFO_HASH, 0, 1313)).isEmpty();
  }
}
