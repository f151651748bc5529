package org.spate.core.webseed;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.spate.core.announce.PercentCode;
import org.spate.core.metainfo.FileEntry;
import org.spate.core.metainfo.InfoHash;
import org.spate.core.metainfo.Metainfo;

/** Which requests bring a range of a piece. */
public final class WebSeedPlan {
  /** How a server is asked. */
  public enum Style {
    /** For byte ranges of its files (BEP 19, GetRight). */
    FILES,
    /** For ranges of pieces, by info-hash (BEP 17, Hoffman). */
    PIECES
  }

  private final Metainfo metainfo;
  private final String base;
  private final Style style;

  /**
   * @param base path and query of the seed's URL; a folder's ends with a slash
   */
  public WebSeedPlan(Metainfo metainfo, String base, Style style) {
    this.metainfo = metainfo;
    this.base = base.startsWith("/") ? base : "/" + base;
    this.style = style;
  }

  /** The parts of a range of a piece, in order; together they are as long as it. */
  public List<WebRange> ranges(int pieceIndex, int begin, int length) {
    return switch (style) {
      case FILES -> inFiles(pieceIndex, begin, length);
      case PIECES -> List.of(new WebRange(inPiece(pieceIndex, begin, length), -1, length));
    };
  }

  private List<WebRange> inFiles(int pieceIndex, int begin, int length) {
    var ranges = new ArrayList<WebRange>();
    long offset = metainfo.geometry().offset(pieceIndex) + begin;
    metainfo
        .files()
        .spans(
            offset,
            length,
            (file, fileOffset, count, _) ->
                ranges.add(
                    file.isPad()
                        ? new WebRange(null, 0, count)
                        : new WebRange(target(served(file)), fileOffset, count)));
    return ranges;
  }

  /** A server has the names that the author's machine has, not those that are safe on any. */
  private static List<String> served(FileEntry file) {
    var usual = file.usualPath();
    return usual == null ? file.path() : usual;
  }

  private String target(List<String> path) {
    if (!base.endsWith("/")) {
      return base;
    }
    var target = new StringBuilder(base);
    for (int i = 0; i < path.size(); i++) {
      target.append(i == 0 ? "" : "/");
      PercentCode.encode(path.get(i).getBytes(StandardCharsets.UTF_8), target);
    }
    return target.toString();
  }

  private String inPiece(int pieceIndex, int begin, int length) {
    var target = new StringBuilder(base).append(base.indexOf('?') < 0 ? '?' : '&');
    PercentCode.encode(infoHash().primary().bytes(), target.append("info_hash="));
    return target
        .append("&piece=" + pieceIndex)
        .append("&ranges=" + begin + "-" + (begin + length - 1))
        .toString();
  }

  private InfoHash infoHash() {
    return metainfo.infoHash();
  }
}
