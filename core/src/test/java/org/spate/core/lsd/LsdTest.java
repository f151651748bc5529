package org.spate.core.lsd;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.spate.core.Corpus;
import org.spate.core.Endpoint;
import org.spate.core.Hash160;
import org.spate.core.Machine;

/** Peers in the same network find each other, and forgers there achieve little. */
class LsdTest {
  private static final long SECOND = 1_000_000_000L;
  private static final Hash160 ONE = new Hash160(1, 1, 1);
  private static final Hash160 OTHER = new Hash160(2, 2, 2);
  private static final Endpoint NEAR = Endpoint.v4(0xC0A80002, 50_000);

  private final Lsd lsd = new Lsd("ours");
  private long now = SECOND;

  private List<LsdOutput> give(LsdInput input) {
    lsd.accept(input, now);
    return drain();
  }

  private List<LsdOutput> drain() {
    var outputs = new ArrayList<LsdOutput>();
    for (var output = lsd.poll(); output != null; output = lsd.poll()) {
      outputs.add(output);
    }
    return outputs;
  }

  private List<LsdMessage> sentWithin(int seconds) {
    var sent = new ArrayList<LsdMessage>();
    long until = now + seconds * SECOND;
    while (lsd.deadlineNanos() - until <= 0) {
      now = Math.max(now, lsd.deadlineNanos());
      lsd.advance(now);
      drain().forEach(output -> sent.add(((LsdOutput.Send) output).message()));
    }
    now = until;
    return sent;
  }

  private static byte[] announce(int port, String cookie, Hash160... infoHashes) {
    return new LsdMessage(port, List.of(infoHashes), cookie).encode("239.192.152.143:6771");
  }

  @Test
  void theDerivedDatagramIsReadAndWritten() {
    var vector = Corpus.one("vectors.json", "vectors", "bep14");
    var datagram = vector.get("packet").asString().getBytes(StandardCharsets.US_ASCII);
    var message = Objects.requireNonNull(LsdMessage.parse(datagram));
    assertThat(message.encode(vector.get("groups").get(0).asString())).isEqualTo(datagram);
  }

  @Test
  void theFormOfBep14IsWrittenAndRead() {
    var text =
        "BT-SEARCH * HTTP/1.1\r\nHost: 239.192.152.143:6771\r\nPort: 6881\r\nInfohash: "
            + ONE
            + "\r\ncookie: abc\r\n\r\n\r\n";
    var message = new LsdMessage(6881, List.of(ONE), "abc");

    assertThat(new String(message.encode("239.192.152.143:6771"), StandardCharsets.US_ASCII))
        .isEqualTo(text);
    var loose =
        text.replace("Port: 6881", "X-New: 1\r\nPORT:6881")
            .replace("" + ONE, ("" + ONE).toUpperCase(java.util.Locale.ROOT));
    assertThat(LsdMessage.parse(loose.getBytes(StandardCharsets.US_ASCII))).isEqualTo(message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\r\n",
        "GET / HTTP/1.1\r\nPort: 1\r\nInfohash: 0101010101010101010101010101010101010101\r\n",
        "BT-SEARCH * HTTP/1.1\r\nInfohash: 0101010101010101010101010101010101010101\r\n",
        "BT-SEARCH * HTTP/1.1\r\nPort: 0\r\nInfohash: 0101010101010101010101010101010101010101\r\n",
        "BT-SEARCH * HTTP/1.1\r\nPort: 65536\r\nInfohash: 0101010101010101010101010101010101010101",
        "BT-SEARCH * HTTP/1.1\r\nPort: -1\r\nInfohash: 0101010101010101010101010101010101010101",
        "BT-SEARCH * HTTP/1.1\r\nPort: 1\r\nInfohash: 01",
        "BT-SEARCH * HTTP/1.1\r\nPort: 1\r\n"
      })
  void whatIsNoAnnounceIsNothing(String text) {
    assertThat(LsdMessage.parse(text.getBytes(StandardCharsets.ISO_8859_1))).isNull();
    assertThat(LsdMessage.parse((text + "x".repeat(1400)).getBytes(StandardCharsets.ISO_8859_1)))
        .isNull();
  }

  @Test
  void torrentsAreAnnouncedTogetherEveryFiveMinutes() {
    give(new LsdInput.Listening(6881));
    give(new LsdInput.Joined(ONE));
    give(new LsdInput.Joined(OTHER));

    assertThat(sentWithin(0)).containsExactly(new LsdMessage(6881, List.of(ONE, OTHER), "ours"));
    assertThat(sentWithin(299)).isEmpty();
    assertThat(sentWithin(2)).hasSize(1);
    give(new LsdInput.Left(ONE));
    give(new LsdInput.Left(OTHER));
    assertThat(lsd.deadlineNanos()).isEqualTo(Machine.NEVER);
  }

  @Test
  void noMoreThanOneDatagramAMinuteIsSentAndNoTorrentIsForgotten() {
    give(new LsdInput.Listening(6881));
    for (int i = 0; i < 150; i++) {
      give(new LsdInput.Joined(new Hash160(i, 0, 0)));
    }
    var sent = sentWithin(479);
    assertThat(sent).hasSize(8);
    assertThat(sent.stream().flatMap(m -> m.infoHashes().stream()).distinct()).hasSize(150);
    assertThat(sent).allMatch(m -> m.encode("[ff15::efc0:988f:6771]:6771").length <= 1400);
  }

  @Test
  void nothingIsSaidWithoutATorrentOrAPort() {
    give(new LsdInput.Joined(ONE));
    assertThat(sentWithin(1000)).isEmpty();
  }

  @Test
  void aPeerOfATorrentOfOursIsFoundWhereItListens() {
    give(new LsdInput.Joined(ONE));

    assertThat(give(new LsdInput.Received(NEAR, announce(7000, "x", OTHER, ONE))))
        .containsExactly(new LsdOutput.Found(ONE, NEAR.withPort(7000)));
  }

  @Test
  void ourOwnAnnounceIsNotHeard() {
    give(new LsdInput.Joined(ONE));

    assertThat(give(new LsdInput.Received(NEAR, announce(7000, "ours", ONE)))).isEmpty();
  }

  @Test
  void theSamePeerIsPassedOnOnce() {
    give(new LsdInput.Joined(ONE));
    give(new LsdInput.Received(NEAR, announce(7000, "x", ONE)));
    now += 60 * SECOND;
    assertThat(give(new LsdInput.Received(NEAR, announce(7000, "x", ONE)))).isEmpty();
    now += 120 * SECOND;
    assertThat(give(new LsdInput.Received(NEAR, announce(7000, "x", ONE)))).hasSize(1);
  }

  @Test
  void tenThousandForgedAnnouncesFindFewPeers() {
    give(new LsdInput.Joined(ONE));
    int found = 0;
    for (int i = 0; i < 10_000; i++) {
      now += SECOND / 1000;
      found += give(new LsdInput.Received(Endpoint.v4(i, 1), announce(1 + i, "x", ONE))).size();
    }
    assertThat(found).isBetween(1, 11 * Lsd.FOUND_PER_SECOND);
  }

  @FuzzTest
  void anyDatagram(byte[] data) {
    var message = LsdMessage.parse(data);
    if (message != null && message.cookie() == null) {
      assertThat(LsdMessage.parse(message.encode("239.192.152.143:6771"))).isEqualTo(message);
    }
  }
}
