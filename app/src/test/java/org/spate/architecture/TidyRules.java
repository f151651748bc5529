package org.spate.architecture;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Rules about the text of the sources; each answers with what breaks it, a line for each. */
final class TidyRules {
  static final int LINES_MAX = 500;

  /** Files that may be longer, each with its reason. May only shrink. */
  private static final Map<Path, String> LONG_FILES = Map.of();

  private static final Set<String> TEXT_KINDS =
      Set.of("java", "xml", "md", "sh", "py", "ts", "svelte", "yml", "yaml", "toml", "html", "css");

  private static final Pattern BANNED_NAME =
      Pattern.compile(".*(Manager|Helper|Utils?|Impl)\\.java|(Base|Abstract)[A-Z].*\\.java");

  // "chunked" is the transfer encoding of HTTP and its right name.
  private static final Pattern BANNED_WORD =
      Pattern.compile("chunk(?!ed)", Pattern.CASE_INSENSITIVE);

  private static final Pattern UNFINISHED = Pattern.compile("\\b(TODO|FIXME|XXX)\\b");

  // In pieces, so that this file does not break its own rules.
  private static final Pattern LOCAL =
      Pattern.compile(
          String.join(
              "|",
              "(?<![\\w.])/wo" + "rk/",
              "(?<![\\w.])/ro" + "ot/",
              "(?<![\\w.])/ho" + "me/",
              "repo1?\\.ma" + "ven",
              "registry\\.np" + "mjs",
              "deb\\.deb" + "ian"));

  private final SourceTree tree;

  TidyRules(SourceTree tree) {
    this.tree = tree;
  }

  List<String> tooLong() {
    return sources()
        .filter(file -> !LONG_FILES.containsKey(file))
        .filter(file -> tree.text(file).lines().count() > LINES_MAX)
        .map(file -> file + " is longer than " + LINES_MAX + " lines")
        .toList();
  }

  List<String> bannedNames() {
    return sources()
        .filter(file -> BANNED_NAME.matcher(file.getFileName().toString()).matches())
        .map(file -> file + " has a name that says nothing")
        .toList();
  }

  List<String> bannedWords() {
    return linesWith(
        sources().filter(this::isProduct), BANNED_WORD, "says piece or block otherwise");
  }

  List<String> unfinished() {
    return linesWith(sources().filter(TidyRules::isNotOurs), UNFINISHED, "is not finished");
  }

  List<String> localNames() {
    return linesWith(
        texts().filter(TidyRules::isNotOurs), LOCAL, "names a registry or a folder of one machine");
  }

  /** Packages of product code without {@code @NullMarked}. */
  List<String> unmarkedPackages() {
    return sources()
        .filter(
            file -> isProduct(file) && !file.getFileName().toString().equals("module-info.java"))
        .map(Path::getParent)
        .distinct()
        .map(folder -> folder.resolve("package-info.java"))
        .filter(info -> !tree.holds(info) || !tree.text(info).contains("@NullMarked"))
        .map(info -> info + " is missing or not @NullMarked")
        .toList();
  }

  private Stream<Path> texts() {
    return tree.files().stream()
        .filter(
            file -> {
              String name = file.getFileName().toString();
              int dot = name.lastIndexOf('.');
              return dot < 0
                  ? file.getNameCount() == 1 || file.startsWith(".ci")
                  : TEXT_KINDS.contains(name.substring(dot + 1));
            });
  }

  private Stream<Path> sources() {
    return texts()
        .filter(
            file ->
                Stream.of(".java", ".ts", ".svelte", ".py").anyMatch(file.toString()::endsWith));
  }

  private boolean isProduct(Path file) {
    return file.toString().contains("src/main/java");
  }

  /** Everything but this file, which has to name what it forbids. */
  private static boolean isNotOurs(Path file) {
    return !file.endsWith("TidyRules.java") && !file.endsWith("TidyTest.java");
  }

  private List<String> linesWith(Stream<Path> files, Pattern pattern, String complaint) {
    var found = new ArrayList<String>();
    files.forEach(
        file -> {
          int number = 0;
          for (String line : tree.text(file).lines().toList()) {
            number++;
            if (pattern.matcher(line).find()) {
              found.add(file + ":" + number + " " + complaint + ": " + line.strip());
            }
          }
        });
    return found;
  }
}
