package org.spate.core.metainfo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.spate.core.Corpus;
import org.spate.core.Hash160;
import org.spate.core.Hash256;
import tools.jackson.databind.JsonNode;

class MerkleTreeTest {
  private static final int BLOCK = PieceGeometry.BLOCK_LENGTH;

  @TestFactory
  Stream<DynamicTest> rootsAndLayersOfTheCorpusVectors() {
    return Corpus.cases("vectors.json", "vectors").stream()
        .filter(v -> v.get("id").asString().startsWith("bep52-root-"))
        .map(v -> dynamicTest(v.get("id").asString(), () -> checkVector(v)));
  }

  private static void checkVector(JsonNode vector) {
    var file = Hashing.synthetic(vector.get("length").asInt());
    assertThat(Hash160.sha1(file, 0, file.length))
        .isEqualTo(Hash160.parse(vector.get("file_sha1").asString()));
    var leaves = Hashing.leaves(file, file.length);
    assertThat(MerkleTree.root(leaves, 0, MerkleTree.leafCount(file.length)))
        .isEqualTo(Hash256.parse(vector.get("pieces_root").asString()));
    checkLayer(vector, "piece_layer_16384", leaves);
    var pieces = MerkleTree.parents(MerkleTree.parents(leaves, 0), 1);
    checkLayer(vector, "piece_layer_65536", pieces);
  }

  private static void checkLayer(JsonNode vector, String key, byte[] layer) {
    if (vector.has(key + "_sha256")) {
      assertThat(layer).hasSize(vector.get(key + "_hashes").asInt() * Hash256.BYTES);
      assertThat(Hash256.sha256(layer, 0, layer.length))
          .isEqualTo(Hash256.parse(vector.get(key + "_sha256").asString()));
    }
  }

