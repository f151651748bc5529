package org.spate.core.metainfo;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.spate.core.bencode.Bencoded;
import org.spate.core.bencode.Bencoded.Dictionary;

/** Reads {@code length} or {@code files} of a v1 info dictionary (BEP 3, attributes BEP 47). */
final class V1FileList {
  /** BitComet's name for padding, which it wrote before there was an attribute for it. */
  private static final String PADDING_NAME = "_____padding_file_";

  private final Problems problems;
  private int elementCount;

  V1FileList(Problems problems) {
    this.problems = problems;
  }

  List<RawFile> read(Dictionary info, String rawName) {
    var list = info.find("files");
    if (list == null) {
      return List.of(file(info, List.of(rawName), Limits.length(info.find("length")), null));
    }
    if (info.find("length") != null) {
      problems.add("it has both a length and a list of files; the list counts");
    }
    if (!(list instanceof Bencoded.Items items)) {
      throw new MetainfoException("its list of files is no list");
    }
    var files = new ArrayList<RawFile>(items.values().size());
    for (var item : items.values()) {
      if (!(item instanceof Dictionary file)) {
        throw new MetainfoException("its list of files holds something else");
      }
      files.add(listed(file));
    }
    return files;
  }

  private RawFile listed(Dictionary entry) {
    var attributes = attributes(entry);
    var link = linkTarget(entry, problems);
    long length = link != null ? 0 : Limits.length(entry.find("length"));
    var list = entry.items("path.utf-8");
    list = list == null || list.values().isEmpty() ? entry.items("path") : list;
    if (list == null || list.values().isEmpty()) {
      if (!attributes.contains("p")) {
        throw new MetainfoException("a file has no path");
      }
      return file(entry, List.of(".pad", Long.toString(length)), length, null);
    }
    return file(entry, elements(list), length, link);
  }

  private List<String> elements(Bencoded.Items list) {
    var path = strings(list);
    elementCount = Limits.countElements(elementCount, path.size());
    return path;
  }

  private static RawFile file(
      Dictionary entry, List<String> path, long length, @Nullable List<String> link) {
    var attributes = attributes(entry);
    boolean isPad = attributes.contains("p") || path.getLast().startsWith(PADDING_NAME);
    return new RawFile(
        path,
        length,
        isPad,
        attributes.contains("x"),
        attributes.contains("h"),
        isPad ? null : link,
        null);
  }

  static String attributes(Dictionary entry) {
    var text = entry.text("attr");
    return text == null ? "" : latin(text);
  }

  /** The target of a link as it stood, or null if the entry is none. */
  static @Nullable List<String> linkTarget(Dictionary entry, Problems problems) {
    if (!attributes(entry).contains("l")) {
      return null;
    }
    var target = entry.items("symlink path");
    if (target == null || target.values().isEmpty()) {
      problems.add("a symbolic link has no target; it is taken for a file");
      return null;
    }
    return strings(target);
  }

  private static List<String> strings(Bencoded.Items list) {
    var strings = new ArrayList<String>(list.values().size());
    for (var item : list.values()) {
      if (!(item instanceof Bencoded.Text text)) {
        throw new MetainfoException("a path holds something that is no string");
      }
      strings.add(latin(text));
    }
    if (strings.size() > Limits.PATH_DEPTH_MAX) {
      throw new MetainfoException("a path has more than " + Limits.PATH_DEPTH_MAX + " elements");
    }
    return strings;
  }

  /** Bytes as chars, so that they compare and print as they stood. */
  static String latin(Bencoded.Text text) {
    return new String(text.bytes(), StandardCharsets.ISO_8859_1);
  }
}
