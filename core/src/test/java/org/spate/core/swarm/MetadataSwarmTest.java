package org.spate.core.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.spate.core.Endpoint;
import org.spate.core.Hash160;
import org.spate.core.Hash256;
import org.spate.core.bencode.BencodeWriter;
import org.spate.core.metainfo.InfoHash;
import org.spate.core.wire.MetadataMessage;
import org.spate.core.wire.PeerMessage;

/** A torrent of which only the info-hash is known: honest neighbours, liars, and silent ones. */
class MetadataSwarmTest {
  private static final byte[] METADATA = metadata(4_000, false); // five pieces of 16 KiB
  private static final InfoHash V1 = v1(METADATA);

  private static byte[] metadata(int pieces, boolean isPrivate) {
    var hashes = new byte[pieces * Hash160.BYTES];
    new Random(1).nextBytes(hashes);
    var writer = new BencodeWriter().beginDictionary();
    writer.key("length").integer(pieces * 16_384L).key("name").text("t");
    writer.key("piece length").integer(16_384).key("pieces").text(hashes);
    if (isPrivate) {
      writer.key("private").integer(1);
    }
    return writer.end().toBytes();
  }

  private static InfoHash v1(byte[] metadata) {
    return new InfoHash(Hash160.sha1(metadata, 0, metadata.length), null);
  }

  private static byte[] wrong(byte[] metadata, int at) {
    var wrong = metadata.clone();
    wrong[at] ^= 1;
    return wrong;
  }

  @Test
  void piecesAreAskedOfSeveralNeighboursAtOnce() {
    var lone = new LoneMetadataSwarm(V1);
    int one = lone.source(METADATA.length);
    int other = lone.source(METADATA.length);

    assertThat(lone.answers(one, METADATA)).isPositive();
    assertThat(lone.answers(other, METADATA)).isPositive();

    assertThat(lone.found()).isNotNull();
    assertThat(lone.found().info().rawBytes()).isEqualTo(METADATA);
    assertThat(lone.banned()).isEmpty();
  }

  @Test
  void bothHashesOfALinkMustBeRight() {
    var v2 = Hash256.sha256(METADATA, 0, METADATA.length);
    var right = new LoneMetadataSwarm(new InfoHash(V1.v1(), v2));
    right.answers(right.source(METADATA.length), METADATA);
    while (right.answers(0, METADATA) > 0) {}
    var wrong = new LoneMetadataSwarm(new InfoHash(V1.v1(), Hash256.sha256(new byte[1], 0, 1)));
    int liar = wrong.source(METADATA.length);
    while (wrong.answers(liar, METADATA) > 0) {}

    assertThat(right.found()).isNotNull();
    assertThat(wrong.found()).isNull();
    assertThat(wrong.banned()).containsExactly(LoneMetadataSwarm.remote(liar));
  }

  @Test
  void whoSentAllOfAWrongDictionaryIsBannedAtOnce() {
    var lone = new LoneMetadataSwarm(V1);
    int liar = lone.source(METADATA.length);

    while (lone.answers(liar, wrong(METADATA, 20_000)) > 0) {}

    assertThat(lone.banned()).containsExactly(LoneMetadataSwarm.remote(liar));
    assertThat(lone.closed(liar)).isEqualTo(CloseReason.SENT_BAD_DATA);
    int honest = lone.source(METADATA.length);
    while (lone.answers(honest, METADATA) > 0) {}
    assertThat(lone.found()).isNotNull();
  }

