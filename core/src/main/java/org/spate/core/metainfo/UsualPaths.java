package org.spate.core.metainfo;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where other clients on POSIX systems have stored the files whose names are changed here: they
 * keep a colon or a blank at the end, which {@link SafePaths} does not. So a download of theirs is
 * found, while what is new gets a name that every system takes.
 *
 * <p>A usual path that could be another file's on some file system is left out.
 */
final class UsualPaths {
  private UsualPaths() {}

  /**
   * @param folder what every path begins with, as usual
   * @param placed the path that was chosen for each file
   * @return for each file its usual path, or null if that is the one chosen or is in doubt
   */
  static List<@Nullable List<String>> of(
      List<String> folder, List<RawFile> files, List<List<String>> placed) {
    var usual = new ArrayList<@Nullable List<String>>(files.size());
    boolean isAny = false;
    for (int i = 0; i < files.size(); i++) {
      var path = usual(folder, files.get(i));
      boolean isOther = path != null && !path.equals(placed.get(i));
      usual.add(isOther ? path : null);
      isAny |= isOther;
    }
    if (isAny) {
      leaveOutDoubtful(usual, files, placed);
    }
    return usual;
  }

  private static @Nullable List<String> usual(List<String> folder, RawFile file) {
    if (file.isPad() || file.linkTarget() != null) {
      return null;
    }
    var path = new ArrayList<>(folder);
    for (var element : file.path()) {
      path.add(SafePaths.usualElement(element));
    }
    return List.copyOf(path);
  }

  private static void leaveOutDoubtful(
      List<@Nullable List<String>> usual, List<RawFile> files, List<List<String>> placed) {
    Map<String, Integer> uses = new HashMap<>();
    for (int i = 0; i < files.size(); i++) {
      if (!files.get(i).isPad()) {
        uses.merge(folded(placed.get(i)), 1, Integer::sum);
      }
      var other = usual.get(i);
      if (other != null && !folded(other).equals(folded(placed.get(i)))) {
        uses.merge(folded(other), 1, Integer::sum);
      }
    }
    usual.replaceAll(path -> path != null && uses.getOrDefault(folded(path), 0) == 1 ? path : null);
  }

  private static String folded(List<String> path) {
    return SafePaths.folded(String.join("/", path));
  }
}
