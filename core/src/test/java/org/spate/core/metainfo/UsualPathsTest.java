package org.spate.core.metainfo;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.spate.core.Corpus;
import tools.jackson.databind.JsonNode;

/** Where files of other clients are looked for. */
class UsualPathsTest {
  private static List<FileEntry> files(String name, List<List<String>> paths) {
    var info = Torrents.info(paths);
    info.put("name", name);
    return MetainfoParser.parse(Torrents.torrent(info)).files().files();
  }

  @Test
  void aNameThatOnlyWindowsRefusesIsLookedForAsItIs() {
    var files = files("Music: the best", List.of(List.of("a?", "b. "), List.of("plain")));
    assertThat(files.get(0).path()).containsExactly("Music_ the best", "a_", "b");
    assertThat(files.get(0).usualPath()).containsExactly("Music: the best", "a?", "b. ");
    assertThat(files.get(1).usualPath()).containsExactly("Music: the best", "plain");
  }

  @Test
  void aNameThatIsTheSameEverywhereHasNoOther() {
    assertThat(files("t", List.of(List.of("a", "b.txt"))).getFirst().usualPath()).isNull();
  }

  @Test
  void aFileThatOtherwiseCouldBeAnotherIsNotLookedForThere() {
    var files =
        files("t", List.of(List.of("bar.txt"), List.of("BAR.txt"), List.of("a:b"), List.of("A:B")));
    assertThat(files).extracting(FileEntry::usualPath).containsOnlyNulls();
  }

  @ParameterizedTest
  @CsvSource({
    "a:b, a:b",
    "'name. ', 'name. '",
    "NUL.txt, NUL.txt",
    "'Icon\r', Icon_",
    "/etc/passwd, etcpasswd",
    "'..\\..\\x', ....x",
    "., _",
    ".., _",
    "'', _",
    "a\u202Eb, ab",
  })
  void onlyWhatIsDangerousAnywhereIsChanged(String raw, String expected) {
    assertThat(SafePaths.usualElement(raw.equals("a\u202Eb") ? "a\u00E2\u0080\u00AEb" : raw))
        .isEqualTo(expected);
  }

  /** The rule of these cases holds for usual paths, too. */
  @TestFactory
  Stream<DynamicTest> noneOfTheCorpusLeavesTheFolder() {
    return Corpus.cases("paths.json", "cases").stream()
        .filter(c -> c.has("elements_hex"))
        .map(c -> DynamicTest.dynamicTest(c.get("id").asString(), () -> checkInside(c)));
  }

  private static void checkInside(JsonNode node) {
    for (var hex : node.get("elements_hex")) {
      var raw = new StringBuilder();
      for (byte b : HexFormat.of().parseHex(hex.asString())) {
        raw.append((char) (b & 0xFF));
      }
      var usual = SafePaths.usualElement(raw.toString());
      assertThat(usual).isNotIn("", ".", "..").doesNotContain("/", "\\");
      assertThat(usual.codePoints().anyMatch(Character::isISOControl)).isFalse();
      assertThat(usual.getBytes(StandardCharsets.UTF_8).length)
          .isLessThanOrEqualTo(SafePaths.ELEMENT_BYTES_MAX);
    }
  }
}
