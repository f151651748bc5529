package org.spate.core.tracker;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.spate.core.Hash160;

/**
 * The accounts in memory. A client tells counters that grow from its start on, so what it has moved
 * since its last announce is by how much they have grown: of each {@link Run} of a client the book
 * keeps where its counters stood. The first word of a run earns nothing.
 */
public final class AccountBook implements Accounts {
  /** A user who invents info-hashes fills no more than this. */
  public static final int TORRENTS_PER_USER_MAX = 10_000;

  /**
   * Clients of one user in one swarm; of more, the one that was silent for longest is forgotten.
   */
  public static final int RUNS_MAX = 8;

  private final long rateMax;
  private final int torrentCountMax;
  private final Map<String, Account> accounts = new HashMap<>();
  private int torrentCount;

  /**
   * @param rateMax bytes a second that one client may plausibly send, or receive
   * @param torrentCountMax for how many torrents of all users there is room
   */
  public AccountBook(long rateMax, int torrentCountMax) {
    this.rateMax = rateMax;
    this.torrentCountMax = torrentCountMax;
  }

  /** One user. */
  private static final class Account {
    final Map<Hash160, Entry> entries = new LinkedHashMap<>();
    long uploaded;
    long downloaded;
  }

  /** One user in one swarm. */
  private static final class Entry {
    long uploaded;
    long downloaded;
    final List<Run> runs = new ArrayList<>(1);

    @Nullable Run runOf(int fingerprint) {
      for (var run : runs) {
        if (run.fingerprint == fingerprint) {
          return run;
        }
      }
      return null;
    }

    /**
     * At the bound the one that was silent for longest makes room: the first, by {@link #touch}.
     */
    void add(Run run) {
      if (runs.size() == RUNS_MAX) {
        runs.removeFirst();
      }
      runs.add(run);
    }

    void touch(Run run) {
      if (runs.getLast() != run) {
        runs.remove(run);
        runs.add(run);
      }
    }
  }

  @Override
  public Booking report(Announcement announcement, long nowNanos) {
    if (announcement.user.isEmpty()) {
      return Booking.NONE;
    }
    var account = accounts.get(announcement.user);
    var entry = account == null ? null : account.entries.get(announcement.infoHash());
    if (account == null || entry == null) {
      account = room(announcement.user);
      if (account == null) {
        return Booking.NO_ROOM;
      }
      entry = open(account, announcement.infoHash());
    }
    var run = entry.runOf(announcement.fingerprint());
    if (run == null) {
      entry.add(
          new Run(
              announcement.fingerprint(),
              announcement.uploaded,
              announcement.downloaded,
              nowNanos));
      return Booking.BOOKED;
    }
    entry.touch(run);
    var growth = run.advance(announcement.uploaded, announcement.downloaded, rateMax, nowNanos);
    credit(account, entry, growth.uploaded(), growth.downloaded());
    return growth.isCut() ? Booking.CUT : Booking.BOOKED;
  }

  private @Nullable Account room(String user) {
    var account = accounts.get(user);
    boolean isFull =
        torrentCount >= torrentCountMax
            || (account != null && account.entries.size() >= TORRENTS_PER_USER_MAX);
    return isFull ? null : accounts.computeIfAbsent(user, _ -> new Account());
  }

  private Entry open(Account account, Hash160 infoHash) {
    var entry = new Entry();
    account.entries.put(infoHash, entry);
    torrentCount++;
    return entry;
  }

  private static void credit(Account account, Entry entry, long uploaded, long downloaded) {
    entry.uploaded = saturated(entry.uploaded, uploaded);
    entry.downloaded = saturated(entry.downloaded, downloaded);
    account.uploaded = saturated(account.uploaded, uploaded);
    account.downloaded = saturated(account.downloaded, downloaded);
  }

  private static long saturated(long sum, long more) {
    return sum + more < 0 ? Long.MAX_VALUE : sum + more;
  }

  /** All that a user has been credited with; zeros if nothing is known of it. */
  public Balance balance(String user) {
    var account = accounts.get(user);
    return account == null
        ? Balance.ZERO
        : new Balance(account.uploaded, account.downloaded, account.entries.size());
  }

  /** The same for each torrent, for so many of them at most. */
  public List<TorrentBalance> torrents(String user, int countMax) {
    return lines(user).stream()
        .limit(countMax)
        .map(line -> new TorrentBalance(line.infoHash, line.uploaded, line.downloaded))
        .toList();
  }

  /** Strikes a user out. */
  public void forget(String user) {
    var account = accounts.remove(user);
    torrentCount -= account == null ? 0 : account.entries.size();
  }

  /** For how many torrents of all users something is kept. */
  public int torrentCount() {
    return torrentCount;
  }

  /** The users there are now. */
  List<String> users() {
    return new ArrayList<>(accounts.keySet());
  }

  /** What a text of accounts has of one user in one swarm. */
  record Line(String user, Hash160 infoHash, long uploaded, long downloaded, List<Run> runs) {}

  /** The lines of a user, none if it has been forgotten. */
  List<Line> lines(String user) {
    var account = accounts.get(user);
    var lines = new ArrayList<Line>();
    if (account != null) {
      account.entries.forEach(
          (infoHash, entry) ->
              lines.add(new Line(user, infoHash, entry.uploaded, entry.downloaded, entry.runs)));
    }
    return lines;
  }

  /** Takes a line as it is, if there is room and nothing is known of the user there yet. */
  boolean restore(Line line) {
    var account = room(line.user);
    if (account == null || account.entries.containsKey(line.infoHash)) {
      return false;
    }
    var entry = open(account, line.infoHash);
    line.runs.forEach(entry::add);
    credit(account, entry, line.uploaded, line.downloaded);
    return true;
  }
}
