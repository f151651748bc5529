package org.spate.app.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.schema.FailsafeSchema;
import org.spate.app.console.Printable;

/**
 * The text of a scenario, as keys and values: a file of one's own, or one that comes with the
 * program. Every value stays the text that was typed, as if it had come from the command line.
 */
public record ScenarioSource(String name, Map<String, Object> values) {
  /** Those that come with the program, by name. */
  public static final List<String> SHIPPED =
      List.of(
          "flash-crowd",
          "three-classes",
          "self-scaling",
          "free-riders",
          "poisoners",
          "tracker-outage",
          "seed-leaves",
          "two-islands",
          "thousand-of-1GiB",
          "hundred-thousand");

  private static final int BYTES_MAX = 1 << 20;

  /**
   * Finds a scenario by its file or name. Throws {@link IllegalArgumentException} with a message
   * for people.
   */
  public static ScenarioSource load(String source) {
    if (SHIPPED.contains(source)) {
      return new ScenarioSource(source, parse(source, shipped(source)));
    }
    var file = Path.of(source);
    if (!Files.isRegularFile(file)) {
      throw new IllegalArgumentException(
          Printable.of(source) + ": neither a file nor one of: " + String.join(", ", SHIPPED));
    }
    try (var in = Files.newInputStream(file)) {
      var bytes = in.readNBytes(BYTES_MAX + 1);
      if (bytes.length > BYTES_MAX) {
        throw new IllegalArgumentException(source + ": longer than a scenario may be (1 MiB)");
      }
      return new ScenarioSource(source, parse(source, new String(bytes, StandardCharsets.UTF_8)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String shipped(String name) {
    try (var in = ScenarioSource.class.getResourceAsStream("/scenarios/" + name + ".yaml")) {
      if (in == null) {
        throw new IllegalStateException("the program was built without its scenario " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Map<String, Object> parse(String name, String text) {
    var settings = LoadSettings.builder().setLabel(name).setSchema(new FailsafeSchema()).build();
    try {
      if (new Load(settings).loadFromString(text) instanceof Map<?, ?> map) {
        var values = new LinkedHashMap<String, Object>();
        map.forEach((key, value) -> values.put(String.valueOf(key), value));
        return values;
      }
    } catch (YamlEngineException e) {
      throw new IllegalArgumentException(name + ": not YAML: " + e.getMessage(), e);
    }
    throw new IllegalArgumentException(
        name + ": a scenario is keys and values, like 'size: 32MiB'");
  }

  /** The same scenario with some keys given otherwise. */
  public ScenarioSource with(Map<String, String> changes) {
    var changed = new LinkedHashMap<>(values);
    changed.putAll(changes);
    return new ScenarioSource(name, changed);
  }
}
