package org.spate.app;

import static org.spate.app.TrackerOptions.check;
import static org.spate.app.TrackerOptions.readable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.spate.app.console.ListenAddress;
import org.spate.tracker.admin.AdminSettings;
import picocli.CommandLine.Option;

/** How operators of a tracker are served. */
final class TrackerAdminOptions {
  @Option(
      names = "--admin",
      paramLabel = "[ADDR:]PORT",
      description =
          "Listen here for operators: a REST interface and a status page."
              + " Without an address, on this machine only.")
  private @Nullable String admin;

  @Option(
      names = "--admin-token",
      paramLabel = "FILE",
      description = "The secret that operators show, 32 characters or more in the first line.")
  private @Nullable Path adminToken;

  /** Where operators are listened to, or null. */
  @Nullable AdminSettings settings() {
    check((admin == null) == (adminToken == null), "--admin and --admin-token need each other");
    if (admin == null || adminToken == null) {
      return null;
    }
    try {
      var address = ListenAddress.parse(admin.contains(":") ? admin : "127.0.0.1:" + admin);
      return new AdminSettings(address.address(), firstLine(readable(adminToken)));
    } catch (IllegalArgumentException e) {
      throw new BadInputException("--admin: " + e.getMessage(), e);
    }
  }

  private static String firstLine(Path file) {
    try (var lines = Files.newBufferedReader(file)) {
      var line = lines.readLine();
      return line == null ? "" : line.strip();
    } catch (IOException e) {
      throw new BadInputException(file + ": cannot be read", e);
    }
  }
}
