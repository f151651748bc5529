package org.spate.core.metainfo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.spate.core.Corpus;
import org.spate.core.PlainText;
import org.spate.core.metainfo.SafePaths.Wanted;
import tools.jackson.databind.JsonNode;

class SafePathsTest {
  private static final List<String> FOLDER = List.of("folder");

  @TestFactory
  Stream<DynamicTest> corpusPathsKeepTheirRules() {
    return Corpus.cases("paths.json", "cases").stream()
        .map(c -> dynamicTest(c.get("id").asString(), () -> checkCase(c)));
  }

  private static void checkCase(JsonNode node) {
    var files = new ArrayList<List<String>>();
    if (node.has("elements_hex")) {
      files.add(elements(node.get("elements_hex")));
    } else {
      node.get("files_hex").forEach(f -> files.add(elements(f)));
    }
    var placed = place(files);
    assertThat(place(files)).isEqualTo(placed);
    placed.forEach(SafePathsTest::checkInside);
    assertThat(placed.stream().map(p -> SafePaths.folded(String.join("/", p))))
        .doesNotHaveDuplicates();
    checkRule(node, files, placed.getFirst().getLast());
  }

  private static void checkRule(JsonNode node, List<List<String>> raw, String name) {
    var id = node.get("id").asString();
    boolean isFree = id.equals("winname-com99.txt") || id.equals("winname-console.txt");
    if (isFree || id.equals("long-255")) {
      assertThat(name).isEqualTo(raw.getFirst().getLast());
    } else if (id.startsWith("winname") || id.startsWith("winchar")) {
      assertThat(name).isNotEqualTo(utf8(raw.getFirst().getLast()));
    } else if (id.equals("long-utf8")) {
      assertThat(name).endsWith(".mkv").startsWith("一");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "a...b, a...b",
    "foo... bar, foo... bar",
    ".hidden, .hidden",
    "'Icon\r', Icon_",
    "/etc, etc",
    "'\\\\server\\share', servershare",
    "C:, C_",
    "., _",
    ".., _",
    "..., _",
    "'. .', _",
    "'', _",
    "'name. ', name",
    "nul.tar.gz, _nul.tar.gz",
    "LPT9, _LPT9",
    "com10, com10",
    "a\u202Eb, ab",
  })
  void elementsBecomePortable(String raw, String expected) {
    assertThat(SafePaths.element(latin(raw))).isEqualTo(expected);
  }

  @Test
  void malformedUtf8IsOneUnderscoreAndNeverADot() {
    assertThat(SafePaths.element("\u00C0\u00AE\u00C0\u00AE")).isEqualTo("_");
    assertThat(SafePaths.element("name\u00F0\u0080\u0080\u00AE.txt")).isEqualTo("name_.txt");
  }

  @Test
  void aLongNameKeepsItsExtension() {
    var name = SafePaths.element("a".repeat(300) + ".mkv");
    assertThat(name).hasSize(255).endsWith(".mkv");
  }

  @Test
  void theSecondOfEqualNamesGetsANumberBeforeTheExtension() {
    assertThat(place(List.of(List.of("foo", "bar.txt"), List.of("foo", "BAR.txt"))))
        .containsExactly(
            List.of("folder", "foo", "bar.txt"), List.of("folder", "foo", "BAR.1.txt"));
  }

  @Test
  void aNumberNeverTakesTheNameOfAnotherFile() {
    var placed = place(List.of(List.of("a"), List.of("a"), List.of("a.1"), List.of("A.2")));
    assertThat(placed.stream().map(List::getLast)).containsExactly("a", "a.3", "a.1", "A.2");
  }

  @Test
  void aDirectoryKeepsItsNameBeforeAFile() {
    var placed = place(List.of(List.of("a"), List.of("A", "b")));
    assertThat(placed).containsExactly(List.of("folder", "a.1"), List.of("folder", "A", "b"));
  }

  @Test
  void longNamesStayWithinTheLimitWhenNumbered() {
    var name = "一".repeat(83) + ".mkv";
    var placed = place(List.of(List.of(latin(name)), List.of(latin(name))));
    placed.forEach(SafePathsTest::checkInside);
    assertThat(placed.get(1).getLast()).endsWith(".1.mkv");
  }

  @Test
  void aHundredThousandEqualNamesAreToldApart() {
    var names = new HashSet<String>();
    var raw = new ArrayList<List<String>>();
    for (int i = 0; i < 100_000; i++) {
      raw.add(List.of("same.txt"));
    }
    place(raw).forEach(p -> names.add(p.getLast()));
    assertThat(names).hasSize(100_000);
  }

  @Test
  void namesMadeToCollideAfterShorteningAreRefusedInBoundedTime() {
    var raw = new ArrayList<List<String>>();
    for (int i = 0; i < 1_000; i++) {
      var name = "a".repeat(245) + String.format("%010d", i);
      raw.add(List.of(name));
      raw.add(List.of(name));
    }
    assertThatThrownBy(() -> place(raw)).isInstanceOf(MetainfoException.class);
  }

