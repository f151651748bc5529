package org.spate.core.tracker;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.spate.core.Hash256;

/**
 * Users and their passkeys out of a text: a name, a space and a passkey in each line. What follows
 * the next space, or a {@code #} at the start of a line, is a comment. A user may have several
 * passkeys.
 */
public final class UserList {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,32}");
  private static final Pattern PASSKEY = Pattern.compile("[A-Za-z0-9_-]{16,64}");

  /** By digest, so that the time of a look-up tells nothing about how much of a guess is right. */
  private final Map<Hash256, String> names = new HashMap<>();

  private final NavigableMap<String, Integer> passkeyCounts = new TreeMap<>();
  private int malformedLineCount;

  private UserList() {}

  /** Reads a whole list; lines that name no user are skipped and counted. */
  public static UserList parse(String text) {
    var list = new UserList();
    text.lines().forEach(list::addLine);
    return list;
  }

  private void addLine(String line) {
    if (line.isBlank() || line.startsWith("#")) {
      return;
    }
    var words = line.strip().split("\\s+", 3);
    if (words.length < 2 || !isName(words[0]) || !isPasskey(words[1])) {
      malformedLineCount++;
      return;
    }
    names.put(digest(words[1]), words[0]);
    passkeyCounts.merge(words[0], 1, Integer::sum);
  }

  /** Whether a user can be called so: 1 to 32 letters, digits, {@code _} and {@code -}. */
  public static boolean isName(String text) {
    return NAME.matcher(text).matches();
  }

  /** Whether it can be a passkey: 16 to 64 of the same. */
  public static boolean isPasskey(String text) {
    return PASSKEY.matcher(text).matches();
  }

  private static Hash256 digest(String passkey) {
    var bytes = passkey.getBytes(StandardCharsets.UTF_8);
    return Hash256.sha256(bytes, 0, bytes.length);
  }

  /** Whose passkey it is, or null. */
  @Nullable String nameOf(String passkey) {
    return isPasskey(passkey) ? names.get(digest(passkey)) : null;
  }

  /** The users in the order of their names, and how many passkeys each has. */
  public NavigableMap<String, Integer> passkeyCounts() {
    return passkeyCounts;
  }

  public int size() {
    return passkeyCounts.size();
  }

  public int malformedLineCount() {
    return malformedLineCount;
  }
}
