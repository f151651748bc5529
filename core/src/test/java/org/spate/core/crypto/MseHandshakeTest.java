package org.spate.core.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.spate.core.BigEndian;
import org.spate.core.Corpus;
import org.spate.core.Hash160;
import tools.jackson.databind.JsonNode;

class MseHandshakeTest {
  private static final byte[] FIRST_WORDS = "first words".getBytes(StandardCharsets.UTF_8);
  private static final byte[] NO_WORDS = {};

  private static JsonNode vector(String id) {
    return Corpus.one("vectors.json", "vectors", id);
  }

  private static byte[] hex(JsonNode node, String field) {
    return HexFormat.of().parseHex(node.get(field).asString());
  }

  private static byte[] stream(Rc4 cipher) {
    var zeros = new byte[16];
    cipher.apply(zeros, 0, zeros.length);
    return zeros;
  }

  @Test
  void keys_secret_and_streams_are_those_of_the_vector() {
    var vector = vector("mse-handshake");
    var a = DiffieHellman.of(hex(vector, "xa"));
    var b = DiffieHellman.of(hex(vector, "xb"));
    assertThat(a.publicKey()).isEqualTo(hex(vector, "ya"));
    assertThat(b.publicKey()).isEqualTo(hex(vector, "yb"));
    var secret = hex(vector, "S");
    assertThat(a.secret(b.publicKey())).isEqualTo(secret);
    assertThat(b.secret(a.publicKey())).isEqualTo(secret);
    var infoHash = Hash160.of(hex(vector, "skey"));
    assertThat(MseKeys.mark(secret)).hasToString(vector.get("hash_req1_S").asString());
    assertThat(MseKeys.obfuscated(infoHash, secret))
        .hasToString(vector.get("hash_req2_skey_xor_req3_S").asString());
    assertThat(stream(MseKeys.initiatorCipher(secret, infoHash)))
        .isEqualTo(hex(vector, "first_16_keystream_A"));
    assertThat(stream(MseKeys.responderCipher(secret, infoHash)))
        .isEqualTo(hex(vector, "first_16_keystream_B"));
  }

  @Test
  void the_initiator_says_what_the_vector_says() {
    var vector = vector("mse-handshake");
    var infoHash = Hash160.of(hex(vector, "skey"));
    var exchange = DiffieHellman.of(hex(vector, "xa"));
    var initiator =
        new MseInitiator(
            infoHash, NO_WORDS, EncryptionMode.REQUIRED, exchange, new SplittableRandom(1));
    assertThat(Mse.drain(initiator)).startsWith(hex(vector, "ya"));
    feed(initiator, hex(vector, "yb"));
    assertThat(Mse.drain(initiator))
        .isEqualTo(
            concat(
                hex(vector, "hash_req1_S"),
                hex(vector, "hash_req2_skey_xor_req3_S"),
                hex(vector.get("A_sends_after_hashes"), "encrypted_hex")));
  }

  @Test
  void the_responder_understands_the_vector() {
    var vector = vector("mse-handshake");
    var infoHash = Hash160.of(hex(vector, "skey"));
    var responder =
        new MseResponder(
            requested -> requested.equals(MseResponder.requested(infoHash)) ? infoHash : null,
            EncryptionMode.PREFERRED,
            DiffieHellman.of(hex(vector, "xb")),
            new SplittableRandom(1));
    feed(responder, hex(vector, "ya"));
    feed(responder, new byte[300]);
    feed(responder, hex(vector, "hash_req1_S"));
    feed(responder, hex(vector, "hash_req2_skey_xor_req3_S"));
    feed(responder, hex(vector.get("A_sends_after_hashes"), "encrypted_hex"));
    assertThat(agreement(responder).method()).isEqualTo(CryptoMethod.RC4);
    assertThat(agreement(responder).infoHash()).isEqualTo(infoHash);
  }

