package org.spate.core.metainfo;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.spate.core.bencode.BencodeWriter;

/** Builds torrents out of plain maps, lists, strings and numbers, right or wrong as asked. */
final class Torrents {
  private Torrents() {}

  /** A v1 torrent of 40,000 bytes in one file; a test changes what it is about. */
  static SequencedMap<String, Object> info() {
    var info = new TreeMap<String, Object>();
    info.put("length", 40_000);
    info.put("name", "name");
    info.put("piece length", 16384);
    info.put("pieces", "x".repeat(60));
    return info;
  }

  /** A v1 torrent of several files of 100 bytes. */
  static SequencedMap<String, Object> info(List<List<String>> paths) {
    var info = info();
    var files = new ArrayList<Object>();
    paths.forEach(p -> files.add(file(100, p)));
    info.remove("length");
    info.put("files", files);
    info.put("pieces", "x".repeat(20 * Math.ceilDiv(100 * paths.size(), 16384)));
    return info;
  }

  static SequencedMap<String, Object> file(Object length, List<String> path) {
    var file = new TreeMap<String, Object>();
    file.put("length", length);
    file.put("path", path);
    return file;
  }

  static byte[] torrent(Map<String, Object> info) {
    return bytes(Map.of("info", info));
  }

  static byte[] bytes(Object value) {
    var writer = new BencodeWriter();
    write(writer, value);
    return writer.toBytes();
  }

  private static void write(BencodeWriter writer, Object value) {
    switch (value) {
      case Integer number -> writer.integer(number);
      case Long number -> writer.integer(number);
      case byte[] bytes -> writer.text(bytes);
      case String text -> writer.text(text.getBytes(StandardCharsets.UTF_8));
      case List<?> list -> {
        writer.beginList();
        list.forEach(v -> write(writer, v));
        writer.end();
      }
      case Map<?, ?> map -> {
        writer.beginDictionary();
        new TreeMap<>(map).forEach((key, v) -> write(writer.key((String) key), v));
        writer.end();
      }
      default -> throw new IllegalArgumentException("no bencode for " + value);
    }
  }
}
