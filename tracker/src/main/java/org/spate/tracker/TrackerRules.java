package org.spate.tracker;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Who is served by a tracker and how, all of which can change while it runs.
 *
 * @param users a file of users and their passkeys, read again when it changes, or null
 * @param signingKeys a file of the secrets that sign announce URLs, likewise; if there is either
 *     file, nobody else may announce
 */
public record TrackerRules(@Nullable Path users, @Nullable Path signingKeys) {
  /** Everybody may announce. */
  public static final TrackerRules OPEN = new TrackerRules(null, null);
}
