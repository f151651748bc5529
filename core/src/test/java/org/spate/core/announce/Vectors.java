package org.spate.core.announce;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HexFormat;
import java.util.Objects;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The published answers of the corpus, by their ids. */
final class Vectors {
  private static final JsonNode ALL = read();

  private Vectors() {}

  static JsonNode of(String id) {
    for (var vector : ALL) {
      if (vector.get("id").stringValue().equals(id)) {
        return vector;
      }
    }
    throw new AssertionError("no vector " + id);
  }

  static byte[] hex(String id) {
    return HexFormat.of().parseHex(of(id).get("hex").stringValue());
  }

  private static JsonNode read() {
    try (var file =
        Objects.requireNonNull(Vectors.class.getResourceAsStream("/corpus/vectors.json"))) {
      return JsonMapper.shared().readTree(file).get("vectors");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
