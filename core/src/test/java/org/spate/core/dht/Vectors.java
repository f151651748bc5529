package org.spate.core.dht;

import java.util.HexFormat;
import org.spate.core.Corpus;
import tools.jackson.databind.JsonNode;

/** The published answers of the corpus, by their ids. */
final class Vectors {
  private Vectors() {}

  static JsonNode of(String id) {
    return Corpus.one("vectors.json", "vectors", id);
  }

  static byte[] hex(JsonNode vector, String field) {
    return HexFormat.of().parseHex(vector.get(field).asString());
  }
}
