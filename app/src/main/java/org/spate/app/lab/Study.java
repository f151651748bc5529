package org.spate.app.lab;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.spate.sim.Scenario;

/**
 * What is to be run: one scenario, or several that differ in the keys that vary, each with as many
 * seeds as asked for.
 *
 * @param about what the author says it shows; may be empty
 * @param seed of the first run; the others follow it
 */
public record Study(String name, String about, List<Variant> variants, long seed, int runs) {
  /** Keys of a file that say how it is run, not what. */
  static final List<String> KEYS = List.of("about", "seed", "runs", "vary");

  /** More runs than this, over all variants, are refused. */
  static final int RUNS_MAX = 10_000;

  private static final long SEED_DEFAULT = 8;

  /**
   * One scenario of several.
   *
   * @param changes what tells it apart from the others; empty if it is the only one
   */
  public record Variant(Map<String, String> changes, Scenario scenario) {

    /** How results speak of it. */
    public String label() {
      return changes.isEmpty()
          ? scenario.name()
          : changes.entrySet().stream()
              .map(e -> e.getKey() + "=" + e.getValue())
              .collect(Collectors.joining(", "));
    }
  }

  public Study {
    variants = List.copyOf(variants);
    if ((long) variants.size() * runs > RUNS_MAX) {
      throw new IllegalArgumentException("more than " + RUNS_MAX + " runs");
    }
  }

  /** The values of a key that varies: parted by semicolons where there is one, else by commas. */
  public static List<String> values(String text) {
    return Values.list(text);
  }

  public int runCount() {
    return variants.size() * runs;
  }

  /**
   * Reads a scenario with some keys given otherwise and some varied; those varied here replace
   * those that vary in the file. Throws {@link IllegalArgumentException} with a message for people.
   */
  public static Study read(
      ScenarioSource source, Map<String, String> changes, Map<String, List<String>> vary) {
    var changed = source.with(changes);
    var root = Section.of(changed);
    var varied = vary.isEmpty() ? varyOf(root, changes) : vary;
    var variants = new ArrayList<Variant>();
    for (var combination : combinations(varied)) {
      variants.add(new Variant(combination, ScenarioReader.read(changed.with(combination))));
    }
    return new Study(
        root.required("name", text -> text),
        root.value("about", text -> text, ""),
        variants,
        root.value("seed", Values::seed, SEED_DEFAULT),
        root.value("runs", Values::positive, 1));
  }

  /** A key given on the command line does not vary any more. */
  private static Map<String, List<String>> varyOf(Section root, Map<String, String> changes) {
    var vary = new LinkedHashMap<String, List<String>>();
    var section = root.section("vary");
    for (String key : root.map("vary").keySet()) {
      var values = section.texts(key);
      if (values.isEmpty()) {
        throw section.problem(key, "needs at least one value");
      }
      if (!changes.containsKey(key)) {
        vary.put(key, values);
      }
    }
    return vary;
  }

  private static List<Map<String, String>> combinations(Map<String, List<String>> vary) {
    var combinations = new ArrayList<Map<String, String>>();
    combinations.add(Map.of());
    for (var entry : vary.entrySet()) {
      var longer = new ArrayList<Map<String, String>>();
      for (var combination : combinations) {
        for (String value : entry.getValue()) {
          var one = new LinkedHashMap<>(combination);
          one.put(entry.getKey(), value);
          longer.add(one);
        }
      }
      if (longer.size() > RUNS_MAX) {
        throw new IllegalArgumentException("more than " + RUNS_MAX + " runs");
      }
      combinations.clear();
      combinations.addAll(longer);
    }
    return combinations;
  }
}
