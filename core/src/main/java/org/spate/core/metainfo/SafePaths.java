package org.spate.core.metainfo;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.spate.core.PlainText;

/**
 * The one place where names from a torrent become paths in the download folder. Every element is
 * made portable by itself ({@link #element}), so a path can not leave the folder on any system, and
 * then the files of a torrent are told apart as the least discerning file system would: without
 * regard to case or to how accents are composed. Who comes second gets a number.
 *
 * <p>The result depends on nothing but the torrent, so it is the same after a restart and on every
 * machine. It costs time and memory in proportion to the names.
 */
final class SafePaths {
  /** What most file systems take for one element, in bytes of UTF-8. */
  static final int ELEMENT_BYTES_MAX = 255;

  /** A longer ending is no extension but part of the name. */
  static final int EXTENSION_BYTES_MAX = 32;

  /** How many numbers are tried for one torrent before it is refused as an attack. */
  static final int RENAME_TRIES_MAX = 250_000;

  /** How many links may lead to links. */
  static final int LINK_HOPS_MAX = 16;

  private static final String NAMELESS = "_";
  private static final String NOT_PORTABLE = "<>:\"|?*";
  private static final int MALFORMED = 0xFFFD;

  private final Node root = new Node("");
  private final List<String> folder;
  private int renameTries;

  /**
   * @param folder what every path begins with: the torrent's name, or nothing for a single file
   */
  SafePaths(List<String> folder) {
    this.folder = folder;
  }

  /** A file, link or directory under its folded name. */
  private static final class Node {
    final String name;
    final Map<String, Node> children = new HashMap<>();
    int lastNumber;
    @Nullable List<String> linkTarget;
    List<String> directoryPath = List.of();
    boolean wasFollowed;
    @Nullable Node target;
    @Nullable List<String> targetPath;

    Node(String name) {
      this.name = name;
    }
  }

  /** What has to be placed: sanitised elements, and for a link its target likewise. */
  record Wanted(List<String> elements, @Nullable List<String> linkTarget) {}

  /**
   * Gives each file a path that no other file has.
   *
   * @return one path for each, in order
   * @throws MetainfoException if names collide beyond {@link #RENAME_TRIES_MAX}
   */
  List<List<String>> place(List<Wanted> files) {
    var parents = files.stream().map(this::parentOf).toList(); // directories come before files
    var placed = new ArrayList<List<String>>(files.size());
    var rivals = new ArrayList<Integer>();
    for (int i = 0; i < files.size(); i++) {
      var file = files.get(i);
      placed.add(file.elements());
      if (!takeName(parents.get(i), file, file.elements().getLast())) {
        rivals.add(i);
      }
    }
    for (int i : rivals) {
      placed.set(i, rename(parents.get(i), files.get(i)));
    }
    return placed;
  }

  private Node parentOf(Wanted file) {
    var node = root;
    var elements = file.elements();
    for (int i = 0; i < elements.size() - 1; i++) {
      var name = elements.get(i);
      node = node.children.computeIfAbsent(folded(name), _ -> new Node(name));
    }
    return node;
  }

  private static boolean takeName(Node parent, Wanted file, String name) {
    var node = new Node(name);
    if (file.linkTarget() != null) {
      node.linkTarget = file.linkTarget();
      node.directoryPath = file.elements().subList(0, file.elements().size() - 1);
    }
    return parent.children.putIfAbsent(folded(name), node) == null;
  }

  private List<String> rename(Node parent, Wanted file) {
    var name = file.elements().getLast();
    var rival = Objects.requireNonNull(parent.children.get(folded(name)));
    String numbered;
    do {
      if (++renameTries > RENAME_TRIES_MAX) {
        throw new MetainfoException("too many files have the same name");
      }
      numbered = numbered(name, ++rival.lastNumber);
    } while (!takeName(parent, file, numbered));
    var path = new ArrayList<>(file.elements());
    path.set(path.size() - 1, numbered);
    return List.copyOf(path);
  }

  private static String numbered(String name, int number) {
    int dot = extensionStart(name);
    var ending = "." + number + name.substring(dot);
    return shortened(name.substring(0, dot), ELEMENT_BYTES_MAX - utf8Length(ending)) + ending;
  }

  /**
   * Where a link may point (BEP 47): a file or directory of this torrent, named from the torrent's
   * root or, as some writers have it, from the link's own directory.
   *
   * @param path the link's path as placed
   * @return a path from the download folder, or null if the torrent has no such target
   */
  @Nullable List<String> resolveLink(List<String> path) {
    var directory = walk(root, path.subList(0, path.size() - 1), new ArrayList<>(), 0);
    var link = directory == null ? null : directory.children.get(folded(path.getLast()));
    return link == null || follow(link, 0) == null ? null : link.targetPath;
  }

  /** What a link leads to, or null. Each link is followed once, so rings and chains cost little. */
  private @Nullable Node follow(Node link, int hops) {
    if (link.linkTarget == null) {
      return link;
    }
    if (link.wasFollowed || hops == LINK_HOPS_MAX) {
      return link.target;
    }
    link.wasFollowed = true;
    followFrom(link, folder, hops);
    if (link.target == null) {
      followFrom(link, link.directoryPath, hops);
    }
    return link.target;
  }

  private void followFrom(Node link, List<String> base, int hops) {
    if (link.linkTarget != null) {
      var path = new ArrayList<String>();
      var elements = new ArrayList<>(base);
      elements.addAll(link.linkTarget);
      link.target = walk(root, elements, path, hops + 1);
      link.targetPath = link.target == null ? null : List.copyOf(path);
    }
  }

