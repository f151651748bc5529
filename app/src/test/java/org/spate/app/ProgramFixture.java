package org.spate.app;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The program as a process of its own, for what only a process shows: signals and exit codes. */
final class ProgramFixture implements AutoCloseable {
  private static final long TIMEOUT_SECONDS = 60;

  private final Process process;
  private final BufferedReader out;

  private ProgramFixture(Process process) {
    this.process = process;
    this.out = process.inputReader();
  }

  /** Starts it; what it prints on stderr goes to the stderr of the test. */
  static ProgramFixture start(String... arguments) {
    return start(null, arguments);
  }

  /**
   * @param state where its state goes, or null for where the user's is
   */
  static ProgramFixture start(@Nullable Path state, String... arguments) {
    return start(state, List.of(), arguments);
  }

  /** The same by another program, which is given the command to run. */
  static ProgramFixture startBy(List<String> other, String... arguments) {
    return start(null, other, arguments);
  }

  private static ProgramFixture start(
      @Nullable Path state, List<String> prefix, String... arguments) {
    var command = new ArrayList<String>(prefix);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("--enable-native-access=ALL-UNNAMED"));
    command.addAll(List.of("--sun-misc-unsafe-memory-access=allow"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add("org.spate.app.Spate");
    command.addAll(List.of(arguments));
    try {
      var builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
      if (state != null) {
        builder.environment().put("XDG_STATE_HOME", state.toString());
      }
      return new ProgramFixture(builder.start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The next line it prints; waits for it. */
  String line() {
    try {
      String line = out.readLine();
      if (line == null) {
        throw new AssertionError("the program ended");
      }
      return line;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Types a line. */
  void type(String line) throws IOException {
    var in = process.outputWriter();
    in.write(line + System.lineSeparator());
    in.flush();
  }

  /**
   * As a service manager does; returns the exit code. Not by SIGINT, which a shell's background
   * jobs ignore, and the programs that they start.
   */
  int terminate() throws Exception {
    process.destroy();
    return exitCode();
  }

  /** Sends a signal by its name, and returns when it is sent. */
  void signal(String name) throws Exception {
    new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid())).start().waitFor();
  }

  int exitCode() throws InterruptedException {
    if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
      throw new AssertionError("the program did not end");
    }
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