  @Test
  void theLeavesOfATreeAreAPowerOfTwo() {
    assertThat(MerkleTree.leafCount(0)).isZero();
    assertThat(MerkleTree.leafCount(1)).isEqualTo(1);
    assertThat(MerkleTree.leafCount(BLOCK)).isEqualTo(1);
    assertThat(MerkleTree.leafCount(BLOCK + 1)).isEqualTo(2);
    assertThat(MerkleTree.leafCount(5L * BLOCK)).isEqualTo(8);
    assertThat(MerkleTree.leafCount((long) BLOCK << 30)).isEqualTo(1 << 30);
    assertThatThrownBy(() -> MerkleTree.leafCount(((long) BLOCK << 30) + 1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void theRootIsTheSameFromEveryLayer() {
    for (long seed = 0; seed < 100; seed++) {
      var random = new Random(seed);
      int blocks = 1 + random.nextInt(70);
      var layer = randomHashes(random, blocks);
      int width = MerkleTree.leafCount((long) blocks * BLOCK);
      var root = MerkleTree.root(layer, 0, width);
      for (int level = 0; width >> level > 0; level++) {
        assertThat(MerkleTree.root(layer, level, width >> level))
            .as("seed %d, layer %d", seed, level)
            .isEqualTo(root);
        layer = MerkleTree.parents(layer, level);
      }
    }
  }

  @Test
  void everyAnswerLeadsToItsNodeAndNoForgeryDoes() {
    for (long seed = 0; seed < 200; seed++) {
      var random = new Random(seed);
      int blocks = 2 + random.nextInt(100);
      int layerMax = HashRange.log2(MerkleTree.leafCount((long) blocks * BLOCK));
      int piece = random.nextInt(Math.min(layerMax, 4));
      var leaves = randomHashes(random, blocks);
      var layer = leaves;
      for (int i = 0; i < piece; i++) {
        layer = MerkleTree.parents(layer, i);
      }
      var tree = new HashTree(layer, piece, (long) blocks * BLOCK);
      var full = new HashTree(leaves, 0, (long) blocks * BLOCK);
      checkAllRanges(seed, random, tree, full, leaves);
    }
  }

  private static void checkAllRanges(
      long seed, Random random, HashTree tree, HashTree full, byte[] leaves) {
    int blocks = leaves.length / Hash256.BYTES;
    int width = MerkleTree.leafCount((long) blocks * BLOCK);
    for (int base = 0; width >> base > 1; base++) {
      for (int length = 2; length <= width >> base; length *= 2) {
        int index = random.nextInt((width >> base) / length) * length;
        int proofs = random.nextInt(HashRange.log2(width) - base);
        var range = new HashRange(base, index, length, proofs);
        assertThat(range.isWithin((long) blocks * BLOCK)).as("seed %d %s", seed, range).isTrue();
        var answer = tree.answer(range, leaves, 0);
        assertThat(answer).as("seed %d %s", seed, range).isEqualTo(full.answer(range));
        var top = full.answer(new HashRange(range.topLayer(), 0, 2, 0));
        var expected =
            range.topIndex() == 0 && range.topLayer() == HashRange.log2(width)
                ? full.root()
                : node(full, range.topLayer(), range.topIndex());
        assertThat(range.top(answer)).as("seed %d %s %s", seed, range, top).isEqualTo(expected);
        answer[random.nextInt(answer.length)] ^= 1;
        assertThat(range.top(answer)).isNotEqualTo(expected);
      }
    }
  }

  private static Hash256 node(HashTree tree, int layer, int index) {
    var pair = tree.answer(new HashRange(layer, index & ~1, 2, 0));
    return Hash256.at(pair, (index & 1) * Hash256.BYTES);
  }

  @Test
  void requestsForAPieceLayerTogetherGiveIt() {
    int pieceLength = 4 * BLOCK;
    for (int pieces : new int[] {2, 3, 511, 512, 513, 1500}) {
      long length = (long) pieces * pieceLength - 1;
      var layer = randomHashes(new Random(pieces), pieces);
      var tree = new HashTree(layer, 2, length);
      var found = new byte[0];
      for (var range : HashRange.ofPieceLayer(length, pieceLength)) {
        assertThat(range.isWithin(length)).as("%s", range).isTrue();
        var answer = tree.answer(range);
        assertThat(range.top(answer)).isEqualTo(tree.root());
        int start = found.length;
        found = Arrays.copyOf(found, start + range.length() * Hash256.BYTES);
        System.arraycopy(answer, 0, found, start, range.length() * Hash256.BYTES);
      }
      assertThat(Arrays.copyOf(found, layer.length)).isEqualTo(layer);
    }
    assertThat(HashRange.ofPieceLayer(pieceLength, pieceLength)).isEmpty();
  }

  @Test
  void theLeavesOfAPieceFoldToItsHash() {
    var leaves = randomHashes(new Random(1), 10);
    var layer = MerkleTree.parents(MerkleTree.parents(leaves, 0), 1);
    var tree = new HashTree(layer, 2, 10L * BLOCK);
    for (int piece = 0; piece < 3; piece++) {
      var range = HashRange.ofLeaves(4, piece);
      int end = Math.min((piece + 1) * 4, 10);
      var known = Arrays.copyOfRange(leaves, piece * 4 * 32, end * 32);
      assertThat(range.top(tree.answer(range, known, piece * 4)))
          .isEqualTo(Hash256.at(layer, piece * 32));
      assertThat(tree.answer(range)).isNull();
    }
  }

  @Test
  void requestsOutOfRangeAreSeenWhateverTheirNumbers() {
    long length = 20L * BLOCK;
    var tree = new HashTree(randomHashes(new Random(1), 20), 0, length);
    var bad =
        new HashRange[] {
          new HashRange(0, 0, 1, 0),
          new HashRange(0, 0, 3, 0),
          new HashRange(0, 1, 2, 0),
          new HashRange(0, 32, 2, 0),
          new HashRange(0, 0, 64, 0),
          new HashRange(5, 0, 2, 0),
          new HashRange(-1, 0, 2, 0),
          new HashRange(0, -2, 2, 0),
          new HashRange(0, 0, 2, 5),
          new HashRange(0, 0, 2, -1),
          new HashRange(0, 0, Integer.MIN_VALUE, 0),
          new HashRange(0, Integer.MAX_VALUE - 1, 2, 0),
          new HashRange(64, 0, 2, 0),
          new HashRange(0, 0, 1 << 30, 0),
        };
    for (var range : bad) {
      assertThat(range.isWithin(length)).as("%s", range).isFalse();
      assertThat(tree.answer(range)).isNull();
    }
    assertThat(new HashRange(0, 0, 2, 0).isWithin(0)).isFalse();
    assertThat(new HashRange(0, 0, 2, 0).isWithin(BLOCK)).isFalse();
    assertThat(new HashRange(0, 30, 2, 4).isWithin(length)).isTrue();
  }

  private static byte[] randomHashes(Random random, int count) {
    var bytes = new byte[count * Hash256.BYTES];
    random.nextBytes(bytes);
    return bytes;
  }
}