  /** Goes down from a directory, through links, and notes the names as they are spelled there. */
  private @Nullable Node walk(Node from, List<String> elements, List<String> found, int hops) {
    var node = from;
    for (var element : elements) {
      var child = node.children.get(folded(element));
      if (child == null) {
        return null;
      }
      found.add(child.name);
      node = follow(child, hops);
      if (node == null) {
        return null;
      }
    }
    return node;
  }

  /**
   * One element of a path as every common file system takes it: no separator, control or format
   * character, nothing that Windows forbids or takes for a device, at most {@link
   * #ELEMENT_BYTES_MAX} bytes with its extension kept, and never {@code .}, {@code ..} or empty.
   *
   * @param raw the bytes, one char each
   */
  static String element(String raw) {
    var name = trimmed(visible(decoded(raw), NOT_PORTABLE));
    if (name.isEmpty()) {
      return NAMELESS;
    }
    if (isDevice(name)) {
      name = "_" + name;
    }
    if (utf8Length(name) > ELEMENT_BYTES_MAX) {
      int dot = extensionStart(name);
      var extension = name.substring(dot);
      name = shortened(name.substring(0, dot), ELEMENT_BYTES_MAX - utf8Length(extension));
      name = trimmed(name + extension);
    }
    return name;
  }

  /**
   * One element as most clients on POSIX systems store it: rid of what is dangerous anywhere, but
   * not of what only some file systems refuse.
   */
  static String usualElement(String raw) {
    var name = visible(decoded(raw), "");
    boolean isTaken = name.isEmpty() || name.equals(".") || name.equals("..");
    return isTaken || utf8Length(name) > ELEMENT_BYTES_MAX ? element(raw) : name;
  }

  /**
   * Whether a name has nothing in it that could be kept: no character but dots and forbidden ones.
   */
  static boolean isNameless(String raw) {
    return decoded(raw)
        .codePoints()
        .allMatch(c -> isDropped(c) || isForbidden(c, NOT_PORTABLE) || c == '.' || c == ' ');
  }

  private static String decoded(String raw) {
    return new String(raw.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
  }

  private static boolean isDropped(int c) {
    return c == '/' || c == '\\' || PlainText.isInvisible(c);
  }

  private static boolean isForbidden(int c, String more) {
    return c == MALFORMED || PlainText.isUnusable(c) || more.indexOf(c) >= 0;
  }

  /** Whether an element is stored under the name that the torrent gives it. */
  static boolean isSame(String raw, String element) {
    return raw.equals(
        new String(element.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1));
  }

  /** Without what is not seen, and with one underscore for each character that may not stay. */
  private static String visible(String text, String forbidden) {
    var kept = new StringBuilder(text.length());
    int previous = 0;
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      boolean isRepeated = c == MALFORMED && previous == MALFORMED;
      previous = c;
      if (!isDropped(c) && !isRepeated) {
        kept.appendCodePoint(isForbidden(c, forbidden) ? '_' : c);
      }
    }
    return kept.toString();
  }

  /** Windows drops dots and spaces at the end; nobody sees spaces at the start. */
  private static String trimmed(String name) {
    int end = name.length();
    while (end > 0 && (name.charAt(end - 1) == ' ' || name.charAt(end - 1) == '.')) {
      end--;
    }
    int start = 0;
    while (start < end && name.charAt(start) == ' ') {
      start++;
    }
    return name.substring(start, end);
  }

  /** Whether Windows takes a name for a device, which it does whatever the extension. */
  private static boolean isDevice(String name) {
    int dot = name.indexOf('.');
    var stem = (dot < 0 ? name : name.substring(0, dot)).stripTrailing().toUpperCase(Locale.ROOT);
    return switch (stem) {
      case "CON", "PRN", "AUX", "NUL", "CLOCK$", "CONIN$", "CONOUT$" -> true;
      default ->
          stem.length() == 4
              && (stem.startsWith("COM") || stem.startsWith("LPT"))
              && "0123456789¹²³".indexOf(stem.charAt(3)) >= 0;
    };
  }

  private static int extensionStart(String name) {
    int dot = name.lastIndexOf('.');
    return dot > 0 && utf8Length(name.substring(dot)) <= EXTENSION_BYTES_MAX ? dot : name.length();
  }

  private static String shortened(String text, int bytesMax) {
    int bytes = 0;
    int end = 0;
    while (end < text.length()) {
      int c = text.codePointAt(end);
      bytes += utf8Length(c);
      if (bytes > bytesMax) {
        return text.substring(0, end);
      }
      end += Character.charCount(c);
    }
    return text;
  }

  private static int utf8Length(String text) {
    int length = 0;
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      length += utf8Length(c);
      i += Character.charCount(c);
    }
    return length;
  }

  private static int utf8Length(int codePoint) {
    return codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
  }

  /**
   * Equal for names that some file system takes for the same. Upper, lower and upper case again,
   * because some letters have several partners (sharp s, Kelvin sign, dotless i).
   */
  static String folded(String name) {
    if (isAscii(name)) {
      return name.toUpperCase(Locale.ROOT);
    }
    var folded = Normalizer.normalize(name, Normalizer.Form.NFD).toUpperCase(Locale.ROOT);
    folded = folded.toLowerCase(Locale.ROOT).toUpperCase(Locale.ROOT);
    return Normalizer.normalize(folded, Normalizer.Form.NFC);
  }

  private static boolean isAscii(String name) {
    for (int i = 0; i < name.length(); i++) {
      if (name.charAt(i) >= 0x80) {
        return false;
      }
    }
    return true;
  }
}
