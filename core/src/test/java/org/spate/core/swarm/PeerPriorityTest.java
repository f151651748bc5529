package org.spate.core.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.spate.core.Corpus;
import org.spate.core.Endpoint;
import org.spate.core.IpLiteral;
import org.spate.core.metainfo.PieceGeometry;
import org.spate.core.wire.Extensions;
import org.spate.core.wire.PeerMessage;
import tools.jackson.databind.JsonNode;

/** Canonical peer priority (BEP 40). */
class PeerPriorityTest {
  private static Endpoint at(String literal, int port) {
    return Endpoint.of(Objects.requireNonNull(IpLiteral.parse(literal)), port);
  }

  @ParameterizedTest
  @CsvSource({"98.76.54.32, ec2d7224", "123.213.32.234, 99568189"})
  void theExamplesOfTheBepComeOut(String theirs, String priority) {
    var ours = at("123.213.32.10", 1);
    assertThat(Integer.toHexString(PeerPriority.of(ours, at(theirs, 2)))).isEqualTo(priority);
    assertThat(Integer.toHexString(PeerPriority.of(at(theirs, 2), ours))).isEqualTo(priority);
  }

  @TestFactory
  Stream<DynamicTest> theVectorsOfTheCorpusComeOut() {
    return Corpus.cases("vectors.json", "vectors").stream()
        .filter(vector -> vector.get("id").asString().startsWith("bep40-"))
        .map(
            vector ->
                DynamicTest.dynamicTest(
                    vector.get("id").asString(),
                    () -> {
                      var one = vector.has("a") ? vector.get("a") : vector.get("client");
                      var other = vector.has("b") ? vector.get("b") : vector.get("peer");
                      int priority = PeerPriority.of(end(one), end(other));
                      assertThat("%08x".formatted(priority)).isEqualTo(expected(vector));
                    }));
  }

  /** Where libtorrent's IPv6 masks are not those of the text, it is the text that counts. */
  private static String expected(JsonNode vector) {
    var byText = vector.get("priority_by_bep_text");
    return (byText == null ? vector.get("priority") : byText).asString();
  }

  /** An address, or a list of one and its port. */
  private static Endpoint end(JsonNode node) {
    return node.isArray()
        ? at(node.get(0).asString(), node.get(1).asInt())
        : at(node.asString(), 0);
  }

  @Test
  void whatAnAddressHasOfItsOwnDoesNotCountInTheSameNeighbourhood() {
    var ours = at("2001:db8:1:2::1", 1);
    assertThat(PeerPriority.of(ours, at("2001:db9::aa", 1)))
        .isEqualTo(PeerPriority.of(ours, at("2001:db9::0", 1)));
    assertThat(PeerPriority.of(ours, at("2001:db8:1:2::2", 1)))
        .isNotEqualTo(PeerPriority.of(ours, at("2001:db8:1:2::3", 1)));
  }

  @Test
  void peersAtOneAddressDifferByTheirPorts() {
    var ours = at("192.0.2.1", 1000);
    assertThat(PeerPriority.of(ours, at("192.0.2.1", 2000)))
        .isEqualTo(PeerPriority.of(at("192.0.2.1", 2000), ours))
        .isNotEqualTo(PeerPriority.of(ours, at("192.0.2.1", 2001)));
  }

  @Test
  void amongNewAddressesTheOneOfGreatestPriorityIsDialledFirst() {
    var ours = at("192.0.2.1", 6881);
    var table = new PeerTable(new SplittableRandom(1));
    var addresses = new ArrayList<Endpoint>();
    for (int i = 0; i < 20; i++) {
      addresses.add(Endpoint.v4(0x0B000000 + (i << 16), 6881));
    }
    addresses.subList(0, 10).forEach(remote -> table.add(remote, PeerSource.TRACKER, 0));
    table.self(ours);
    addresses.subList(10, 20).forEach(remote -> table.add(remote, PeerSource.TRACKER, 0));

    var order = new ArrayList<Integer>();
    for (var next = table.next(0); next != null; next = table.next(0)) {
      order.add(PeerPriority.of(ours, next) >>> 1);
    }
    assertThat(order).isSortedAccordingTo(Collections.reverseOrder()).hasSize(20);
  }

  @Test
  void ourAddressIsBelievedWhenTwoNeighboursAgree() {
    var settings = SwarmSettings.DEFAULT.withListenPort(6881);
    var lone = new LoneSwarm(PieceGeometry.plain(1 << 16, 1 << 16), new PieceSet(1), settings, 1);
    var ours = at("192.0.2.1", 6881);
    for (var seen : List.of("203.0.113.9", "192.0.2.1", "192.0.2.1")) {
      int link = lone.link(LoneSwarm.FAST);
      lone.says(
          link,
          new PeerMessage.ExtensionHandshake(
              new Extensions(Map.of(), null, 0, 0, false, 0, false, at(seen, 0))));
    }
    var remotes = new ArrayList<Endpoint>();
    for (int i = 0; i < 10; i++) {
      remotes.add(Endpoint.v4(0x0B000000 + (i << 16), 6881));
    }
    lone.give(new SwarmInput.PeersFound(PeerSource.TRACKER, remotes));

    assertThat(lone.dialled)
        .isSortedAccordingTo(
            (a, b) ->
                Integer.compare(PeerPriority.of(ours, b) >>> 1, PeerPriority.of(ours, a) >>> 1));
  }
}
