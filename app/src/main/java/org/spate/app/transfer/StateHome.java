package org.spate.app.transfer;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where resume data are kept: below the user's state folder (XDG Base Directory Specification), a
 * folder for each folder that torrents are in. So a torrent that is seeded from one folder and
 * fetched into another at the same time has two states, and one command that is repeated finds its
 * own.
 */
public record StateHome(Path folder) {
  private static final int KEY_BYTES = 10;
  private static final int NAME_LENGTH_MAX = 40;

  /** As the environment says. */
  public static StateHome of(Map<String, String> environment, String userHome) {
    // The specification wants a path that is not absolute to be ignored.
    String set = environment.getOrDefault("XDG_STATE_HOME", "");
    var state = set.startsWith("/") ? Path.of(set) : Path.of(userHome, ".local", "state");
    return new StateHome(state.resolve("spate"));
  }

  /**
   * The state folder for torrents in a folder, by its name, for people, and a hash of its path.
   *
   * @param downloadFolder need not be there
   */
  public Path stateOf(Path downloadFolder) {
    var real = real(downloadFolder.toAbsolutePath().normalize());
    return folder.resolve(readable(real.getFileName()) + "-" + key(real.toString()));
  }

  /** The same path whichever links lead there, as far as it is there. */
  private static Path real(Path path) {
    try {
      return path.toRealPath();
    } catch (IOException e) {
      var parent = path.getParent();
      return parent == null ? path : real(parent).resolve(path.getFileName());
    }
  }

  private static String readable(@Nullable Path name) {
    var letters = String.valueOf(name == null ? "root" : name).replaceAll("[^A-Za-z0-9._]", "_");
    return letters.substring(0, Math.min(NAME_LENGTH_MAX, letters.length()));
  }

  private static String key(String path) {
    try {
      var digest =
          MessageDigest.getInstance("SHA-256").digest(path.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, KEY_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every JDK has it
    }
  }
}
