package org.spate.app.console;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.function.Consumer;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** JSON objects, one a line, each flushed at once so that the reader of a pipe need not wait. */
public final class JsonLines {
  private static final JsonFactory FACTORY = new JsonFactory();

  private final PrintWriter out;

  public JsonLines(PrintWriter out) {
    this.out = out;
  }

  /** Writes one object; lines of several threads do not mix. */
  public void write(Consumer<JsonGenerator> fields) {
    var line = new StringWriter();
    try (var json = FACTORY.createGenerator(ObjectWriteContext.empty(), line)) {
      json.writeStartObject();
      fields.accept(json);
      json.writeEndObject();
    }
    out.println(line);
    out.flush();
  }
}
