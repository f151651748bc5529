package org.spate.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spate.app.CommandLineFixture.spate;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every command has in common: help, errors, exit codes. */
class SpateTest {
  private static final PrintWriter NOWHERE = new PrintWriter(Writer.nullWriter());

  @Test
  void the_version_is_printed() {
    var run = spate("--version");
    assertThat(run.code()).isZero();
    assertThat(run.out()).startsWith("spate ");
  }

  @Test
  void help_names_every_command_and_every_command_has_help() {
    var help = spate("--help");
    assertThat(help.code()).isZero();
    for (String name : commands()) {
      assertThat(help.out()).contains(name);
      var own = spate(name, "--help");
      assertThat(own.code()).as(name).isZero();
      assertThat(own.out()).startsWith("Usage: spate " + name).contains("--quiet", "--verbose");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "shwo", "show", "show a b", "show --jason x", "show --json=maybe x"})
  void bad_usage_is_exit_code_2_with_one_hint_on_stderr(String arguments) {
    var run = spate(arguments.isEmpty() ? new String[0] : arguments.split(" ", -1));
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).startsWith("spate: ").contains("--help'.").doesNotContain("\tat ");
  }

  @Test
  void what_the_user_typed_cannot_steer_the_terminal() {
    assertThat(spate("\u001b[2J").err()).doesNotContain("\u001b");
    assertThat(spate("show", "\u001b[2J").err()).doesNotContain("\u001b");
  }

  @Test
  void the_completion_script_is_valid_and_knows_the_commands() throws Exception {
    var run = spate("completion");
    assertThat(run.code()).isZero();
    assertThat(run.out()).contains("complete -F", "bashcompinit").contains(commands());

    var bash = new ProcessBuilder("bash", "-n").redirectErrorStream(true).start();
    try (var in = bash.outputWriter()) {
      in.write(run.out());
    } catch (IOException e) {
      throw new AssertionError("bash did not read it all", e);
    }
    assertThat(bash.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(bash.inputReader().lines()).isEmpty();
    assertThat(bash.exitValue()).isZero();
  }

  private static List<String> commands() {
    return List.copyOf(Spate.commandLine(NOWHERE, NOWHERE).getSubcommands().keySet());
  }
}
