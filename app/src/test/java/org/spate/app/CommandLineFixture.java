package org.spate.app;

import java.io.PrintWriter;
import java.io.StringWriter;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * One run of the program inside the test.
 *
 * @param code the exit code
 */
public record CommandLineFixture(int code, String out, String err) {

  public static CommandLineFixture spate(String... arguments) {
    var out = new StringWriter();
    var err = new StringWriter();
    var line = Spate.commandLine(new PrintWriter(out), new PrintWriter(err));
    int code = Spate.run(line, arguments);
    return new CommandLineFixture(code, out.toString(), err.toString());
  }

  /** What it printed, as one JSON object in one line. */
  public JsonNode json() {
    if (out.lines().count() != 1) {
      throw new AssertionError("not one line of JSON: " + out);
    }
    return JsonMapper.shared().readTree(out);
  }
}
