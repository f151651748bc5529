package org.spate.core.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.spate.core.Hash256;
import org.spate.core.metainfo.CreationOptions;
import org.spate.core.metainfo.HashRange;
import org.spate.core.metainfo.MerkleTree;
import org.spate.core.metainfo.Metainfo;
import org.spate.core.metainfo.MetainfoParser;
import org.spate.core.metainfo.PieceLayers;
import org.spate.core.metainfo.SourceFile;
import org.spate.core.metainfo.TorrentFormat;
import org.spate.core.metainfo.TorrentHashes;
import org.spate.core.metainfo.TorrentPlan;
import org.spate.core.wire.PeerMessage;

/** What a swarm answers to hash requests (BEP 52). */
class HashAnswersTest {
  private static final int PIECE = 65536; // four blocks: the piece layer is layer 2
  private static final int PIECES = 1000; // of the long file, whose tree is 1024 pieces wide
  private static final int WIDTH_LAYERS = 10;

  private final Metainfo metainfo = metainfo();
  private final Hash256 longFile = root(0);
  private final Hash256 shortFile = root(1);
  private final HashAnswers answers = new HashAnswers(metainfo);

  /** A long file, one of a piece, and one of three, with piece hashes made up. */
  private static Metainfo metainfo() {
    var sources =
        List.of(
            SourceFile.of(List.of("long"), (long) PIECES * PIECE - 5000),
            SourceFile.of(List.of("short"), PIECE),
            SourceFile.of(List.of("three"), 3 * PIECE));
    var options = CreationOptions.of("test", false, TorrentFormat.V2).withPieceLength(PIECE);
    var plan = TorrentPlan.of(sources, options);
    var hashes = new TorrentHashes(plan);
    var dice = new SplittableRandom(1);
    for (int i = 0; i < plan.geometry().pieceCount(); i++) {
      var hash = new byte[Hash256.BYTES];
      dice.nextBytes(hash);
      hashes.put(i, null, Hash256.of(hash));
    }
    return MetainfoParser.parse(hashes.write());
  }

  private Hash256 root(int file) {
    var root = metainfo.files().files().get(file).piecesRoot();
    assertThat(root).isNotNull();
    return root;
  }

  private byte @Nullable [] ask(Hash256 root, int base, int index, int length, int proof) {
    return answers.hashes(root, new HashRange(base, index, length, proof));
  }

  @Test
  void thePieceLayerComesInPartsThatProveThemselves() {
    var layer = metainfo.pieceLayers().find(longFile);
    assertThat(layer).isNotNull();
    for (int index = 0; index < 1024; index += 512) {
      var range = new HashRange(2, index, 512, WIDTH_LAYERS - 1);
      var hashes = answers.hashes(longFile, range);
      assertThat(hashes).isNotNull().hasSize((512 + 1) * 32);
      assertThat(range.top(hashes)).isEqualTo(longFile);
      for (int i = 0; i < 512; i++) {
        var expected =
            index + i < PIECES
                ? Hash256.at(layer, (index + i) * 32)
                : Hash256.of(MerkleTree.padding(2));
        assertThat(Hash256.at(hashes, i * 32)).isEqualTo(expected);
      }
    }
  }

  @Test
  void anyRangeOfAnyLayerFromThePiecesUpProvesItself() {
    for (long seed = 0; seed < 500; seed++) {
      var dice = new SplittableRandom(seed);
      int base = 2 + dice.nextInt(WIDTH_LAYERS);
      int layersAbove = 2 + WIDTH_LAYERS - base;
      int length = 1 << (1 + dice.nextInt(Math.min(9, layersAbove)));
      int count = 1 << layersAbove;
      int index = dice.nextInt(count / length) * length;
      var range = new HashRange(base, index, length, layersAbove - 1);
      var hashes = answers.hashes(longFile, range);
      assertThat(hashes).as("seed %d", seed).isNotNull();
      assertThat(range.top(hashes)).as("seed %d", seed).isEqualTo(longFile);
    }
  }

  @Test
  void withoutProofOnlyTheHashesCome() {
    assertThat(ask(longFile, 2, 8, 4, 0)).hasSize(4 * 32);
    assertThat(ask(longFile, 2, 8, 4, 1)).hasSize(4 * 32);
    assertThat(ask(longFile, 2, 8, 4, 2)).hasSize(5 * 32);
  }

