package org.spate.tracker;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spate.core.tracker.Access;
import org.spate.core.tracker.InfoHashList;
import org.spate.core.tracker.Passes;
import org.spate.core.tracker.SigningKeys;
import org.spate.core.tracker.TrackerLogic;
import org.spate.core.tracker.UserList;

/**
 * What the files say that decide who is served: info-hashes, users, signing keys. While a file
 * cannot be read, what it said last stays in force.
 */
final class Lists {
  private static final Logger LOG = LoggerFactory.getLogger(Lists.class);
  private static final long PERIOD_MILLIS = 1_000;

  private final @Nullable WatchedFile<Access> accessFile;
  private final @Nullable WatchedFile<UserList> userFile;
  private final @Nullable WatchedFile<SigningKeys> keyFile;
  private Access access = Access.OPEN;
  private @Nullable UserList users;
  private @Nullable SigningKeys keys;
  private @Nullable Thread watch;

  private Lists(TrackerSettings settings) {
    accessFile = accessFile(settings);
    userFile = file(settings.rules().users(), path -> new WatchedFile<>(path, Lists::users));
    keyFile =
        file(settings.rules().signingKeys(), path -> new WatchedFile<>(path, SigningKeys::parse));
  }

  private interface Opening<T> {
    WatchedFile<T> open(Path path);
  }

  private static <T> @Nullable WatchedFile<T> file(@Nullable Path path, Opening<T> opening) {
    return path == null ? null : opening.open(path);
  }

  private static @Nullable WatchedFile<Access> accessFile(TrackerSettings settings) {
    var allow = settings.allow();
    return allow != null
        ? new WatchedFile<>(allow, text -> Access.allowing(infoHashes(text)))
        : file(
            settings.deny(),
            deny -> new WatchedFile<>(deny, text -> Access.denying(infoHashes(text))));
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
    var readAccess = accessFile == null ? null : accessFile.readIfChanged();
    access = readAccess == null ? access : readAccess;
    var readUsers = userFile == null ? null : userFile.readIfChanged();
    users = readUsers == null ? users : readUsers;
    var readKeys = keyFile == null ? null : keyFile.readIfChanged();
    keys = readKeys == null ? keys : readKeys;
    return readAccess != null || readUsers != null || readKeys != null;
  }

  /** Has them obeyed. */
  synchronized void apply(TrackerLogic logic) {
    logic.restrict(access);
    logic.admit(Passes.of(users, keys));
  }

  /** Looks every second whether something has changed, until {@link #forget}. */
  void watch(Runnable onChange, Consumer<IOException> onFailure) {
    if (accessFile != null || userFile != null || keyFile != null) {
      watch = Thread.ofVirtual().name("spate-tracker-lists").start(() -> run(onChange, onFailure));
    }
  }

  private void run(Runnable onChange, Consumer<IOException> onFailure) {
    try {
      while (true) {
        Thread.sleep(PERIOD_MILLIS);
        look(onChange, onFailure);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
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
      watch.interrupt();
    }
  }
}
