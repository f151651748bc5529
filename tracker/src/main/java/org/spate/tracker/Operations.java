package org.spate.tracker;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.spate.core.Hash160;
import org.spate.core.announce.SwarmCounts;
import org.spate.core.tracker.Accounts.Balance;
import org.spate.core.tracker.Accounts.TorrentBalance;
import org.spate.core.tracker.Count;
import org.spate.core.tracker.Scrape;
import org.spate.core.tracker.SwarmPage;
import org.spate.core.tracker.TrackerStatistics;
import org.spate.core.tracker.UserList;
import org.spate.tracker.OperationException.Kind;

/**
 * What an operator may ask of a tracker while it runs. The calls wait for the tracker's threads and
 * for files, so they belong on a thread of the caller's own. What they change is written into the
 * files that the settings name, and so outlives the tracker.
 */
public final class Operations {
  /** The most that a page of a list has. */
  public static final int PAGE_SIZE_MAX = 1_000;

  private final Tracker tracker;
  private final List<Share> shares;
  private final Ledger ledger;
  private final LongSupplier clock;

  Operations(Tracker tracker, List<Share> shares, Ledger ledger, LongSupplier clock) {
    this.tracker = tracker;
    this.shares = shares;
    this.ledger = ledger;
    this.clock = clock;
  }

  /**
   * A page of a list.
   *
   * @param next what to ask for the next one by, or null if there is none
   */
  public record Page<T>(List<T> items, @Nullable String next) {}

  /** A swarm and its size. */
  public record Torrent(Hash160 infoHash, SwarmCounts counts, boolean isServed) {}

  /** A user and what it has been credited with. */
  public record User(String name, Balance balance) {}

  /** The numbers of this moment. */
  public TrackerStatistics statistics() {
    return tracker.statistics().join();
  }

  /** For how many torrents of users there are accounts; a shared store does not know. */
  public OptionalLong accountCount() {
    return ledger.count();
  }

  /** Counts one more. */
  public void count(Count count) {
    var first = shares.getFirst().loop();
    first.loop.execute(() -> first.logic.counters().add(count));
  }

  /**
   * The torrents of the allow list if there is one, else all that somebody announces.
   *
   * @param after what the last page said, or null for the first
   * @throws IllegalArgumentException if {@code after} is nothing that a page could say
   */
  public Page<Torrent> torrents(@Nullable String after, int countMax) {
    var lists = tracker.lists();
    var listed = lists.isAllowList() ? lists.infoHashes() : null;
    if (listed == null) {
      return swarms(after, countMax);
    }
    var hashes = listed.page(after == null ? null : Hash160.parse(after), countMax);
    var next = hashes.size() < countMax ? null : hashes.getLast().toString();
    return new Page<>(torrents(hashes), next);
  }

  private List<Torrent> torrents(Collection<Hash160> hashes) {
    var scrape = new Scrape(hashes.size());
    hashes.forEach(scrape::add);
    var known = scrape(scrape);
    var torrents = new ArrayList<Torrent>();
    for (int i = 0; i < known.size(); i++) {
      torrents.add(new Torrent(known.infoHash(i), known.counts(i), isServed(known.infoHash(i))));
    }
    return torrents;
  }

  private Scrape scrape(Scrape scrape) {
    var result = new CompletableFuture<Scrape>();
    var first = shares.getFirst().loop();
    first.loop.execute(
        () -> {
          var later = first.logic.scrape(scrape, clock.getAsLong());
          if (later == null) {
            result.complete(scrape);
          } else {
            later.whenKnown(result::complete);
          }
        });
    return result.join();
  }

