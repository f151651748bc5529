package org.spate.app;

import java.io.PrintWriter;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.spate.app.console.ByteSize;
import org.spate.app.console.Printable;
import org.spate.core.metainfo.FileEntry;
import org.spate.core.metainfo.InfoHash;
import org.spate.core.metainfo.MagnetLink;
import org.spate.core.metainfo.Metainfo;

/** A torrent or magnet link in words for people. Texts of strangers are made printable here. */
final class MetainfoText {
  /** The last second of the year 9999; what lies beyond is no date of a torrent. */
  private static final long DATE_MAX = 253_402_300_799L;

  private final PrintWriter out;

  MetainfoText(PrintWriter out) {
    this.out = out;
  }

  void write(Metainfo metainfo) {
    var files = metainfo.files().files();
    field("Name", metainfo.name());
    infoHash(metainfo.infoHash());
    sizes(metainfo);
    field("Private", metainfo.info().isPrivate() ? "yes" : "no");
    field("Source", metainfo.info().source());
    field("SSL", metainfo.info().rootCertificate() == null ? null : "peers need certificates");
    field("Created by", metainfo.createdBy());
    field("Created on", date(metainfo.creationDate()));
    field("Comment", metainfo.comment());
    trackers(metainfo.trackers());
    list("Web seeds", metainfo.webSeeds());
    list("DHT nodes", metainfo.nodes());
    field("Magnet", MagnetLink.of(metainfo).toString());
    out.println("Files");
    files.forEach(file -> out.println(line(file)));
    problems(metainfo.problems());
  }

  /** What one wants to know of a torrent just made. */
  void writeSummary(Metainfo metainfo) {
    infoHash(metainfo.infoHash());
    sizes(metainfo);
    field("Magnet", MagnetLink.of(metainfo).toString());
    problems(metainfo.problems());
  }

  private void sizes(Metainfo metainfo) {
    field("Size", size(metainfo.files().dataLength()) + " in " + count(metainfo.files().files()));
    var geometry = metainfo.geometry();
    field("Pieces", geometry.pieceCount() + " of " + ByteSize.show(geometry.pieceLength()));
  }

  void write(MagnetLink magnet) {
    field("Name", magnet.name());
    infoHash(magnet.infoHash());
    trackers(magnet.trackers());
    list("Web seeds", magnet.webSeeds());
    list("DHT nodes", magnet.nodes());
    writeWishes(magnet);
    problems(magnet.problems());
  }

  /** What a link says and no metadata could. */
  void writeWishes(MagnetLink magnet) {
    list("Peers", MetainfoJson.peers(magnet));
    list("Selected", magnet.selectedFiles().stream().map(index -> "file " + index).toList());
  }

  private void infoHash(InfoHash infoHash) {
    field("Format", infoHash.isHybrid() ? "hybrid" : infoHash.v1() != null ? "v1" : "v2");
    if (infoHash.v1() != null) {
      field("Hash v1", infoHash.v1().toString());
    }
    if (infoHash.v2() != null) {
      field("Hash v2", infoHash.v2().toString());
    }
  }

  private void trackers(List<List<String>> tiers) {
    for (int i = 0; i < tiers.size(); i++) {
      list(tiers.size() == 1 ? "Trackers" : "Tier " + (i + 1), tiers.get(i));
    }
  }

  /** A name and its value; nothing where there is no value. */
  void field(String name, @Nullable String value) {
    if (value != null && !value.isEmpty()) {
      out.println((name + " ".repeat(12)).substring(0, 12) + Printable.of(value));
    }
  }

  /** A name beside the first value, the others below it. */
  private void list(String name, List<String> values) {
    for (int i = 0; i < values.size(); i++) {
      field(i == 0 ? name : "", values.get(i));
    }
  }

  private void problems(List<String> problems) {
    if (!problems.isEmpty()) {
      out.println("Problems");
      problems.forEach(problem -> out.println("  - " + Printable.of(problem)));
    }
  }

  private static String count(List<FileEntry> files) {
    long pads = files.stream().filter(FileEntry::isPad).count();
    long real = files.size() - pads;
    String text = real == 1 ? "1 file" : real + " files";
    return pads == 0 ? text : text + ", padded by " + (pads == 1 ? "1 more" : pads + " more");
  }

  private static String size(long bytes) {
    return bytes < 1024 ? bytes + " bytes" : ByteSize.show(bytes) + " (" + bytes + " bytes)";
  }

  private static @Nullable String date(@Nullable Long seconds) {
    if (seconds == null) {
      return null;
    }
    return seconds > DATE_MAX ? seconds + " (no date)" : Instant.ofEpochSecond(seconds).toString();
  }

  private static String line(FileEntry file) {
    String size = ByteSize.show(file.length());
    String line = " ".repeat(Math.max(0, 12 - size.length())) + size;
    line += "  " + Printable.of(file.name());
    if (file.symlink() != null) {
      line += " -> " + Printable.of(String.join("/", file.symlink()));
    }
    return line + (file.isPad() ? " (padding)" : "") + (file.isExecutable() ? " (program)" : "");
  }
}