  @ParameterizedTest(name = "{0} dials {1}: {2}")
  @CsvSource({
    "ACCEPTED, ACCEPTED, PLAINTEXT",
    "ACCEPTED, PREFERRED, RC4",
    "ACCEPTED, REQUIRED, RC4",
    "PREFERRED, ACCEPTED, PLAINTEXT",
    "PREFERRED, PREFERRED, RC4",
    "PREFERRED, REQUIRED, RC4",
    "REQUIRED, ACCEPTED, RC4",
    "REQUIRED, PREFERRED, RC4",
    "REQUIRED, REQUIRED, RC4",
  })
  void both_sides_agree_however_the_bytes_are_cut(
      EncryptionMode dialling, EncryptionMode dialled, CryptoMethod method) {
    for (long seed = 0; seed < 30; seed++) {
      var random = new SplittableRandom(seed);
      var mse = new Mse(FIRST_WORDS, dialling, dialled, random);
      mse.run(random, 1 + random.nextInt(700));

      var there = agreement(mse.responder);
      var here = agreement(mse.initiator);
      assertThat(here.method()).as("seed %d", seed).isEqualTo(method);
      assertThat(there.method()).isEqualTo(method);
      assertThat(there.infoHash()).isEqualTo(Mse.TORRENT);
      assertThat(there.received()).isEqualTo(FIRST_WORDS);
      assertThat(here.received()).isEmpty();
      assertThatItCarriesOn(here.outgoing(), there.incoming());
      assertThatItCarriesOn(there.outgoing(), here.incoming());
    }
  }

  private static void assertThatItCarriesOn(@Nullable Rc4 out, @Nullable Rc4 in) {
    if (out != null && in != null) {
      var text = FIRST_WORDS.clone();
      out.apply(text, 0, text.length);
      assertThat(text).isNotEqualTo(FIRST_WORDS);
      in.apply(text, 0, text.length);
      assertThat(text).isEqualTo(FIRST_WORDS);
    } else {
      assertThat(out).isEqualTo(in);
    }
  }

  private static List<String> keys(String field) {
    return vector("mse-prime").get(field).valueStream().map(JsonNode::asString).toList();
  }

  static List<String> refusedKeys() {
    return keys("refuse_public_keys");
  }

  static List<String> acceptedKeys() {
    return keys("accept_public_keys");
  }

  /** A key like 0, P-1. */
  private static byte[] key(String text) {
    var prime = new BigInteger(vector("mse-prime").get("prime_hex").asString(), 16);
    var number =
        text.startsWith("P")
            ? prime.add(text.equals("P") ? BigInteger.ZERO : new BigInteger(text.substring(1)))
            : new BigInteger(text);
    var bytes = number.toByteArray();
    var key = new byte[DiffieHellman.KEY_BYTES];
    int length = Math.min(bytes.length, key.length);
    System.arraycopy(bytes, bytes.length - length, key, key.length - length, length);
    return key;
  }

  @ParameterizedTest
  @MethodSource("refusedKeys")
  void a_key_that_forces_the_secret_is_refused(String text) {
    for (var side : sides()) {
      assertRefused(side, key(text), MseException.Reason.WEAK_KEY);
    }
  }

  @ParameterizedTest
  @MethodSource("acceptedKeys")
  void every_other_key_is_taken(String text) {
    for (var side : sides()) {
      feed(side, key(text));
      assertThat(side.agreement()).isNull();
    }
  }

  private static MseHandshake[] sides() {
    var mse = new Mse(FIRST_WORDS, EncryptionMode.REQUIRED, EncryptionMode.REQUIRED, dice());
    return new MseHandshake[] {mse.initiator, mse.responder};
  }

  private static SplittableRandom dice() {
    return new SplittableRandom(5);
  }

  @Test
  void padding_ends_somewhere() {
    for (var side : sides()) {
      feed(side, key("2"));
      int markBytes = side instanceof MseInitiator ? MseHandshake.VC_BYTES : Hash160.BYTES;
      feed(side, new byte[MseHandshake.PADDING_MAX + markBytes - 1]);
      assertRefused(side, new byte[1], MseException.Reason.NOT_SYNCHRONISED);
    }
  }

  /** A responder in the middle of an exchange, and the cipher that it expects. */
  private static final class HalfWay {
    final MseResponder responder =
        new MseResponder(Mse::find, EncryptionMode.REQUIRED, new SplittableRandom(8));
    final byte[] secret;
    final Rc4 cipher;