  @Test
  void amongSeveralOnlyTheOneWhoLiedIsBanned() {
    for (int seed = 0; seed < 50; seed++) {
      var random = new Random(seed);
      var lone = new LoneMetadataSwarm(V1);
      int peers = 2 + random.nextInt(4);
      int liar = random.nextInt(peers);
      for (int i = 0; i < peers; i++) {
        lone.source(METADATA.length);
      }
      for (int turn = 0; turn < 200 && lone.found() == null; turn++) {
        int link = random.nextInt(peers);
        if (lone.closed(link) == null) {
          var bytes = link == liar ? wrong(METADATA, random.nextInt(METADATA.length)) : METADATA;
          lone.answers(link, bytes);
        }
        lone.passSeconds(1);
      }

      assertThat(lone.found()).as("seed " + seed).isNotNull();
      assertThat(lone.banned())
          .as("seed " + seed)
          .isSubsetOf(List.of(LoneMetadataSwarm.remote(liar)));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {Integer.MAX_VALUE, MetadataFetch.LENGTH_MAX + 1, 0})
  void sizesBeyondAllReasonAreIgnored(int size) {
    var lone = new LoneMetadataSwarm(V1);

    int liar = lone.source(size);

    assertThat(lone.takeRequests(liar)).isEmpty();
    assertThat(lone.closed(liar)).isNull();
  }

  @Test
  void whoLiesAboutTheSizeHoldsUpNobodyElse() {
    var lone = new LoneMetadataSwarm(V1);
    for (int i = 0; i < 20; i++) {
      int liar = lone.source(1_000_000 + i);
      lone.answers(liar, new byte[1_000_000 + i]);
    }

    int honest = lone.source(METADATA.length);
    while (lone.answers(honest, METADATA) > 0) {}

    assertThat(lone.found()).isNotNull();
  }

  @Test
  void aPieceOfAnotherLengthThanItMustHaveEndsTheLink() {
    var lone = new LoneMetadataSwarm(V1);
    int liar = lone.source(METADATA.length);

    lone.says(liar, new MetadataMessage.Data(0, METADATA.length, new byte[100]));

    assertThat(lone.closed(liar)).isEqualTo(CloseReason.BAD_EXTENSION_MESSAGE);
  }

  @Test
  void whoIsSilentOrRejectsIsReplacedByOthers() {
    var lone = new LoneMetadataSwarm(V1);
    int silent = lone.source(METADATA.length);
    int refusing = lone.source(METADATA.length);
    for (int piece : lone.takeRequests(refusing)) {
      lone.says(refusing, new MetadataMessage.Reject(piece));
    }
    lone.passSeconds(20);
    int honest = lone.source(METADATA.length);
    while (lone.answers(honest, METADATA) > 0) {}

    assertThat(lone.found()).isNotNull();
    assertThat(lone.closed(silent)).isNull();
    assertThat(lone.closed(refusing)).isNull();
  }

  @Test
  void piecesThatNobodyAskedForAreNotKeptAndAFloodOfThemEndsTheLink() {
    var lone = new LoneMetadataSwarm(V1);
    int flooding = lone.link(new Hash160(1, 2, 3));
    for (int i = 0; i <= Connector.NUISANCE_MAX; i++) {
      lone.says(flooding, new MetadataMessage.Data(i % 5, METADATA.length, new byte[16_384]));
    }
    assertThat(lone.closed(flooding)).isEqualTo(CloseReason.MESSAGE_FLOOD);
  }

  @Test
  void aDictionaryThatIsNoTorrentEndsTheSearch() {
    var bytes = "d4:name1:te".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    var lone = new LoneMetadataSwarm(v1(bytes));
    int link = lone.source(bytes.length);

    lone.answers(link, bytes);

    assertThat(lone.found()).isNull();
    assertThat(lone.told).anyMatch(SwarmEvent.MetadataRefused.class::isInstance);
    assertThat(lone.closed(link)).isEqualTo(CloseReason.PAUSED);
  }

  @Test
  void whatTurnsOutToBePrivateForgetsWhomItHasNotFromATracker() {
    var bytes = metadata(10, true);
    var lone = new LoneMetadataSwarm(v1(bytes));
    var strangers = List.of(LoneMetadataSwarm.remote(0), Endpoint.v4(0x0B000001, 1));
    lone.give(new SwarmInput.PeersFound(PeerSource.DHT, strangers));
    int stranger = lone.source(0);
    int member = lone.source(bytes.length);

    lone.answers(member, bytes);

    assertThat(lone.found().info().isPrivate()).isTrue();
    assertThat(lone.closed(stranger)).isEqualTo(CloseReason.NOT_FOR_PRIVATE);
    assertThat(lone.closed(member)).isNull();
    lone.dialled.clear();
    lone.give(new SwarmInput.PeersFound(PeerSource.PEX, List.of(Endpoint.v4(0x0B000002, 1))));
    lone.passSeconds(10_000);
    assertThat(lone.dialled).doesNotContainAnyElementsOf(strangers);
    assertThat(lone.swarm.bequest())
        .filteredOn(
            input ->
                input instanceof SwarmInput.PeersFound(var source, var peers)
                    && !source.isForPrivate()
                    && !peers.isEmpty())
        .isEmpty();
  }

  @Test
  void whatNeighboursSaidMeanwhileIsBequeathed() {
    var lone = new LoneMetadataSwarm(V1);
    int link = lone.source(METADATA.length);
    var have = new PeerMessage.Have(3);
    lone.says(link, new PeerMessage.HaveNone());
    lone.says(link, new PeerMessage.Unchoke());
    lone.says(link, have);
    lone.says(link, new PeerMessage.Choke());
    while (lone.answers(link, METADATA) > 0) {}

    var inherited =
        lone.swarm.bequest().stream()
            .filter(SwarmInput.LinkInherited.class::isInstance)
            .map(SwarmInput.LinkInherited.class::cast)
            .toList();

    assertThat(inherited).hasSize(1);
    assertThat(inherited.getFirst().heard().subList(1, 4))
        .containsExactly(new PeerMessage.HaveNone(), have, new PeerMessage.Choke());
  }
}
