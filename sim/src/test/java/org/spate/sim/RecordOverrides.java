package org.spate.sim;

import java.util.Locale;
import java.util.Map;

/** Makes a copy of a record with some components given as text: a way to turn every knob. */
final class RecordOverrides {
  private RecordOverrides() {}

  static <R extends Record> R apply(R record, Map<String, String> overrides) {
    try {
      var components = record.getClass().getRecordComponents();
      var types = new Class<?>[components.length];
      var values = new Object[components.length];
      int found = 0;
      for (int i = 0; i < components.length; i++) {
        types[i] = components[i].getType();
        var text = overrides.get(components[i].getName());
        found += text == null ? 0 : 1;
        values[i] =
            text == null ? components[i].getAccessor().invoke(record) : parse(types[i], text);
      }
      if (found != overrides.size()) {
        throw new IllegalArgumentException(
            "not all of " + overrides.keySet() + " are in " + record);
      }
      @SuppressWarnings("unchecked") // the record's own canonical constructor
      var copy = (R) record.getClass().getDeclaredConstructor(types).newInstance(values);
      return copy;
    } catch (ReflectiveOperationException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static Object parse(Class<?> type, String text) {
    if (type == int.class) {
      return Integer.parseInt(text);
    }
    if (type == long.class) {
      return Long.parseLong(text);
    }
    if (type == double.class) {
      return Double.parseDouble(text);
    }
    if (type == boolean.class) {
      return Boolean.parseBoolean(text);
    }
    for (var constant : type.getEnumConstants()) {
      if (constant.toString().equals(text.toUpperCase(Locale.ROOT))) {
        return constant;
      }
    }
    throw new IllegalArgumentException(text + " is not a " + type.getSimpleName());
  }
}
