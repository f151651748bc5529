package org.spate.app.lab;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.spate.app.console.Printable;

/**
 * A part of a scenario: its keys, asked for one by one. A key that nobody asks for is a mistake of
 * the author, and a message about a value names file and key.
 */
final class Section {
  private final String place; // "file: " or "file: classes[1]."
  private final Map<String, Object> values;
  private final Set<String> known = new LinkedHashSet<>();

  Section(String place, Map<String, Object> values) {
    this.place = place;
    this.values = values;
  }

  static Section of(ScenarioSource source) {
    return new Section(source.name() + ": ", source.values());
  }

  boolean has(String key) {
    known.add(key);
    return values.containsKey(key);
  }

  @Nullable String text(String key) {
    if (!has(key)) {
      return null;
    }
    if (values.get(key) instanceof String text && !text.isBlank()) {
      return text.strip();
    }
    throw problem(key, "needs one value");
  }

  /** The value as a parser reads it, or what holds when it is not given. */
  <T> T value(String key, Function<String, T> parser, T otherwise) {
    String text = text(key);
    return text == null ? otherwise : parsed(key, text, parser);
  }

  <T> T required(String key, Function<String, T> parser) {
    String text = text(key);
    if (text == null) {
      throw problem(key, "is missing");
    }
    return parsed(key, text, parser);
  }

  private <T> T parsed(String key, String text, Function<String, T> parser) {
    try {
      return parser.apply(text);
    } catch (IllegalArgumentException e) {
      throw problem(key, String.valueOf(e.getMessage()), e);
    }
  }

  /** The values of a list; none if the key is not given. */
  List<String> texts(String key) {
    var texts = new ArrayList<String>();
    for (var item : items(key)) {
      if (!(item instanceof String text)) {
        throw problem(key, "is a list of single values");
      }
      texts.add(text.strip());
    }
    return texts;
  }

  List<Section> sections(String key) {
    var sections = new ArrayList<Section>();
    for (var item : items(key)) {
      if (!(item instanceof Map<?, ?> map)) {
        throw problem(key, "is a list whose items are keys and values");
      }
      sections.add(new Section(place + key + "[" + sections.size() + "].", strings(map)));
    }
    return sections;
  }

  /** The keys and values below a key; empty if it is not given. */
  Map<String, Object> map(String key) {
    if (!has(key)) {
      return Map.of();
    }
    if (values.get(key) instanceof Map<?, ?> map) {
      return strings(map);
    }
    throw problem(key, "needs keys and values below it");
  }

  Section section(String key) {
    return new Section(place + key + ".", map(key));
  }

  private List<?> items(String key) {
    if (!has(key)) {
      return List.of();
    }
    if (values.get(key) instanceof List<?> list) {
      return list;
    }
    throw problem(key, "needs a list");
  }

  private static Map<String, Object> strings(Map<?, ?> map) {
    var strings = new LinkedHashMap<String, Object>();
    map.forEach((key, value) -> strings.put(String.valueOf(key), value));
    return strings;
  }

  /** To be called when everything was asked for. */
  void end() {
    for (String key : values.keySet()) {
      if (!known.contains(key)) {
        throw problem(key, "is not known here; known are: " + String.join(", ", known));
      }
    }
  }

  IllegalArgumentException problem(String key, String message) {
    return new IllegalArgumentException(place + Printable.of(key) + ": " + message);
  }

  private IllegalArgumentException problem(String key, String message, Throwable cause) {
    return new IllegalArgumentException(place + key + ": " + message, cause);
  }
}
