package org.spate.core.dht;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.spate.core.Endpoint;
import org.spate.core.Hash160;

/** Tokens and transaction ids: what a stranger would have to guess (threats 38 and 70). */
class TokensTest {
  private static final long SECOND_NANOS = 1_000_000_000L;
  private static final Hash160 TARGET = new Hash160(1, 2, 3);
  private static final Endpoint ASKER = Endpoint.v4(0x08080808, 1_000);

  @ParameterizedTest
  @CsvSource({"0, true", "299, true", "301, true", "599, false", "661, false", "86400, false"})
  void a_token_lives_for_five_to_ten_minutes(long ageSeconds, boolean isValid) {
    long issuedNanos = 10 * SECOND_NANOS;
    var tokens = new Tokens(new SplittableRandom(1), 0);
    var token = tokens.issue(ASKER, TARGET, issuedNanos);
    long now = issuedNanos + ageSeconds * SECOND_NANOS;
    assertThat(tokens.isValid(token, ASKER, TARGET, now)).isEqualTo(isValid);
  }

  @Test
  void a_token_issued_at_any_time_lives_for_five_minutes_at_least_and_ten_at_most() {
    for (long second = 0; second < 600; second += 7) {
      var tokens = new Tokens(new SplittableRandom(second), 0);
      long now = second * SECOND_NANOS;
      var token = tokens.issue(ASKER, TARGET, now);
      assertThat(tokens.isValid(token, ASKER, TARGET, now + 299 * SECOND_NANOS)).isTrue();
      assertThat(tokens.isValid(token, ASKER, TARGET, now + 601 * SECOND_NANOS)).isFalse();
    }
  }

  @Test
  void a_token_is_of_use_to_its_address_and_for_its_target_only() {
    var tokens = new Tokens(new SplittableRandom(1), 0);
    var token = tokens.issue(ASKER, TARGET, 0);
    assertThat(tokens.isValid(token, ASKER.withPort(2_000), TARGET, 0)).isTrue();
    assertThat(tokens.isValid(token, Endpoint.v4(0x08080809, 1_000), TARGET, 0)).isFalse();
    assertThat(tokens.isValid(token, ASKER, new Hash160(1, 2, 4), 0)).isFalse();
    assertThat(tokens.isValid(new byte[0], ASKER, TARGET, 0)).isFalse();
    assertThat(new Tokens(new SplittableRandom(2), 0).isValid(token, ASKER, TARGET, 0)).isFalse();
  }

  @Test
  void ten_thousand_transaction_ids_do_not_repeat_and_have_balanced_bits() {
    var transactions = new Transactions(new SplittableRandom(5));
    var seen = new HashSet<String>();
    var ones = new int[48];
    for (int i = 0; i < 10_000; i++) {
      var id = transactions.begin(ASKER, null, new Silent(), 0);
      assertThat(transactions.end(id, ASKER)).isNotNull();
      seen.add(java.util.HexFormat.of().formatHex(id));
      for (int bit = 0; bit < ones.length; bit++) {
        ones[bit] += id[bit / 8] >>> (bit % 8) & 1;
      }
    }
    assertThat(seen).hasSize(10_000);
    for (int count : ones) {
      assertThat(count).isBetween(4_750, 5_250);
    }
  }

  @Test
  void an_answer_counts_once_and_only_from_who_was_asked() {
    var transactions = new Transactions(new SplittableRandom(5));
    var id = transactions.begin(ASKER, null, new Silent(), 0);
    assertThat(transactions.end(id, ASKER.withPort(9))).isNull();
    assertThat(transactions.end(new byte[] {1}, ASKER)).isNull();
    assertThat(transactions.end(id, ASKER)).isNotNull();
    assertThat(transactions.end(id, ASKER)).isNull();
  }

  /** Does not care. */
  private static final class Silent implements Transactions.Asker {
    @Override
    public void onReply(NodeInfo from, Reply reply, long nowNanos) {}

    @Override
    public void onFailure(long nowNanos) {}
  }
}
