package org.spate.app.lab;

import java.util.List;
import org.spate.sim.RunResult;
import tools.jackson.core.JsonGenerator;

/** One run as a JSON object; nothing in it depends on the machine or the time of day. */
public record RunJson(Study.Variant variant, RunResult run) {

  public void write(JsonGenerator json) {
    run.figures()
        .forEach(
            (key, value) -> {
              json.writeName(key);
              value(value, json);
            });
    json.writeObjectPropertyStart("vary");
    variant.changes().forEach(json::writeStringProperty);
    json.writeEndObject();
  }

  private static void value(Object value, JsonGenerator json) {
    switch (value) {
      case String text -> json.writeString(text);
      case Boolean flag -> json.writeBoolean(flag);
      case Integer number -> json.writeNumber(number);
      case Long number -> json.writeNumber(number);
      case Double number -> json.writeNumber(number);
      case List<?> list -> {
        json.writeStartArray();
        list.forEach(item -> value(item, json));
        json.writeEndArray();
      }
      default -> throw new IllegalArgumentException("no figure: " + value);
    }
  }
}
