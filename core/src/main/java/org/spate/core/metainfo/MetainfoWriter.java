package org.spate.core.metainfo;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.spate.core.Hash256;
import org.spate.core.bencode.BencodeWriter;

/** Writes a planned and hashed torrent as canonical bencode (BEP 3, 12, 19, 27, 47, 52). */
final class MetainfoWriter {
  private final TorrentPlan plan;
  private final TorrentHashes hashes;
  private final CreationOptions options;
  private final BencodeWriter writer = new BencodeWriter();

  MetainfoWriter(TorrentPlan plan, TorrentHashes hashes) {
    this.plan = plan;
    this.hashes = hashes;
    this.options = plan.options();
  }

  byte[] write() {
    writer.beginDictionary();
    writeTrackers();
    writeText("comment", options.comment());
    writeText("created by", options.createdBy());
    if (options.creationDate() != null) {
      writer.key("creation date").integer(options.creationDate());
    }
    writer.key("info");
    writeInfo();
    if (options.format().hasV2()) {
      writePieceLayers();
    }
    if (!options.webSeeds().isEmpty()) {
      writer.key("url-list").beginList();
      options.webSeeds().forEach(writer::text);
      writer.end();
    }
    return writer.end().toBytes();
  }

  private void writeTrackers() {
    var tiers = options.trackers().stream().filter(t -> !t.isEmpty()).toList();
    if (tiers.isEmpty()) {
      return;
    }
    writer.key("announce").text(tiers.getFirst().getFirst());
    if (tiers.size() > 1 || tiers.getFirst().size() > 1) {
      writer.key("announce-list").beginList();
      for (var tier : tiers) {
        writer.beginList();
        tier.forEach(writer::text);
        writer.end();
      }
      writer.end();
    }
  }

  private void writeInfo() {
    var first = plan.rawFiles().getFirst();
    boolean isV1Single = options.format().hasV1() && options.isSingleFile();
    writer.beginDictionary();
    if (isV1Single) {
      writeAttributes(first);
    }
    if (options.format().hasV2()) {
      writer.key("file tree");
      writeDirectory(tree());
    }
    if (isV1Single) {
      writer.key("length").integer(first.length());
    } else if (options.format().hasV1()) {
      writer.key("files").beginList();
      plan.rawFiles().forEach(this::writeV1File);
      writer.end();
    }
    if (options.format().hasV2()) {
      writer.key("meta version").integer(2);
    }
    writer.key("name").text(options.name());
    writer.key("piece length").integer(plan.geometry().pieceLength());
    if (options.format().hasV1()) {
      writer.key("pieces").text(hashes.v1());
    }
    if (options.isPrivate()) {
      writer.key("private").integer(1);
    }
    writeText("source", options.source());
    writeText("ssl-cert", options.rootCertificate());
    writer.end();
  }

  private void writeV1File(RawFile file) {
    writer.beginDictionary();
    writeAttributes(file);
    writer.key("length").integer(file.length());
    writePath("path", file.path());
    writePath("symlink path", file.linkTarget());
    writer.end();
  }

  private void writeAttributes(RawFile file) {
    var attributes =
        (file.isHidden() ? "h" : "")
            + (file.linkTarget() != null ? "l" : "")
            + (file.isPad() ? "p" : "")
            + (file.isExecutable() ? "x" : "");
    if (!attributes.isEmpty()) {
      writer.key("attr").text(attributes);
    }
  }

  private void writePath(String key, @Nullable List<String> path) {
    if (path != null) {
      writer.key(key).beginList();
      path.forEach(e -> writer.text(TorrentPlan.bytes(e)));
      writer.end();
    }
  }

  /** A name below a directory: another directory, or a file. */
  private static final class Node {
    final Map<String, Node> children = new TreeMap<>();
    int file = -1;
  }

  private Node tree() {
    var root = new Node();
    for (int i = 0; i < plan.rawFiles().size(); i++) {
      var file = plan.rawFiles().get(i);
      if (!file.isPad()) {
        var node = root;
        for (var element : file.path()) {
          node = node.children.computeIfAbsent(element, _ -> new Node());
        }
        node.file = i;
      }
    }
    return root;
  }

  private void writeDirectory(Node directory) {
    writer.beginDictionary();
    directory.children.forEach(
        (name, node) -> {
          writer.key(name);
          if (node.file < 0) {
            writeDirectory(node);
          } else {
            writeV2File(node.file);
          }
        });
    writer.end();
  }

  private void writeV2File(int index) {
    var file = plan.rawFiles().get(index);
    writer.beginDictionary().key("").beginDictionary();
    writeAttributes(file);
    writer.key("length").integer(file.length());
    if (file.hasData()) {
      writer.key("pieces root").text(hashes.root(plan.files().files().get(index)).bytes());
    }
    writePath("symlink path", file.linkTarget());
    writer.end().end();
  }

  /** Files of equal bytes have one root and so one layer. */
  private void writePieceLayers() {
    var layers = new TreeMap<String, byte[]>();
    for (var file : plan.files().files()) {
      if (!file.isPad() && file.length() > plan.geometry().pieceLength()) {
        layers.put(key(hashes.root(file)), hashes.layer(file));
      }
    }
    writer.key("piece layers").beginDictionary();
    layers.forEach((root, layer) -> writer.key(root).text(layer));
    writer.end();
  }

  private static String key(Hash256 root) {
    return new String(root.bytes(), StandardCharsets.ISO_8859_1);
  }

  private void writeText(String key, @Nullable String text) {
    if (text != null && !text.isEmpty()) {
      writer.key(key).text(text);
    }
  }
}