    HalfWay(Hash160 torrent) {
      var exchange = DiffieHellman.random(new SplittableRandom(9));
      feed(responder, exchange.publicKey());
      var theirs = Arrays.copyOf(Mse.drain(responder), DiffieHellman.KEY_BYTES);
      secret = exchange.secret(theirs);
      cipher = MseKeys.initiatorCipher(secret, torrent);
      feed(responder, MseKeys.mark(secret).bytes());
    }

    byte[] torrent(Hash160 infoHash) {
      return MseKeys.obfuscated(infoHash, secret).bytes();
    }

    byte[] provide(long vc, int provide, int padding) {
      var bytes = new byte[14];
      BigEndian.putLong(bytes, 0, vc);
      BigEndian.putInt(bytes, 8, provide);
      BigEndian.putShort(bytes, 12, padding);
      cipher.apply(bytes, 0, bytes.length);
      return bytes;
    }
  }

  @Test
  void who_names_no_torrent_of_ours_is_refused() {
    var other = Hash160.sha1(new byte[] {2}, 0, 1);
    var halfWay = new HalfWay(other);
    assertRefused(halfWay.responder, halfWay.torrent(other), MseException.Reason.UNKNOWN_TORRENT);
  }

  @ParameterizedTest
  @CsvSource({
    "1, 2, 0, NOT_VERIFIED",
    "0, 0, 0, NO_METHOD",
    "0, 1, 0, NO_METHOD",
    "0, 4, 0, NO_METHOD",
    "0, 2, 513, PADDING_TOO_LONG",
    "0, 2, 65535, PADDING_TOO_LONG",
  })
  void what_the_initiator_offers_is_checked(
      long vc, int provide, int padding, MseException.Reason reason) {
    var halfWay = new HalfWay(Mse.TORRENT);
    feed(halfWay.responder, halfWay.torrent(Mse.TORRENT));
    assertRefused(halfWay.responder, halfWay.provide(vc, provide, padding), reason);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0, NO_METHOD",
    "1, 0, NO_METHOD",
    "3, 0, NO_METHOD",
    "2, 513, PADDING_TOO_LONG",
  })
  void what_the_responder_chooses_is_checked(int select, int padding, MseException.Reason reason) {
    var initiator = new MseInitiator(Mse.TORRENT, NO_WORDS, EncryptionMode.REQUIRED, dice());
    var exchange = DiffieHellman.random(new SplittableRandom(3));
    var theirs = Arrays.copyOf(Mse.drain(initiator), DiffieHellman.KEY_BYTES);
    feed(initiator, exchange.publicKey());
    var answer = new byte[14];
    BigEndian.putInt(answer, 8, select);
    BigEndian.putShort(answer, 12, padding);
    MseKeys.responderCipher(exchange.secret(theirs), Mse.TORRENT).apply(answer, 0, 14);
    assertRefused(initiator, answer, reason);
  }

  @Test
  void padding_is_random_and_bounded() {
    var lengths = new TreeSet<Integer>();
    var random = dice();
    for (int n = 0; n < 400; n++) {
      var first = new MseInitiator(Mse.TORRENT, NO_WORDS, EncryptionMode.REQUIRED, random);
      lengths.add(Mse.drain(first).length - DiffieHellman.KEY_BYTES);
    }
    assertThat(lengths.first()).isBetween(0, 20);
    assertThat(lengths.last()).isBetween(490, 512);
  }

  @Test
  void bytes_after_the_end_are_not_its_business() {
    var mse = new Mse(NO_WORDS, EncryptionMode.REQUIRED, EncryptionMode.REQUIRED, dice());
    mse.run(dice(), 100);
    assertThatThrownBy(() -> feed(mse.initiator, new byte[1]))
        .isInstanceOf(IllegalStateException.class);
  }

  private static Agreement agreement(MseHandshake side) {
    return Objects.requireNonNull(side.agreement(), "no agreement");
  }

  private static void feed(MseHandshake side, byte[] bytes) {
    side.accept(bytes, 0, bytes.length);
  }

  private static void assertRefused(MseHandshake side, byte[] bytes, MseException.Reason reason) {
    var refusal = catchThrowableOfType(MseException.class, () -> feed(side, bytes));
    assertThat(refusal).isNotNull();
    assertThat(refusal.reason()).isEqualTo(reason);
  }

  private static byte[] concat(byte[]... parts) {
    var out = new ByteArrayOutputStream();
    for (var part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }
}
