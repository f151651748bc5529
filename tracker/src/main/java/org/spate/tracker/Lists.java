package org.spate.tracker;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spate.core.tracker.Access;
import org.spate.core.tracker.InfoHashList;
import org.spate.core.tracker.Passes;
import org.spate.core.tracker.SigningKeys;
import org.spate.core.tracker.SiteTable;
import org.spate.core.tracker.TrackerLogic;
import org.spate.core.tracker.UserList;

/**
 * What the files say that decide who is served what: info-hashes, users, signing keys, sites. While
 * a file cannot be read, what it said last stays in force.
 */
final class Lists {
  private static final Logger LOG = LoggerFactory.getLogger(Lists.class);
  private static final Duration PERIOD = Duration.ofSeconds(1);

  private final @Nullable WatchedFile<InfoHashList> infoHashFile;
  private final @Nullable WatchedFile<UserList> userFile;
  private final @Nullable WatchedFile<SigningKeys> keyFile;
  private final @Nullable WatchedFile<SiteTable> siteFile;
  private final TrackerRules rules;
  private final boolean isAllowList;
  private @Nullable InfoHashList infoHashes;
  private @Nullable UserList users;
  private @Nullable SigningKeys keys;
  private @Nullable SiteTable sites;
  private @Nullable Periodic watch;

  private Lists(TrackerSettings settings) {
    isAllowList = settings.allow() != null;
    infoHashFile = file(isAllowList ? settings.allow() : settings.deny(), Lists::infoHashes);
    userFile = file(settings.rules().users(), Lists::users);
    keyFile = file(settings.rules().signingKeys(), SigningKeys::parse);
    siteFile = file(settings.rules().sites(), SiteTable::parse);
    rules = settings.rules();
  }

  private static <T> @Nullable WatchedFile<T> file(
      @Nullable Path path, Function<String, T> meaning) {
    return path == null ? null : new WatchedFile<>(path, meaning);
  }

  private static InfoHashList infoHashes(String text) {
    var list = InfoHashList.parse(text);
    LOG.info("{} info-hashes, {} lines not understood", list.size(), list.malformedLineCount());
    return list;
  }

  private static UserList users(String text) {
    var list = UserList.parse(text);
    LOG.info("{} users, {} lines not understood", list.size(), list.malformedLineCount());
    return list;
  }

  /**
   * Reads the files that the settings name.
   *
   * @throws TrackerException if one of them cannot be read
   */
  static Lists read(TrackerSettings settings) {
    var lists = new Lists(settings);
    try {
      lists.readAgain();
      return lists;
    } catch (IOException e) {
      throw new TrackerException(String.valueOf(e.getMessage()), e);
    }
  }

  /** Reads what has changed; whether anything has. */
  synchronized boolean readAgain() throws IOException {
    var readInfoHashes = infoHashFile == null ? null : infoHashFile.readIfChanged();
    infoHashes = readInfoHashes == null ? infoHashes : readInfoHashes;
    var readUsers = userFile == null ? null : userFile.readIfChanged();
    users = readUsers == null ? users : readUsers;
    var readKeys = keyFile == null ? null : keyFile.readIfChanged();
    keys = readKeys == null ? keys : readKeys;
    var readSites = siteFile == null ? null : siteFile.readIfChanged();
    sites = readSites == null ? sites : readSites;
    return readInfoHashes != null || readUsers != null || readKeys != null || readSites != null;
  }

  /** Which swarms are served. */
  synchronized Access access() {
    var list = infoHashes;
    if (list == null) {
      return Access.OPEN;
    }
    return isAllowList ? Access.allowing(list) : Access.denying(list);
  }

  /** Has them obeyed. */
  synchronized void apply(TrackerLogic logic) {
    logic.restrict(access());
    logic.admit(Passes.of(users, keys));
    logic.select(rules.selection(sites));
  }

  /** Whether the info-hashes are those that are served, and not those that are not. */
  boolean isAllowList() {
    return isAllowList;
  }

  /** The info-hashes, or null if there is no list of them. */
  synchronized @Nullable InfoHashList infoHashes() {
    return infoHashes;
  }

  /** The users, or null if there is no list of them. */
  synchronized @Nullable UserList users() {
    return users;
  }

  /** Looks every second whether something has changed, until {@link #forget}. */
  void watch(Runnable onChange, Consumer<IOException> onFailure) {
    if (infoHashFile != null || userFile != null || keyFile != null || siteFile != null) {
      watch = Periodic.start("spate-tracker-lists", PERIOD, () -> look(onChange, onFailure));
    }
  }

  private void look(Runnable onChange, Consumer<IOException> onFailure) {
    try {
      if (readAgain()) {
        onChange.run();
      }
    } catch (IOException e) {
      LOG.warn("{}", e.getMessage());
      onFailure.accept(e);
    }
  }

  /** Ends the watch. */
  void forget() {
    if (watch != null) {
      watch.stop();
    }
  }

  /** One change of a file. */
  private interface Change {
    void make(Path file) throws IOException;
  }

  /** Adds an info-hash to the list, or takes it off. */
  void list(String infoHash, boolean isListed) {
    change(
        infoHashFile,
        "start the tracker with --allow or --deny to have a list of torrents",
        file -> {
          if (isListed) {
            ListFile.add(file, infoHash);
          } else {
            ListFile.remove(file, word -> isLike(word, infoHash));
          }
        });
  }

  /** A v2 info-hash counts by its first forty digits. */
  private static boolean isLike(String word, String infoHash) {
    return word.length() >= infoHash.length()
        && word.regionMatches(true, 0, infoHash, 0, infoHash.length());
  }

  /** Gives a user this passkey and no other, or with null strikes it out. */
  void user(String name, @Nullable String passkey) {
    change(
        userFile,
        "start the tracker with --users to have a list of users",
        file -> {
          ListFile.remove(file, name::equals);
          if (passkey != null) {
            ListFile.add(file, name + " " + passkey);
          }
        });
  }

  private synchronized void change(@Nullable WatchedFile<?> file, String missing, Change change) {
    if (file == null) {
      throw new OperationException(OperationException.Kind.NOT_CONFIGURED, missing);
    }
    try {
      change.make(file.path());
      readAgain();
    } catch (IOException e) {
      throw new OperationException(
          OperationException.Kind.FAILED, "cannot change " + file.path() + ": " + e, e);
    }
  }
}
