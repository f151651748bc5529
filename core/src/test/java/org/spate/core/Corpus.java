package org.spate.core;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Test data that none of us wrote, with known answers: the project's own copy, and besides it the
 * whole collection where that lies next to the project (some of it may not be copied).
 */
public final class Corpus {
  private static final JsonMapper JSON = JsonMapper.shared();

  private Corpus() {}

  /** Every torrent by its file name, with the JSON that tells what is expected of it. */
  public static Map<String, Path> torrents() {
    var torrents = new LinkedHashMap<String, Path>();
    for (var root : roots()) {
      try (var files = Files.list(root.resolve("torrents"))) {
        files
            .filter(f -> f.toString().endsWith(".torrent"))
            .sorted()
            .forEach(f -> torrents.putIfAbsent(f.getFileName().toString(), f));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return torrents;
  }

  /** What is expected of a torrent. */
  public static JsonNode expected(Path torrent) {
    return JSON.readTree(
        read(torrent.resolveSibling("expected").resolve(torrent.getFileName() + ".json")));
  }

  /** The cases of a JSON file: the project's copy, then those that only the collection has. */
  public static List<JsonNode> cases(String file, String key) {
    var cases = new LinkedHashMap<String, JsonNode>();
    for (var root : roots()) {
      for (var node : JSON.readTree(read(root.resolve(file))).get(key)) {
        cases.putIfAbsent(node.get("id").asString(), node);
      }
    }
    return List.copyOf(cases.values());
  }

  /** One case of a JSON file. */
  public static JsonNode one(String file, String key, String id) {
    return cases(file, key).stream()
        .filter(c -> c.get("id").asString().equals(id))
        .findFirst()
        .orElseThrow();
  }

  public static Path payload() {
    return roots().getFirst().resolve("payload");
  }

  public static byte[] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Path> roots() {
    var roots = new ArrayList<Path>();
    roots.add(projectRoot().resolve("core/src/test/resources/corpus"));
    shared().ifPresent(roots::add);
    return roots;
  }

  private static Optional<Path> shared() {
    var shared = projectRoot().resolveSibling("shared").resolve("corpus");
    return Files.isDirectory(shared) ? Optional.of(shared) : Optional.empty();
  }

  private static Path projectRoot() {
    var folder = Path.of("").toAbsolutePath();
    while (!Files.exists(folder.resolve(".editorconfig"))) {
      folder = folder.getParent();
    }
    return folder;
  }
}
