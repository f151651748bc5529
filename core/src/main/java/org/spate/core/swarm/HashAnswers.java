package org.spate.core.swarm;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.spate.core.Hash256;
import org.spate.core.metainfo.FileEntry;
import org.spate.core.metainfo.FileTree;
import org.spate.core.metainfo.HashRange;
import org.spate.core.metainfo.HashTree;
import org.spate.core.metainfo.Metainfo;
import org.spate.core.metainfo.PieceGeometry;
import org.spate.core.metainfo.PieceLayers;

/**
 * Answers hash requests (BEP 52) from the piece layers of a torrent: everything from the pieces up
 * to the roots. What lies below would have to be read from the files, and is rejected.
 *
 * <p>A file's tree is folded at its first request and kept: all of them take as much room again as
 * the piece layers do.
 */
public final class HashAnswers implements HashSource {
  /** Most hashes of the base layer in one answer; BEP 52 asks nobody to want more. */
  public static final int LENGTH_MAX = 512;

  private final int pieceLayer; // layers above the leaves
  private final PieceLayers layers;
  private final Map<Hash256, FileEntry> files = new HashMap<>(); // by root, those with a layer
  private final Map<Hash256, HashTree> trees = new HashMap<>();

  public HashAnswers(Metainfo metainfo) {
    this(metainfo.files(), metainfo.geometry().pieceLength(), metainfo.pieceLayers());
  }

  /**
   * @param pieceLength a power of two from 16 KiB up, as v2 torrents have it
   * @param layers those that are known, each checked against its root
   */
  public HashAnswers(FileTree tree, int pieceLength, PieceLayers layers) {
    this.pieceLayer = Integer.numberOfTrailingZeros(pieceLength / PieceGeometry.BLOCK_LENGTH);
    this.layers = layers;
    for (var file : tree.files()) {
      if (file.piecesRoot() != null && PieceLayers.hasLayer(file, pieceLength)) {
        files.putIfAbsent(file.piecesRoot(), file);
      }
    }
  }

  @Override
  public byte @Nullable [] hashes(Hash256 piecesRoot, HashRange range) {
    var file = files.get(piecesRoot);
    if (file == null
        || range.baseLayer() < pieceLayer
        || range.length() > LENGTH_MAX
        || !range.isWithin(file.length())) {
      return null;
    }
    var tree = tree(piecesRoot, file);
    return tree == null ? null : tree.answer(range);
  }

  private @Nullable HashTree tree(Hash256 root, FileEntry file) {
    var tree = trees.get(root);
    var layer = layers.find(root);
    if (tree == null && layer != null) {
      tree = new HashTree(layer, pieceLayer, file.length());
      trees.put(root, tree);
    }
    return tree;
  }
}
