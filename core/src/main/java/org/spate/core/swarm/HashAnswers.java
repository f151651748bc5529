package org.spate.core.swarm;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.spate.core.Hash160;
import org.spate.core.Hash256;
import org.spate.core.metainfo.FileEntry;
import org.spate.core.metainfo.FileTree;
import org.spate.core.metainfo.HashRange;
import org.spate.core.metainfo.HashTree;
import org.spate.core.metainfo.MerkleTree;
import org.spate.core.metainfo.Metainfo;
import org.spate.core.metainfo.PieceGeometry;
import org.spate.core.metainfo.PieceLayers;

/**
 * The Merkle trees of a torrent (BEP 52): everything from the pieces up to the roots is known, and
 * what lies below follows from the blocks of one piece.
 *
 * <p>A file's tree is folded at its first request and kept: all of them take as much room again as
 * the piece layers do.
 */
public final class HashAnswers implements HashSource {
  /** Most hashes of the base layer in one answer; BEP 52 asks nobody to want more. */
  public static final int LENGTH_MAX = 512;

  /** The same for the leaves of a piece, which are asked for all at once. */
  public static final int LEAVES_MAX = HashRange.LENGTH_MAX;

  private final FileTree tree;
  private final int pieceLength;
  private final PieceLayers layers;
  private final @Nullable Hash160 swarm;
  private final Map<Hash256, FileEntry> files = new HashMap<>(); // by root, those of several blocks
  private final Map<Hash256, HashTree> trees = new HashMap<>();

  public HashAnswers(Metainfo metainfo) {
    this(
        metainfo.files(),
        metainfo.geometry().pieceLength(),
        metainfo.pieceLayers(),
        metainfo.infoHash().v2() == null ? null : metainfo.infoHash().swarms().getLast());
  }

  /**
   * @param pieceLength a power of two from 16 KiB up, as v2 torrents have it
   * @param layers those that are known, each checked against its root
   * @param swarm the hash that links of v2 are opened with
   */
  public HashAnswers(FileTree tree, int pieceLength, PieceLayers layers, @Nullable Hash160 swarm) {
    this.tree = tree;
    this.pieceLength = pieceLength;
    this.layers = layers;
    this.swarm = swarm;
    for (var file : tree.files()) {
      if (file.piecesRoot() != null && file.length() > PieceGeometry.BLOCK_LENGTH) {
        files.putIfAbsent(file.piecesRoot(), file);
      }
    }
  }

  /** The layer of a file's pieces; of a file of one piece, that of its root. */
  private int pieceLayer(FileEntry file) {
    return Integer.numberOfTrailingZeros(leaves(file));
  }

  /** How many leaves a piece of a file has. */
  private int leaves(FileEntry file) {
    return MerkleTree.leafCount(Math.min(file.length(), pieceLength));
  }

  @Override
  public byte @Nullable [] hashes(Hash256 piecesRoot, HashRange range) {
    var file = files.get(piecesRoot);
    if (file == null
        || range.baseLayer() < pieceLayer(file)
        || range.length() > LENGTH_MAX
        || !range.isWithin(file.length())) {
      return null;
    }
    var known = tree(piecesRoot, file);
    return known == null ? null : known.answer(range);
  }

  @Override
  public int pieceBelow(Hash256 piecesRoot, HashRange range) {
    var file = files.get(piecesRoot);
    if (file == null
        || range.baseLayer() >= pieceLayer(file)
        || range.length() > LEAVES_MAX
        || !range.isWithin(file.length())
        || (long) range.length() << range.baseLayer() > leaves(file)) {
      return -1;
    }
    long leaf = (long) range.index() << range.baseLayer();
    return (int) (file.offset() / pieceLength + leaf / leaves(file));
  }

  @Override
  public byte @Nullable [] hashes(Hash256 piecesRoot, HashRange range, byte[] leaves) {
    var file = files.get(piecesRoot);
    var known = file == null ? null : tree(piecesRoot, file);
    if (file == null || known == null) {
      return null;
    }
    long leaf = (long) range.index() << range.baseLayer();
    return known.answer(range, leaves, (int) (leaf / leaves(file)) * leaves(file));
  }

  @Override
  public @Nullable LeafRequest leavesOf(int pieceIndex) {
    var file = tree.fileAt((long) pieceIndex * pieceLength);
    var root = file == null ? null : file.piecesRoot();
    if (file == null || root == null || leaves(file) < 2 || leaves(file) > LEAVES_MAX) {
      return null;
    }
    var range = HashRange.ofLeaves(leaves(file), pieceIndex - (int) (file.offset() / pieceLength));
    if (!PieceLayers.hasLayer(file, pieceLength)) {
      return new LeafRequest(root, range, root);
    }
    var layer = layers.find(root);
    int indexInFile = range.index() / range.length();
    return layer == null
        ? null
        : new LeafRequest(root, range, Hash256.at(layer, indexInFile * Hash256.BYTES));
  }

  @Override
  public boolean isV2(Hash160 infoHash) {
    return infoHash.equals(swarm);
  }

  private @Nullable HashTree tree(Hash256 root, FileEntry file) {
    var known = trees.get(root);
    var layer = PieceLayers.hasLayer(file, pieceLength) ? layers.find(root) : root.bytes();
    if (known == null && layer != null) {
      known = new HashTree(layer, pieceLayer(file), file.length());
      trees.put(root, known);
    }
    return known;
  }
}
