package org.spate.core.dht;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.spate.core.Hash160;

/** The items of BEP 44: what they are found by, and what proves them. */
class ItemTest {
  private static final byte[] NO_SALT = new byte[0];

  static Item.Mutable published() {
    var vector = Vectors.of("bep44-1");
    return new Item.Mutable(
        Vectors.hex(vector, "public_key"),
        NO_SALT,
        vector.get("seq").asLong(),
        Vectors.hex(vector, "signature"),
        vector.get("value_bencoded").asString().getBytes(ISO_8859_1));
  }

  @Test
  void the_mutable_item_that_bep_44_prints_is_genuine() {
    var vector = Vectors.of("bep44-1");
    var item = published();
    assertThat(item.isGenuine()).isTrue();
    assertThat(item.target()).hasToString(vector.get("target").asString());
    assertThat(ItemSignature.signedBytes(item.salt(), item.seq(), item.value()))
        .asString(ISO_8859_1)
        .isEqualTo(vector.get("signed_buffer").asString());
  }

  @Test
  void the_target_that_bep_46_prints_is_of_key_and_salt() {
    var vector = Vectors.of("bep46-2");
    var target = Item.targetOf(Vectors.hex(vector, "public_key"), Vectors.hex(vector, "salt_hex"));
    assertThat(target).hasToString(vector.get("target").asString());
  }

  @Test
  void every_part_of_a_mutable_item_is_signed() {
    var item = published();
    assertThat(with(item, new byte[] {'x'}, item.seq(), item.value()).isGenuine()).isFalse();
    assertThat(with(item, NO_SALT, item.seq() + 1, item.value()).isGenuine()).isFalse();
    assertThat(with(item, NO_SALT, item.seq(), bytes("12:Hello world!")).isGenuine()).isFalse();
    for (int i = 0; i < Item.SIGNATURE_BYTES; i++) {
      var signature = item.signature().clone();
      signature[i] ^= 1;
      var forged = new Item.Mutable(item.publicKey(), NO_SALT, item.seq(), signature, item.value());
      assertThat(forged.isGenuine()).as("byte %s", i).isFalse();
    }
  }

  private static Item.Mutable with(Item.Mutable item, byte[] salt, long seq, byte[] value) {
    return new Item.Mutable(item.publicKey(), salt, seq, item.signature(), value);
  }

  @Test
  void a_key_that_is_no_point_proves_nothing() {
    var item = published();
    for (int fill : new int[] {0, 2, 0x7F, 0xFF}) {
      var key = new byte[Item.PUBLIC_KEY_BYTES];
      java.util.Arrays.fill(key, (byte) fill);
      var forged = new Item.Mutable(key, NO_SALT, item.seq(), item.signature(), item.value());
      assertThat(forged.isGenuine()).isFalse();
    }
  }

  /** RFC 8032, 7.1, test 1: the key pair. */
  @Test
  void what_we_sign_is_genuine_with_and_without_salt() {
    var seed = hex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");
    var key = hex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
    var plain = ItemSignature.sign(seed, key, NO_SALT, 4, bytes("i7e"));
    var salted = ItemSignature.sign(seed, key, bytes("foobar"), 4, bytes("i7e"));
    assertThat(plain.isGenuine()).isTrue();
    assertThat(salted.isGenuine()).isTrue();
    assertThat(salted.signature()).isNotEqualTo(plain.signature());
    assertThat(ItemSignature.signedBytes(bytes("foobar"), 4, bytes("12:Hello world!")))
        .asString(ISO_8859_1)
        .isEqualTo("4:salt6:foobar3:seqi4e1:v12:Hello world!"); // as BEP 44 prints it
    assertThatThrownBy(() -> ItemSignature.sign(seed, key, NO_SALT, 1, new byte[1_001]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void an_immutable_item_is_found_by_the_hash_of_its_bencode() {
    assertThat(new Item.Immutable(bytes("12:Hello World!")).target())
        .isEqualTo(Hash160.parse("e5f96f6f38320f0f33959cb4d3d656452117aadb"));
  }

  @Test
  void an_answer_counts_only_if_it_fits_what_was_looked_for() {
    var item = published();
    var value = new Reply.Value(item.value(), item.publicKey(), item.signature(), item.seq());
    assertThat(ItemLookup.genuine(value, item.target(), NO_SALT)).isNotNull();
    assertThat(ItemLookup.genuine(value, item.target(), bytes("salt"))).isNull();
    assertThat(ItemLookup.genuine(value, Hash160.parse("00".repeat(20)), NO_SALT)).isNull();
    var unsigned = new Reply.Value(item.value(), item.publicKey(), null, item.seq());
    assertThat(ItemLookup.genuine(unsigned, item.target(), NO_SALT)).isNull();
    var immutable = new Reply.Value(item.value(), null, null, null);
    var target = new Item.Immutable(item.value()).target();
    assertThat(ItemLookup.genuine(immutable, target, NO_SALT)).isInstanceOf(Item.Immutable.class);
    assertThat(ItemLookup.genuine(immutable, item.target(), NO_SALT)).isNull();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(ISO_8859_1);
  }

  private static byte[] hex(String digits) {
    return java.util.HexFormat.of().parseHex(digits);
  }
}
