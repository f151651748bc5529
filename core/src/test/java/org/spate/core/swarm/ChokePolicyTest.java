package org.spate.core.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each policy as a table: candidates in, their order out. */
class ChokePolicyTest {
  private static final long SECOND = 1_000_000_000L;
  private static final long NOW = 1000 * SECOND;

  private record Named(String name, ChokePolicy.Candidate candidate) {}

  /** {@code name:flags,gives,takes,seconds since its slot changed}; flags u unchoked, s snubbed. */
  private static Named candidate(String text) {
    var parts = text.split("[:,]", -1);
    long since = Long.parseLong(parts[4]);
    return new Named(
        parts[0],
        new ChokePolicy.Candidate(
            parts[1].contains("u"),
            parts[1].contains("s"),
            Double.parseDouble(parts[2]),
            Double.parseDouble(parts[3]),
            since < 0 ? 0 : NOW - since * SECOND));
  }

  private static String order(ChokePolicy policy, String candidates) {
    return Arrays.stream(candidates.split(" "))
        .map(ChokePolicyTest::candidate)
        .sorted(Comparator.comparing(Named::candidate, policy.order(NOW)))
        .map(Named::name)
        .collect(Collectors.joining());
  }

  @ParameterizedTest(name = "{0} -> {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "a:,10,0,1 b:,30,0,1 c:,20,0,1    | bca",
        "a:,10,99,1 b:,30,0,1             | ba", // what they take does not matter
        "a:u,10,0,1 b:,11,0,1             | ba", // nor who has a slot
        "a:,0,0,1 b:,0.5,0,1              | ba"
      })
  void titForTatGivesToThoseWhoGiveMost(String candidates, String order) {
    assertThat(order(new ChokePolicy.TitForTat(), candidates)).isEqualTo(order);
  }

  @ParameterizedTest(name = "{0} -> {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "a:,0,10,1 b:,0,30,1 c:,0,20,1    | bca",
        "a:,99,10,1 b:,0,30,1             | ba",
        "a:s,0,30,1 b:,0,10,1             | ab" // a seed waits for nobody
      })
  void fastestUploadGivesToThoseWhoTakeFastest(String candidates, String order) {
    assertThat(order(new ChokePolicy.FastestUpload(), candidates)).isEqualTo(order);
  }

  @ParameterizedTest(name = "{0} -> {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "a:u,0,0,10 b:,0,0,500            | ab", // its turn lasts thirty seconds
        "a:u,0,0,29 b:,0,0,500            | ab",
        "a:u,0,0,30 b:,0,0,500            | ba", // then it is behind all who wait
        "a:,0,0,100 b:,0,0,200 c:,0,0,150 | bca", // who has waited longest is next
        "a:,0,0,900 b:,0,0,-1             | ba", // before all, who never had a slot
        "a:u,0,99,40 b:,0,0,1 c:u,0,0,5   | cba"
      })
  void roundRobinGivesATurnToEach(String candidates, String order) {
    assertThat(order(new ChokePolicy.RoundRobin(), candidates)).isEqualTo(order);
  }

  @Test
  void onlyTitForTatHoldsSnubbingAgainstAnybody() {
    var snubbed = candidate("a:s,50,50,1").candidate();
    var other = candidate("a:,0,0,1").candidate();
    assertThat(new ChokePolicy.TitForTat().deserves(snubbed)).isFalse();
    assertThat(new ChokePolicy.TitForTat().deserves(other)).isTrue();
    assertThat(new ChokePolicy.FastestUpload().deserves(snubbed)).isTrue();
    assertThat(new ChokePolicy.RoundRobin().deserves(snubbed)).isTrue();
  }
}
