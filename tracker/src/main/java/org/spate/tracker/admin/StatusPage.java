package org.spate.tracker.admin;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** The status page: three files of the program, by their paths. The numbers are asked by script. */
final class StatusPage {
  private final AdminReply page = file("status.html", "text/html; charset=utf-8");
  private final AdminReply style = file("status.css", "text/css; charset=utf-8");
  private final AdminReply script = file("status.js", "text/javascript; charset=utf-8");

  /** The file at a path, or null. */
  @Nullable AdminReply at(String path) {
    return switch (path) {
      case "/" -> page;
      case "/status.css" -> style;
      case "/status.js" -> script;
      default -> null;
    };
  }

  private static AdminReply file(String name, String contentType) {
    try (var in = StatusPage.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new AssertionError("the program lacks " + name);
      }
      return new AdminReply(200, contentType, in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