  @ParameterizedTest(name = "layer {0}, {2} from {1}, proof {3}")
  @CsvSource({
    "-1, 0, 2, 0",
    "12, 0, 2, 0", // the root itself
    "99, 0, 2, 0",
    "2, 0, 0, 0",
    "2, 0, 1, 0",
    "2, 0, 3, 0",
    "2, 0, -2, 0",
    "2, 0, 1024, 0", // more than BEP 52 allows
    "2, 0, 1073741824, 0",
    "2, 1, 2, 0", // not a multiple
    "2, -2, 2, 0",
    "2, 1024, 2, 0", // behind the layer
    "2, 2147483646, 2, 0",
    "2, 0, 2, 10", // beyond the root
    "2, 0, 2, -1",
    "2, 0, 2, 2147483647",
    "-2147483648, -2147483648, -2147483648, -2147483648"
  })
  void malformedRangesAreRejected(int base, int index, int length, int proof) {
    assertThat(ask(longFile, base, index, length, proof)).isNull();
  }

  @Test
  void whatLiesBelowThePiecesMustBeRead() {
    assertThat(ask(longFile, 0, 0, 4, 0)).isNull();
    assertThat(ask(shortFile, 0, 0, 4, 0)).isNull();
    assertThat(answers.pieceBelow(longFile, new HashRange(0, 40, 4, 0))).isEqualTo(10);
    assertThat(answers.pieceBelow(longFile, new HashRange(0, 42, 2, 9))).isEqualTo(10);
    assertThat(answers.pieceBelow(longFile, new HashRange(1, 20, 2, 0))).isEqualTo(10);
    assertThat(answers.pieceBelow(shortFile, new HashRange(0, 0, 4, 0))).isEqualTo(PIECES);
    assertThat(answers.pieceBelow(longFile, new HashRange(0, 40, 8, 0))).isEqualTo(-1); // of two
    assertThat(answers.pieceBelow(longFile, new HashRange(0, 41, 2, 0))).isEqualTo(-1);
    assertThat(answers.pieceBelow(longFile, new HashRange(0, 4096, 4, 0))).isEqualTo(-1);
    assertThat(answers.pieceBelow(longFile, new HashRange(2, 0, 2, 0))).isEqualTo(-1);
  }

  @Test
  void filesOfOnePieceAndUnknownFilesHaveNothingToTellOfPieces() {
    assertThat(ask(shortFile, 2, 0, 2, 0)).isNull();
    assertThat(ask(Hash256.of(new byte[32]), 2, 0, 2, 0)).isNull();
  }

  @Test
  void aLayerThatIsNotKnownIsRejected() {
    var ignorant = new HashAnswers(metainfo.files(), PIECE, PieceLayers.NONE, null);
    assertThat(ignorant.hashes(longFile, new HashRange(2, 0, 2, 0))).isNull();
  }

  private LoneSwarm world() {
    int pieces = metainfo.geometry().pieceCount();
    var settings = LoneSwarm.withoutSuperSeeding();
    return new LoneSwarm(
        metainfo.geometry(),
        PieceSet.all(pieces),
        settings,
        1,
        new Description(answers, new byte[0]));
  }

  private PeerMessage request(int index) {
    return new PeerMessage.HashRequest(longFile, 2, index, 2, 9);
  }

  @Test
  void aChokedPeerIsAnsweredToo() {
    var world = world();
    int link = world.link(LoneSwarm.FAST);
    world.says(link, request(0), new PeerMessage.HashRequest(longFile, 0, 0, 4, 9));

    var hashes = world.said(link, PeerMessage.Hashes.class);
    assertThat(hashes).hasSize(1);
    var answer = hashes.getFirst();
    assertThat(
            new HashRange(answer.baseLayer(), answer.index(), answer.length(), 9)
                .top(answer.hashes()))
        .isEqualTo(longFile);
    assertThat(world.leafReads).containsExactly(new SwarmOutput.HashLeaves(link, 0));
  }

  @Test
  void aSwarmWithoutHashesRejects() {
    var world = LoneSwarm.seed(metainfo.geometry());
    int link = world.link(LoneSwarm.FAST);
    world.says(link, request(0));
    assertThat(world.said(link)).contains(new PeerMessage.HashReject(longFile, 2, 0, 2, 9));
  }

  @Test
  void onlySoManyAreAnsweredInASecond() {
    var world = world();
    int link = world.link(LoneSwarm.FAST);
    int other = world.link(LoneSwarm.FAST);
    for (int second = 0; second < 3; second++) {
      IntStream.range(0, 100).forEach(i -> world.says(link, request(2 * i)));
      world.passSeconds(1.1);
    }
    world.says(other, request(0));
    int most = Conversation.HASH_ANSWERS_PER_SECOND;
    assertThat(world.said(link, PeerMessage.Hashes.class)).hasSize(3 * most);
    assertThat(world.said(link, PeerMessage.HashReject.class)).hasSize(3 * (100 - most));
    assertThat(world.said(other, PeerMessage.Hashes.class)).hasSize(1);
  }
}
