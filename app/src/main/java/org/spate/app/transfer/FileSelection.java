package org.spate.app.transfer;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.spate.core.metainfo.FileEntry;
import org.spate.core.metainfo.InfoDictionary;

/**
 * Which files are wanted, by patterns: {@code *} and {@code ?} stand for anything within a name,
 * {@code **} for any folders, too. A pattern without a slash is matched with every name on the way
 * to a file, one with a slash with the path, the torrent's own name put before it or not. Who
 * matches a folder has everything in it.
 */
public final class FileSelection {
  private static final byte SKIPPED = 0;
  private static final byte WANTED = 1;

  /** Everything. */
  public static final FileSelection ALL = new FileSelection(List.of());

  private final List<String> patterns;
  private final List<Glob> globs;

  private record Glob(Pattern pattern, boolean isPath) {}

  public FileSelection(List<String> patterns) {
    this.patterns = List.copyOf(patterns);
    globs = patterns.stream().map(FileSelection::glob).toList();
  }

  private static Glob glob(String typed) {
    // A slash at the end says "folder", which matches anyway.
    String text =
        typed.length() > 1 && typed.endsWith("/") ? typed.substring(0, typed.length() - 1) : typed;
    return new Glob(pattern(text), text.contains("/"));
  }

  public boolean isAll() {
    return globs.isEmpty();
  }

  /** The patterns, for people. */
  @Override
  public String toString() {
    return String.join(" or ", patterns);
  }

  /** For each file its priority; all wanted if there is no pattern. */
  public byte[] priorities(InfoDictionary info) {
    var files = info.files().files();
    var priorities = new byte[files.size()];
    for (var file : files) {
      boolean isWanted = globs.isEmpty() || (!file.isPad() && isMatch(file, info.isSingleFile()));
      priorities[file.index()] = isWanted ? WANTED : SKIPPED;
    }
    return priorities;
  }

  /** Whether there is anything to do. */
  public static boolean isAnyWanted(byte[] priorities) {
    for (byte priority : priorities) {
      if (priority != SKIPPED) {
        return true;
      }
    }
    return false;
  }

  private boolean isMatch(FileEntry file, boolean isSingleFile) {
    var names = isSingleFile ? file.path() : file.path().subList(1, file.path().size());
    var paths = prefixes(names);
    if (!isSingleFile) {
      paths.addAll(prefixes(file.path()));
    }
    for (var glob : globs) {
      var subjects = glob.isPath ? paths : names;
      if (subjects.stream().anyMatch(subject -> glob.pattern.matcher(subject).matches())) {
        return true;
      }
    }
    return false;
  }

  private static List<String> prefixes(List<String> names) {
    var prefixes = new ArrayList<String>();
    for (int i = 1; i <= names.size(); i++) {
      prefixes.add(String.join("/", names.subList(0, i)));
    }
    return prefixes;
  }

  private static Pattern pattern(String text) {
    var regex = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '*' && text.startsWith("**", i)) {
        regex.append(".*");
        i++;
      } else if (c == '*') {
        regex.append("[^/]*");
      } else if (c == '?') {
        regex.append("[^/]");
      } else {
        regex.append(Pattern.quote(String.valueOf(c)));
      }
    }
    return Pattern.compile(regex.toString(), Pattern.DOTALL);
  }
}
