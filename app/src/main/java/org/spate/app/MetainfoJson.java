package org.spate.app;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.spate.core.Endpoint;
import org.spate.core.metainfo.FileEntry;
import org.spate.core.metainfo.InfoHash;
import org.spate.core.metainfo.MagnetLink;
import org.spate.core.metainfo.Metainfo;
import tools.jackson.core.JsonGenerator;

/**
 * A torrent or magnet link as a JSON object for programs; keys keep their meaning, and new ones may
 * be added.
 */
final class MetainfoJson {
  private MetainfoJson() {}

  static void write(Metainfo metainfo, JsonGenerator json) {
    var info = metainfo.info();
    var files = metainfo.files().files();
    json.writeStringProperty("name", metainfo.name());
    infoHash(json, metainfo.infoHash());
    json.writeNumberProperty("piece_length", metainfo.geometry().pieceLength());
    json.writeNumberProperty("num_pieces", metainfo.geometry().pieceCount());
    json.writeNumberProperty("total_size", files.stream().mapToLong(FileEntry::length).sum());
    json.writeNumberProperty("data_size", metainfo.files().dataLength());
    json.writeBooleanProperty("private", info.isPrivate());
    text(json, "source", info.source());
    json.writeBooleanProperty("ssl", info.rootCertificate() != null);
    text(json, "comment", metainfo.comment());
    text(json, "created_by", metainfo.createdBy());
    if (metainfo.creationDate() != null) {
      json.writeNumberProperty("creation_date", metainfo.creationDate());
    } else {
      json.writeNullProperty("creation_date");
    }
    tiers(json, metainfo.trackers());
    texts(json, "web_seeds", metainfo.webSeeds());
    texts(json, "nodes", metainfo.nodes());
    json.writeArrayPropertyStart("files");
    files.forEach(file -> file(json, file));
    json.writeEndArray();
    json.writeStringProperty("magnet", MagnetLink.of(metainfo).toString());
    texts(json, "problems", metainfo.problems());
  }

  /** The same keys; what only the metadata can tell is null. */
  static void write(MagnetLink magnet, JsonGenerator json) {
    text(json, "name", magnet.name());
    infoHash(json, magnet.infoHash());
    json.writeNullProperty("piece_length");
    json.writeNullProperty("num_pieces");
    json.writeNullProperty("total_size");
    json.writeNullProperty("private");
    json.writeNullProperty("comment");
    json.writeNullProperty("created_by");
    json.writeNullProperty("creation_date");
    tiers(json, magnet.trackers());
    texts(json, "web_seeds", magnet.webSeeds());
    texts(json, "nodes", magnet.nodes());
    json.writeNullProperty("files");
    writeWishes(magnet, json);
    json.writeStringProperty("magnet", magnet.toString());
    texts(json, "problems", magnet.problems());
  }

  /** What a link says and no metadata could. */
  static void writeWishes(MagnetLink magnet, JsonGenerator json) {
    texts(json, "peers", peers(magnet));
    json.writeArrayPropertyStart("selected_files");
    magnet.selectedFiles().forEach(json::writeNumber);
    json.writeEndArray();
  }

  /** Who is to be dialled at once, as {@code address:port}. */
  static List<String> peers(MagnetLink magnet) {
    return Stream.concat(
            magnet.peers().stream().map(Endpoint::toString), magnet.peerNames().stream())
        .toList();
  }

  private static void infoHash(JsonGenerator json, InfoHash infoHash) {
    text(json, "info_hash_v1", infoHash.v1() == null ? null : infoHash.v1().toString());
    text(json, "info_hash_v2", infoHash.v2() == null ? null : infoHash.v2().toString());
  }

  private static void tiers(JsonGenerator json, List<List<String>> tiers) {
    json.writeArrayPropertyStart("trackers");
    for (var tier : tiers) {
      json.writeStartArray();
      tier.forEach(json::writeString);
      json.writeEndArray();
    }
    json.writeEndArray();
  }

  private static void text(JsonGenerator json, String key, @Nullable String value) {
    if (value == null) {
      json.writeNullProperty(key);
    } else {
      json.writeStringProperty(key, value);
    }
  }

  private static void texts(JsonGenerator json, String key, List<String> values) {
    json.writeArrayPropertyStart(key);
    values.forEach(json::writeString);
    json.writeEndArray();
  }

  private static void file(JsonGenerator json, FileEntry file) {
    json.writeStartObject();
    json.writeStringProperty("path", file.name());
    json.writeNumberProperty("size", file.length());
    json.writeBooleanProperty("pad", file.isPad());
    if (file.isExecutable()) {
      json.writeBooleanProperty("executable", true);
    }
    if (file.isHidden()) {
      json.writeBooleanProperty("hidden", true);
    }
    if (file.symlink() != null) {
      json.writeStringProperty("symlink", String.join("/", file.symlink()));
    }
    if (file.piecesRoot() != null) {
      json.writeStringProperty("pieces_root", file.piecesRoot().toString());
    }
    json.writeEndObject();
  }
}
