package org.spate.engine.storage;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.spate.core.Hash160;
import org.spate.core.bencode.BencodeWriter;
import org.spate.core.metainfo.FileEntry;
import org.spate.core.metainfo.InfoDictionary;
import org.spate.core.metainfo.Metainfo;
import org.spate.core.metainfo.MetainfoParser;
import org.spate.core.metainfo.PieceGeometry;

/** A torrent named {@code t} with known random contents, hashed here by the book. */
public final class TestTorrent {
  public enum Format {
    V1,
    V2,
    HYBRID
  }

  /** A file to be: its length, attributes, link target; pads have no name of their own. */
  public record Item(String path, int length, String attributes, String target) {
    public static Item file(String path, int length) {
      return new Item(path, length, "", "");
    }

    public static Item pad(int length) {
      return new Item(".pad/" + length, length, "p", "");
    }

    public static Item executable(String path, int length) {
      return new Item(path, length, "x", "");
    }

    public static Item link(String path, String target) {
      return new Item(path, 0, "l", target);
    }
  }

  private final Metainfo metainfo;
  private final Map<String, byte[]> contents;
  private final byte[] space;

  private TestTorrent(Metainfo metainfo, Map<String, byte[]> contents) {
    this.metainfo = metainfo;
    this.contents = contents;
    this.space = new byte[(int) metainfo.geometry().totalLength()];
    for (var entry : metainfo.files().files()) {
      if (!entry.isPad()) {
        var bytes = content(entry);
        System.arraycopy(bytes, 0, space, (int) entry.offset(), bytes.length);
      }
    }
  }

  /** Names must be in the order of a v2 file tree. Hybrids get their pad files by themselves. */
  public static TestTorrent of(long seed, Format format, int pieceLength, Item... items) {
    var random = new Random(seed);
    var contents = new LinkedHashMap<String, byte[]>();
    for (var item : items) {
      var bytes = new byte[item.length];
      if (!item.attributes.contains("p")) {
        random.nextBytes(bytes);
      }
      contents.put(item.path, bytes);
    }
    var list = format == Format.HYBRID ? padded(items, pieceLength) : List.of(items);
    var layers = new LinkedHashMap<String, byte[]>();
    var writer = new BencodeWriter().beginDictionary().key("info").beginDictionary();
    if (format != Format.V1) {
      writer.key("file tree");
      writeTree(writer, items, contents, pieceLength, layers);
    }
    if (format != Format.V2) {
      writer.key("files").beginList();
      list.forEach(item -> writeV1(writer, item));
      writer.end();
    }
    if (format != Format.V1) {
      writer.key("meta version").integer(2);
    }
    writer.key("name").text("t").key("piece length").integer(pieceLength);
    if (format != Format.V2) {
      writer.key("pieces").text(v1Pieces(list, contents, pieceLength));
    }
    writer.end();
    if (format != Format.V1) {
      writer.key("piece layers").beginDictionary();
      layers.entrySet().stream()
          .sorted(Map.Entry.comparingByKey())
          .forEach(e -> writer.key(e.getKey()).text(e.getValue()));
      writer.end();
    }
    return new TestTorrent(MetainfoParser.parse(writer.end().toBytes()), contents);
  }

  private static List<Item> padded(Item[] items, int pieceLength) {
    var list = new ArrayList<Item>();
    int length = 0;
    for (var item : items) {
      int missing = (pieceLength - length % pieceLength) % pieceLength;
      if (item.length > 0 && missing > 0) {
        list.add(Item.pad(missing));
        length += missing;
      }
      list.add(item);
      length += item.length;
    }
    return list;
  }

  private static void writeV1(BencodeWriter writer, Item item) {
    writer.beginDictionary();
    if (!item.attributes.isEmpty()) {
      writer.key("attr").text(item.attributes);
    }
    writer.key("length").integer(item.length);
    writePath(writer, "path", item.path);
    if (!item.target.isEmpty()) {
      writePath(writer, "symlink path", item.target);
    }
    writer.end();
  }

