package org.spate.app;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.spate.app.console.ByteSize;
import org.spate.app.console.Printable;
import org.spate.core.metainfo.FileEntry;
import org.spate.core.metainfo.Metainfo;
import org.spate.core.swarm.PieceSet;
import tools.jackson.core.JsonGenerator;

/** What a check of files against their torrent found, file by file. */
final class VerifyReport {

  /**
   * How a file was found.
   *
   * @param badPieces indexes of the pieces that it is a part of and that are not right
   */
  private record Finding(FileEntry file, boolean isMissing, List<Integer> badPieces) {
    boolean isWhole() {
      return !isMissing && badPieces.isEmpty();
    }

    String state() {
      return isMissing ? "missing" : isWhole() ? "whole" : "damaged";
    }
  }

  private final Metainfo metainfo;
  private final PieceSet good;
  private final List<Finding> findings = new ArrayList<>();

  /**
   * @param folder where the torrent's file or folder is
   * @param good the pieces that are right
   */
  VerifyReport(Metainfo metainfo, Path folder, PieceSet good) {
    this.metainfo = metainfo;
    this.good = good;
    for (var file : metainfo.files().files()) {
      if (!file.isPad()) {
        var usual = file.usualPath();
        boolean isThere = isThere(folder, file.path()) || (usual != null && isThere(folder, usual));
        findings.add(new Finding(file, !isThere, badPieces(file)));
      }
    }
  }

  private static boolean isThere(Path folder, List<String> path) {
    try {
      return Files.exists(folder.resolve(String.join("/", path)), LinkOption.NOFOLLOW_LINKS);
    } catch (InvalidPathException _) {
      return false; // a usual path, on Windows
    }
  }

  private List<Integer> badPieces(FileEntry file) {
    if (file.length() == 0) {
      return List.of();
    }
    long length = metainfo.geometry().pieceLength();
    int first = (int) (file.offset() / length);
    return badPieces(first, (int) ((file.offset() + file.length() - 1) / length));
  }

  private List<Integer> badPieces(int first, int last) {
    var bad = new ArrayList<Integer>();
    for (int piece = first; piece <= last; piece++) {
      if (!good.contains(piece)) {
        bad.add(piece);
      }
    }
    return bad;
  }

  /** Empty files count, too, though no piece tells of them. */
  boolean isWhole() {
    return good.isFull() && findings.stream().allMatch(Finding::isWhole);
  }

  void print(PrintWriter out) {
    for (var finding : findings) {
      if (!finding.isWhole()) {
        out.println(finding.state() + "  " + Printable.of(finding.file.name()) + pieces(finding));
      }
    }
    out.println(
        (isWhole() ? "whole  " : "incomplete  ")
            + Printable.of(metainfo.name())
            + ": "
            + good.size()
            + " of "
            + good.pieceCount()
            + " pieces are right, "
            + ByteSize.show(metainfo.files().dataLength())
            + " in all");
  }

  private static String pieces(Finding finding) {
    var bad = finding.badPieces;
    if (finding.isMissing || bad.isEmpty()) {
      return "";
    }
    return (bad.size() == 1 ? ": piece " : ": pieces ") + ranges(bad);
  }

  /** Ascending numbers with runs drawn together: {@code 1, 3-5}. */
  static String ranges(List<Integer> numbers) {
    var text = new StringBuilder();
    for (int i = 0; i < numbers.size(); ) {
      int end = i;
      while (end + 1 < numbers.size() && numbers.get(end + 1) == numbers.get(end) + 1) {
        end++;
      }
      text.append(text.isEmpty() ? "" : ", ").append(numbers.get(i));
      if (end > i) {
        text.append('-').append(numbers.get(end));
      }
      i = end + 1;
    }
    return text.toString();
  }

  void write(JsonGenerator json) {
    json.writeStringProperty("name", metainfo.name());
    json.writeBooleanProperty("complete", isWhole());
    json.writeNumberProperty("num_pieces", good.pieceCount());
    json.writeNumberProperty("good_pieces", good.size());
    numbers(json, "bad_pieces", badPieces(0, good.pieceCount() - 1));
    json.writeArrayPropertyStart("files");
    for (var finding : findings) {
      json.writeStartObject();
      json.writeStringProperty("path", finding.file.name());
      json.writeNumberProperty("size", finding.file.length());
      json.writeStringProperty("state", finding.state());
      numbers(json, "bad_pieces", finding.badPieces);
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void numbers(JsonGenerator json, String key, List<Integer> numbers) {
    json.writeArrayPropertyStart(key);
    numbers.forEach(json::writeNumber);
    json.writeEndArray();
  }
}
