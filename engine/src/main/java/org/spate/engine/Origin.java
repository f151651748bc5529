package org.spate.engine;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.spate.core.metainfo.InfoDictionary;
import org.spate.core.metainfo.InfoHash;
import org.spate.core.metainfo.MagnetLink;
import org.spate.core.metainfo.Metainfo;
import org.spate.core.metainfo.PieceLayers;

/**
 * What is known of a torrent when it is added: all of it, or no more than a magnet link tells.
 *
 * @param name what to call it until more is known
 * @param selectedFiles the files that a link selects (BEP 53); empty for all
 * @param peerNames peers that a link names, as {@code host:port}
 * @param metainfo null for a magnet link
 */
record Origin(
    InfoHash infoHash,
    String name,
    List<List<String>> trackers,
    List<String> webSeeds,
    List<String> nodes,
    List<Integer> selectedFiles,
    List<String> peerNames,
    @Nullable Metainfo metainfo) {

  static Origin of(Metainfo metainfo) {
    return new Origin(
        metainfo.infoHash(),
        metainfo.name(),
        metainfo.trackers(),
        metainfo.webSeeds(),
        metainfo.nodes(),
        List.of(),
        List.of(),
        metainfo);
  }

  /**
   * @param saved the dictionary and layers of an earlier run, or null
   */
  static Origin of(MagnetLink link, @Nullable Metainfo saved) {
    var name = link.name();
    var unknown =
        new Origin(
            link.infoHash(),
            name == null ? link.infoHash().toString() : name,
            link.trackers(),
            link.webSeeds(),
            link.nodes(),
            link.selectedFiles(),
            link.peerNames(),
            null);
    return saved == null ? unknown : unknown.complete(saved.info(), saved.pieceLayers());
  }

  /** The same with what peers have told of it. */
  Origin complete(InfoDictionary info, PieceLayers layers) {
    var found =
        new Metainfo(
            info,
            trackers,
            webSeeds,
            List.<String>of(),
            nodes,
            null,
            null,
            null,
            layers,
            List.<String>of());
    return new Origin(
        info.infoHash(), info.name(), trackers, webSeeds, nodes, selectedFiles, peerNames, found);
  }

  /** Whether peers have to be asked before any file can be looked at. */
  boolean isIncomplete() {
    if (metainfo == null) {
      return true;
    }
    var info = metainfo.info();
    return info.infoHash().v1() == null
        && !metainfo.pieceLayers().isCompleteFor(info.files(), info.geometry().pieceLength());
  }

  /** The files that whoever added the torrent, or its link, has chosen; null if nobody has. */
  byte @Nullable [] chosen(TorrentOptions options) {
    if (options.priorities() != null || metainfo == null) {
      return options.priorities();
    }
    var selector = options.selector();
    return selector == null ? selection(metainfo.info()) : selector.priorities(metainfo.info());
  }

  private byte @Nullable [] selection(InfoDictionary info) {
    if (selectedFiles.isEmpty()) {
      return null;
    }
    var priorities = new byte[info.files().files().size()];
    for (int index : selectedFiles) {
      if (index < priorities.length) {
        priorities[index] = FileChoice.NORMAL;
      }
    }
    return priorities;
  }
}