  @Test
  void randomNamesNeverCollideAndNeverLeave() {
    for (long seed = 0; seed < 300; seed++) {
      var random = new Random(seed);
      var raw = new ArrayList<List<String>>();
      for (int i = 0; i < 30; i++) {
        raw.add(Stream.generate(() -> hostile(random)).limit(1 + random.nextInt(3)).toList());
      }
      var placed = place(raw);
      placed.forEach(SafePathsTest::checkInside);
      var files = new HashSet<String>();
      var all = new ArrayList<String>();
      for (var path : placed) {
        var folded = SafePaths.folded(String.join("/", path));
        assertThat(files.add(folded)).as("seed %d: %s", seed, path).isTrue();
        all.add(folded);
      }
      for (var path : all) {
        int slash = path.lastIndexOf('/');
        assertThat(files).as("seed %d: %s", seed, path).doesNotContain(path.substring(0, slash));
      }
    }
  }

  private static String hostile(Random random) {
    var parts =
        List.of(
            "a",
            "A",
            "b",
            ".",
            "..",
            "/",
            "\\",
            " ",
            "é",
            "e\u0301",
            "ß",
            "SS",
            ":",
            "\u200B",
            "con",
            "\0",
            "\uD83D\uDE00",
            "\u0130",
            "i\u0307",
            "1",
            ".1");
    var text = new StringBuilder();
    for (int i = 0; i < 1 + random.nextInt(3); i++) {
      text.append(parts.get(random.nextInt(parts.size())));
    }
    return latin(text.toString());
  }

  @ParameterizedTest
  @CsvSource({
    "é, e\u0301",
    "straße, STRASSE",
    "ẞ, ss",
    "\u0130, i\u0307",
    "K, \u212A",
    "Å, \u212B",
    "ﬀ, FF",
    "ς, Σ",
    "ſ, S",
    "ǅ, ǆ",
  })
  void namesThatAFileSystemTakesForTheSameFoldTogether(String a, String b) {
    assertThat(SafePaths.folded(a)).isEqualTo(SafePaths.folded(b));
  }

  @Test
  void linksLeadOnlyToWhatTheTorrentHolds() {
    var paths = new SafePaths(FOLDER);
    paths.place(
        List.of(
            wanted(List.of("A", "x"), null),
            wanted(List.of("current"), List.of("A")),
            wanted(List.of("through"), List.of("current", "x")),
            wanted(List.of("A", "beside"), List.of("x")),
            wanted(List.of("out"), List.of("_", "_", "etc")),
            wanted(List.of("ring1"), List.of("ring2")),
            wanted(List.of("ring2"), List.of("ring1")),
            wanted(List.of("self"), List.of("self"))));
    assertThat(paths.resolveLink(List.of("folder", "current"))).containsExactly("folder", "A");
    assertThat(paths.resolveLink(List.of("folder", "through")))
        .containsExactly("folder", "current", "x");
    assertThat(paths.resolveLink(List.of("folder", "A", "beside")))
        .containsExactly("folder", "A", "x");
    for (var bad : List.of("out", "ring1", "ring2", "self")) {
      assertThat(paths.resolveLink(List.of("folder", bad))).as(bad).isNull();
    }
  }

  @Test
  void aLongChainOfLinksIsCutOff() {
    var files = new ArrayList<Wanted>();
    for (int i = 0; i < 50_000; i++) {
      files.add(wanted(List.of("l" + i), List.of("l" + (i + 1))));
    }
    files.add(wanted(List.of("l50000"), null));
    var paths = new SafePaths(FOLDER);
    paths.place(files);
    assertThat(paths.resolveLink(List.of("folder", "l0"))).isNull();
    assertThat(paths.resolveLink(List.of("folder", "l49999"))).isNotNull();
  }

  private static Wanted wanted(List<String> path, List<String> target) {
    return new Wanted(Stream.concat(FOLDER.stream(), path.stream()).toList(), target);
  }

  private static List<List<String>> place(List<List<String>> raw) {
    var wanted = new ArrayList<Wanted>();
    for (var path : raw) {
      wanted.add(wanted(path.stream().map(SafePaths::element).toList(), null));
    }
    return new SafePaths(FOLDER).place(wanted);
  }

  private static void checkInside(List<String> path) {
    path.forEach(SafePathsTest::checkElement);
    var folder = Path.of("/downloads");
    var resolved = folder.resolve(String.join("/", path)).normalize();
    assertThat(resolved).startsWithRaw(folder.resolve("folder"));
    assertThat(resolved.getNameCount()).isEqualTo(1 + path.size());
  }

  static void checkElement(String element) {
    assertThat(element).isNotEmpty().isNotIn(".", "..").doesNotContain("/", "\\", ":");
    assertThat(element.codePoints())
        .noneMatch(c -> PlainText.isUnusable(c) || PlainText.isInvisible(c));
    assertThat(element.getBytes(StandardCharsets.UTF_8)).hasSizeLessThanOrEqualTo(255);
    assertThat(element).doesNotEndWith(".").doesNotEndWith(" ").doesNotStartWith(" ");
  }

  private static List<String> elements(JsonNode hex) {
    var elements = new ArrayList<String>();
    hex.forEach(
        h ->
            elements.add(
                new String(HexFormat.of().parseHex(h.asString()), StandardCharsets.ISO_8859_1)));
    return elements;
  }

  private static String latin(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }

  private static String utf8(String latin) {
    return new String(latin.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
  }
}
