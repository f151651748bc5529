package org.spate.core.dht;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.spate.core.Endpoint;

class BloomFilterTest {

  @Test
  void addresses_fill_it_as_bep_33_prints() {
    var filter = new BloomFilter();
    addV4(filter);
    for (int i = 0; i <= 0x3E7; i++) {
      filter.add(new Endpoint(0x20010db800000000L, i, 1));
    }
    assertIs(filter, "bep33-bloom");
  }

  @Test
  void one_address_sets_two_bits() {
    var filter = new BloomFilter();
    filter.add(Endpoint.v4(0xC0A80101, 5));
    assertIs(filter, "bep33-one");
  }

  @Test
  void the_256_addresses_of_a_network_are_counted() {
    var filter = new BloomFilter();
    addV4(filter);
    assertIs(filter, "bep33-v4");
  }

  private static void addV4(BloomFilter filter) {
    for (int i = 0; i < 256; i++) {
      filter.add(Endpoint.v4(0xC0000200 + i, i));
    }
  }

  private static void assertIs(BloomFilter filter, String id) {
    var vector = Vectors.of(id);
    assertThat(filter.bytes()).isEqualTo(Vectors.hex(vector, "filter_hex"));
    assertThat(filter.estimate()).isCloseTo(vector.get("estimate").asDouble(), within(0.001));
  }

  @Test
  void a_union_counts_what_is_in_both_once() {
    var one = new BloomFilter();
    var other = new BloomFilter();
    addV4(one);
    addV4(other);
    other.add(Endpoint.v4(0x08080808, 1));
    double before = one.estimate();
    one.unite(other);
    assertThat(one.estimate()).isCloseTo(before + 1, within(0.5));
  }

  @Test
  void an_empty_one_counts_none_and_a_full_one_is_no_infinity() {
    var full = new byte[BloomFilter.BYTES];
    java.util.Arrays.fill(full, (byte) 0xFF);
    assertThat(new BloomFilter().estimate()).isZero();
    assertThat(BloomFilter.of(full).estimate()).isBetween(6_000.0, 10_000.0);
    assertThatThrownBy(() -> BloomFilter.of(new byte[255]))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
