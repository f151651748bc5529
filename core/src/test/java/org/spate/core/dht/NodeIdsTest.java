package org.spate.core.dht;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.HexFormat;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.spate.core.Endpoint;
import org.spate.core.Hash160;
import org.spate.core.IpLiteral;

class NodeIdsTest {

  static Endpoint address(String literal) {
    return Endpoint.of(Objects.requireNonNull(IpLiteral.parse(literal)), 6_881);
  }

  @ParameterizedTest
  @ValueSource(strings = {"21.75.31.124", "65.23.51.170", "84.124.73.14"})
  void an_address_decides_21_bits_as_bep_42_prints_them(String ip) {
    var vector = Vectors.of("bep42-" + ip);
    int hash = NodeIds.hash(address(ip), vector.get("rand").asInt() & 7);
    var printed = HexFormat.of().parseHex(vector.get("prefix_hex").asString());
    int prefix = (printed[0] & 0xFF) << 24 | (printed[1] & 0xFF) << 16 | (printed[2] & 0xFF) << 8;
    assertThat((hash ^ prefix) & 0xFFFFF800).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"2001:db8:100:0:d5c8:db3f:995e:c0f7", "2a02:752:0:18::128", "::1"})
  void the_upper_half_of_an_ipv6_address_does_the_same(String ip) {
    var vector = Vectors.of("bep42-v6-" + ip);
    int hash = NodeIds.hash(address(ip), vector.get("rand").asInt() & 7);
    assertThat(HexFormat.of().toHexDigits(hash)).isEqualTo(vector.get("crc32c").asString());
  }

  @Test
  void ids_fit_the_address_that_they_were_made_for_and_no_other() {
    var vector = Vectors.of("bep42-verify");
    for (var valid : vector.get("valid")) {
      var id = Hash160.parse(valid.get("id").asString());
      assertThat(NodeIds.isBoundTo(id, address(valid.get("ip").asString()))).isTrue();
    }
    for (var invalid : vector.get("invalid")) {
      var id = Hash160.parse(invalid.get("id").asString());
      assertThat(NodeIds.isBoundTo(id, address(invalid.get("ip").asString()))).isFalse();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.1, true",
    "172.16.0.1, true",
    "172.31.255.255, true",
    "172.32.0.1, false",
    "192.168.7.7, true",
    "169.254.1.1, true",
    "127.0.0.1, true",
    "128.0.0.1, false",
    "11.0.0.1, false",
    "::1, true",
    "fe80::1, true",
    "fd00::1, true",
    "2001:db8::1, false"
  })
  void local_networks_are_exempt(String ip, boolean isExempt) {
    var badId = new Hash160(0x0123456789abcdefL, 5, 8);
    assertThat(NodeIds.isBoundTo(badId, address(ip))).isEqualTo(isExempt);
  }

  @Test
  void made_ids_fit() {
    var random = new SplittableRandom(7);
    for (int i = 0; i < 1_000; i++) {
      var v4 = Endpoint.v4(random.nextInt(), 1);
      var v6 = new Endpoint(random.nextLong() | 1, random.nextLong(), 1);
      assertThat(NodeIds.isBoundTo(NodeIds.boundTo(v4, random), v4)).isTrue();
      assertThat(NodeIds.isBoundTo(NodeIds.boundTo(v6, random), v6)).isTrue();
    }
  }

  @Test
  void distance_is_xor_read_as_a_number() {
    var random = new SplittableRandom(3);
    for (int i = 0; i < 1_000; i++) {
      var target = NodeIds.random(random);
      var a = NodeIds.sharing(target, random.nextInt(160), random);
      var b = NodeIds.sharing(target, random.nextInt(160), random);
      int expected = distance(target, a).compareTo(distance(target, b));
      assertThat(NodeIds.compareDistance(target, a, b)).as("seed 3, %s", i).isEqualTo(expected);
      assertThat(NodeIds.commonPrefixBits(a, b)).isEqualTo(160 - distance(a, b).bitLength());
    }
  }

  private static BigInteger distance(Hash160 a, Hash160 b) {
    return new BigInteger(1, a.bytes()).xor(new BigInteger(1, b.bytes()));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7, 8, 63, 64, 127, 128, 159})
  void an_id_of_a_bucket_shares_just_so_many_bits(int bits) {
    var random = new SplittableRandom(bits);
    var id = NodeIds.random(random);
    assertThat(NodeIds.commonPrefixBits(id, NodeIds.sharing(id, bits, random))).isEqualTo(bits);
  }

  /** A stranger must not make us send datagrams into our own network. */
  @ParameterizedTest
  @CsvSource({
    "8.8.8.8, 8.8.4.4, true", "8.8.8.8, 127.0.0.1, false", "8.8.8.8, 192.168.1.1, false",
    "8.8.8.8, 224.0.0.1, false", "8.8.8.8, 0.0.0.0, false", "8.8.8.8, 255.255.255.255, false",
    "192.168.1.1, 192.168.1.2, true", "127.0.0.1, 8.8.8.8, true", "2001:db8::1, ff02::1, false",
    "2001:db8::1, ::1, false", "::1, ::1, true", "2001:db8::1, ::, false"
  })
  void a_stranger_may_not_name_local_hosts(String speaker, String named, boolean isAllowed) {
    assertThat(Reach.mayName(address(speaker), address(named))).isEqualTo(isAllowed);
    assertThat(Reach.mayName(address(speaker), address(named).withPort(0))).isFalse();
  }
}
