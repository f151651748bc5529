package org.spate.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The sources keep the rules of the house; and each rule can fail. */
class TidyTest {
  private final TidyRules project = new TidyRules(SourceTree.here());

  @TempDir private Path folder;

  @Test
  void files_are_short() throws IOException {
    assertThat(project.tooLong()).isEmpty();

    write("core/Long.java", "line\n".repeat(TidyRules.LINES_MAX + 1));
    write("core/Short.java", "line\n".repeat(TidyRules.LINES_MAX));
    assertThat(fixture().tooLong()).singleElement().asString().contains("Long.java");
  }

  @Test
  void names_say_something() {
    assertThat(project.bannedNames()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"PeerManager", "HashHelper", "Utils", "SwarmImpl", "BaseLink"})
  void a_name_that_says_nothing_is_caught(String name) throws IOException {
    write("core/" + name + ".java", "class X {}\n");
    write("core/Baseline.java", "class Baseline {}\n");
    assertThat(fixture().bannedNames()).singleElement().asString().contains(name);
  }

  @Test
  void pieces_and_blocks_have_no_third_name() throws IOException {
    assertThat(project.bannedWords()).isEmpty();

    write("core/src/main/java/A.java", "int chunkCount;\n");
    write("core/src/main/java/B.java", "var encoding = \"chunked\";\n");
    assertThat(fixture().bannedWords()).singleElement().asString().contains("A.java:1");
  }

  @Test
  void nothing_is_left_for_later() throws IOException {
    assertThat(project.unfinished()).isEmpty();

    write("core/A.java", "\n// TODO finish\n");
    assertThat(fixture().unfinished()).singleElement().asString().contains("A.java:2");
  }

  @ParameterizedTest
  @ValueSource(strings = {"cd /wo" + "rk/x", "https://repo.ma" + "ven.org", "ls /ro" + "ot/.m2"})
  void names_of_one_machine_are_caught(String text) throws IOException {
    write("README.md", "See core/wo" + "rk/x and workspace/.\n");
    write("check", text + "\n");
    assertThat(fixture().localNames()).singleElement().asString().startsWith("check:1");
  }

  @Test
  void nothing_names_one_machine() {
    assertThat(project.localNames()).isEmpty();
  }

  @Test
  void every_package_is_null_marked() throws IOException {
    assertThat(project.unmarkedPackages()).isEmpty();

    write("core/src/main/java/module-info.java", "module a {}\n");
    write("core/src/main/java/a/A.java", "package a;\n");
    write("core/src/main/java/b/package-info.java", "package b;\n");
    write("core/src/main/java/c/package-info.java", "@NullMarked\npackage c;\n");
    assertThat(fixture().unmarkedPackages())
        .hasSize(2)
        .anyMatch(line -> line.contains("java/a/package-info.java"))
        .anyMatch(line -> line.contains("java/b/package-info.java"));
  }

  private TidyRules fixture() {
    return new TidyRules(SourceTree.at(folder));
  }

  private void write(String name, String text) throws IOException {
    var file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}
