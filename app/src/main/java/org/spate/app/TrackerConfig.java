package org.spate.app;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.toml.TomlMapper;

/**
 * A configuration file of the tracker, in TOML: its keys are the long options without the dashes,
 * an option that may be repeated is an array, a switch is a boolean. Options that begin with the
 * same word may stand in a table of that name, without it. What is wrong in it is said in the same
 * words as on the command line.
 */
final class TrackerConfig {
  private static final long BYTES_MAX = 1 << 20;

  private TrackerConfig() {}

  /** The options of a file. */
  static TrackerOptions read(Path file) {
    var options = new TrackerOptions();
    try {
      if (Files.size(file) > BYTES_MAX) {
        throw new BadInputException(file + ": larger than " + BYTES_MAX + " bytes");
      }
      var root = new TomlMapper().readTree(Files.readString(file));
      var arguments = arguments(root).toArray(new String[0]);
      Spate.withConverters(new CommandLine(options)).parseArgs(arguments);
      return options;
    } catch (IOException e) {
      var problem =
          e instanceof FileSystemException ? Problems.describe(e) : file + ": cannot be read";
      throw new BadInputException(problem, e);
    } catch (JacksonException e) {
      throw new BadInputException(file + ": " + e.getOriginalMessage(), e);
    } catch (ParameterException | IllegalArgumentException e) {
      throw new BadInputException(file + ": " + e.getMessage(), e);
    }
  }

  private static List<String> arguments(JsonNode root) {
    var arguments = new ArrayList<String>();
    for (var entry : root.properties()) {
      var value = entry.getValue();
      if (value.isObject()) {
        value
            .properties()
            .forEach(
                inner ->
                    addAll(arguments, entry.getKey() + "-" + inner.getKey(), inner.getValue()));
      } else {
        addAll(arguments, entry.getKey(), value);
      }
    }
    return arguments;
  }

  private static void addAll(List<String> arguments, String key, JsonNode value) {
    if (value.isArray()) {
      value.forEach(each -> add(arguments, key, each));
    } else {
      add(arguments, key, value);
    }
  }

  private static void add(List<String> arguments, String key, JsonNode value) {
    if (value.isContainer()) {
      throw new IllegalArgumentException("'" + key + "' is neither a value nor a list of values");
    }
    // An argument of its own with a sign of equality: a value never becomes an option.
    arguments.add("--" + key + "=" + value.asString());
  }
}