  /** The place of the next page is a loop and a place in its store. */
  private Page<Torrent> swarms(@Nullable String after, int countMax) {
    if (tracker.hasSharedStore()) {
      throw new OperationException(
          Kind.NOT_CONFIGURED, "the swarms of a shared store cannot be listed, but one by one");
    }
    var place = after == null ? new String[] {"0", "0"} : after.split("-", -1);
    if (place.length != 2) {
      throw new IllegalArgumentException("not a page: " + after);
    }
    int at = Integer.parseUnsignedInt(place[0]);
    int from = Integer.parseUnsignedInt(place[1]);
    if (at >= shares.size() || from < 0) {
      return new Page<>(List.of(), null);
    }
    var share = shares.get(at);
    var page = share.ask(() -> SwarmPage.of(share.peers(), from, countMax));
    var torrents = new ArrayList<Torrent>();
    for (int i = 0; i < page.swarms().size(); i++) {
      var infoHash = page.swarms().infoHash(i);
      torrents.add(new Torrent(infoHash, page.swarms().counts(i), isServed(infoHash)));
    }
    if (page.next() != SwarmPage.END) {
      return new Page<>(torrents, at + "-" + page.next());
    }
    return new Page<>(torrents, at + 1 < shares.size() ? (at + 1) + "-0" : null);
  }

  private boolean isServed(Hash160 infoHash) {
    var listed = tracker.lists().infoHashes();
    return listed == null || listed.contains(infoHash) == tracker.lists().isAllowList();
  }

  /** One torrent, whether or not somebody announces it. */
  public Torrent torrent(Hash160 infoHash) {
    return torrents(List.of(infoHash)).getFirst();
  }

  /** Serves a torrent from now on, or refuses it; false if that was so before. */
  public boolean serve(Hash160 infoHash, boolean isServed) {
    var lists = tracker.lists();
    if (lists.infoHashes() != null && isServed(infoHash) == isServed) {
      return false;
    }
    lists.list(infoHash.toString(), isServed == lists.isAllowList());
    tracker.apply(lists);
    return true;
  }

  /** The users in the order of their names, from the one after {@code after} on. */
  public Page<User> users(@Nullable String after, int countMax) {
    var names =
        userList().passkeyCounts().tailMap(after == null ? "" : after, false).keySet().stream()
            .limit(countMax)
            .toList();
    var users = names.stream().map(name -> new User(name, ledger.balance(name))).toList();
    return new Page<>(users, names.size() < countMax ? null : names.getLast());
  }

  private UserList userList() {
    var users = tracker.lists().users();
    if (users == null) {
      throw new OperationException(
          Kind.NOT_CONFIGURED, "start the tracker with --users to have a list of users");
    }
    return users;
  }

  /** One user, or nothing if nobody is called so. */
  public Optional<User> user(String name) {
    return userList().passkeyCounts().containsKey(name)
        ? Optional.of(new User(name, ledger.balance(name)))
        : Optional.empty();
  }

  /** What a user has moved of each torrent, of so many at most. */
  public List<TorrentBalance> torrentsOf(String name, int countMax) {
    return ledger.torrents(name, countMax);
  }

  /**
   * Gives a user this passkey and no other; false if the user was there before.
   *
   * @throws IllegalArgumentException if the name or the passkey is none
   */
  public boolean putUser(String name, String passkey) {
    if (!UserList.isName(name)) {
      throw new IllegalArgumentException(
          "a user's name has 1 to 32 letters, digits, '_' and '-', not '" + name + "'");
    }
    if (!UserList.isPasskey(passkey)) {
      throw new IllegalArgumentException("a passkey has 16 to 64 letters, digits, '_' and '-'");
    }
    boolean isNew = !userList().passkeyCounts().containsKey(name);
    tracker.lists().user(name, passkey);
    tracker.apply(tracker.lists());
    return isNew;
  }

  /** Strikes a user out, with its accounts; false if nobody is called so. */
  public boolean removeUser(String name) {
    if (!userList().passkeyCounts().containsKey(name)) {
      return false;
    }
    tracker.lists().user(name, null);
    tracker.apply(tracker.lists());
    ledger.forget(name);
    return true;
  }
}