  private static void writePath(BencodeWriter writer, String key, String path) {
    writer.key(key).beginList();
    for (var name : Path.of(path)) {
      writer.text(name.toString());
    }
    writer.end();
  }

  /** Of one level only: the tests of nested folders use v1. */
  private static void writeTree(
      BencodeWriter writer,
      Item[] items,
      Map<String, byte[]> contents,
      int pieceLength,
      Map<String, byte[]> layers) {
    writer.beginDictionary();
    for (var item : items) {
      writer.key(item.path).beginDictionary().key("").beginDictionary();
      if (!item.attributes.isEmpty()) {
        writer.key("attr").text(item.attributes);
      }
      writer.key("length").integer(item.length);
      if (item.length > 0) {
        var leaves = leaves(contents.get(item.path));
        var root = root(leaves, Integer.highestOneBit(Math.max(1, leaves.size() * 2 - 1)));
        writer.key("pieces root").text(root);
        if (item.length > pieceLength) {
          layers.put(latin(root), layer(leaves, pieceLength / PieceGeometry.BLOCK_LENGTH));
        }
      }
      writer.end().end();
    }
    writer.end();
  }

  private static String latin(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  private static List<byte[]> leaves(byte[] bytes) {
    var leaves = new ArrayList<byte[]>();
    for (int i = 0; i < bytes.length; i += PieceGeometry.BLOCK_LENGTH) {
      int end = Math.min(bytes.length, i + PieceGeometry.BLOCK_LENGTH);
      leaves.add(sha256(Arrays.copyOfRange(bytes, i, end)));
    }
    return leaves;
  }

  private static byte[] layer(List<byte[]> leaves, int width) {
    var out = new ByteArrayOutputStream();
    for (int i = 0; i < leaves.size(); i += width) {
      out.writeBytes(root(leaves.subList(i, Math.min(leaves.size(), i + width)), width));
    }
    return out.toByteArray();
  }

  private static byte[] root(List<byte[]> leaves, int width) {
    if (width == 1) {
      return leaves.isEmpty() ? new byte[32] : leaves.getFirst();
    }
    int half = Math.min(width / 2, leaves.size());
    var out = new ByteArrayOutputStream();
    out.writeBytes(root(leaves.subList(0, half), width / 2));
    out.writeBytes(root(leaves.subList(half, leaves.size()), width / 2));
    return sha256(out.toByteArray());
  }

  private static byte[] sha256(byte[] bytes) {
    MessageDigest digest = PieceDigest.digest("SHA-256");
    return digest.digest(bytes);
  }

  private static byte[] v1Pieces(List<Item> items, Map<String, byte[]> contents, int pieceLength) {
    var all = new ByteArrayOutputStream();
    for (var item : items) {
      all.writeBytes(contents.getOrDefault(item.path, new byte[item.length]));
    }
    var bytes = all.toByteArray();
    var pieces = new ByteArrayOutputStream();
    for (int i = 0; i < bytes.length; i += pieceLength) {
      pieces.writeBytes(Hash160.sha1(bytes, i, Math.min(pieceLength, bytes.length - i)).bytes());
    }
    return pieces.toByteArray();
  }

  public Metainfo metainfo() {
    return metainfo;
  }

  InfoDictionary info() {
    return metainfo.info();
  }

  PieceGeometry geometry() {
    return metainfo.geometry();
  }

  int pieceCount() {
    return geometry().pieceCount();
  }

  FileEntry entry(String path) {
    return metainfo.files().files().stream()
        .filter(entry -> entry.name().equals("t/" + path))
        .findFirst()
        .orElseThrow();
  }

  public byte[] content(String path) {
    return contents.get(path);
  }

  public byte[] content(FileEntry entry) {
    var path = entry.usualPath() == null ? entry.path() : entry.usualPath();
    return contents.get(String.join("/", path.subList(1, path.size())));
  }

  /** The right bytes of part of a piece. */
  public byte[] bytes(int pieceIndex, int begin, int length) {
    int from = (int) geometry().offset(pieceIndex) + begin;
    return Arrays.copyOfRange(space, from, from + length);
  }
}
