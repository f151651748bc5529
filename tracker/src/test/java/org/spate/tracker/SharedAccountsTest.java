package org.spate.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.MultiThreadIoEventLoopGroup;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.spate.core.Endpoint;
import org.spate.core.Hash160;
import org.spate.core.PeerId;
import org.spate.core.announce.AnnounceEvent;
import org.spate.core.announce.AnnounceRequest;
import org.spate.core.announce.HttpTarget;
import org.spate.core.announce.TrackerUrl;
import org.spate.core.tracker.AccountBook;
import org.spate.core.tracker.Accounts.Balance;
import org.spate.core.tracker.Accounts.Booking;
import org.spate.core.tracker.Accounts.TorrentBalance;
import org.spate.core.tracker.Announcement;
import org.spate.core.tracker.Families;
import org.spate.core.tracker.TrackerPolicy;
import org.spate.tracker.redis.RedisAddress;
import org.spate.tracker.redis.RedisStores;

/** What users have moved, kept in the store that nodes share. */
@Timeout(60)
class SharedAccountsTest {
  private static final String PASSKEY = "0123456789abcdef";

  @TempDir private Path folder;

  private static AnnounceRequest request(Hash160 swarm, int id, long uploaded, long downloaded) {
    return new AnnounceRequest(
        swarm,
        new PeerId(new Hash160(id, 0, 0)),
        1000 + id,
        uploaded,
        downloaded,
        1,
        AnnounceEvent.NONE,
        0,
        0);
  }

  @Test
  void an_announce_is_booked_whichever_node_it_comes_to_and_outlives_all_of_them()
      throws Exception {
    var users = Files.writeString(folder.resolve("users"), "alice " + PASSKEY + "\n");
    try (var redis = RedisNode.start(folder)) {
      var settings =
          Clients.settings()
              .withStore(RedisAddress.parse(redis.url()))
              .withRules(TrackerRules.OPEN.withPasses(users, null));
      try (var one = Tracker.start(settings);
          var other = Tracker.start(settings.withThreadCount(2))) {
        announce(one, 0, 0);
        announce(other, 1_000, 10);
        announce(one, 1_500, 30);
        var balance = new Balance(1_500, 30, 1);
        for (var node : List.of(one, other)) {
          Await.until("the account", () -> balance(node).equals(balance));
        }
        assertThat(one.operations().torrentsOf("alice", 9))
            .containsExactly(new TorrentBalance(Clients.SWARM, 1_500, 30));
      }
      try (var again = Tracker.start(settings)) {
        announce(again, 1_501, 31);
        Await.until("it goes on", () -> balance(again).equals(new Balance(1_501, 31, 1)));
        assertThat(again.operations().removeUser("alice")).isTrue();
        assertThat(redis.ask("EXISTS spate:{user:alice}")).isEqualTo(":0\r\n");
      }
    }
  }

  private static void announce(Tracker tracker, long uploaded, long downloaded) {
    var http = tracker.httpAddresses().getFirst();
    var url = TrackerUrl.parse("http://t.example/" + PASSKEY + "/announce");
    var target = HttpTarget.announce(url, request(Clients.SWARM, 1, uploaded, downloaded));
    assertThat(new String(Clients.get(http, target).body(), StandardCharsets.ISO_8859_1))
        .contains("8:interval");
  }

  private static Balance balance(Tracker tracker) {
    return tracker.operations().user("alice").orElseThrow().balance();
  }

  /** Both are told the same at random, with clients that start anew, cheat, and are too many. */
  @Test
  void it_credits_what_the_book_in_memory_credits() {
    var group = new MultiThreadIoEventLoopGroup(1, Transport.best().handlers());
    var clock = new AtomicLong();
    try (var redis = RedisNode.start(folder);
        var stores =
            new RedisStores(
                RedisAddress.parse(redis.url()),
                TrackerPolicy.DEFAULT,
                List.of(group.next()),
                clock::get)) {
      assertThat(stores.awaitReady(Duration.ofSeconds(10))).isTrue();
      for (long seed = 1; seed <= 4; seed++) {
        redis.ask("FLUSHALL");
        compare(stores, group, clock, seed);
      }
    } finally {
      group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }
  }

  private static void compare(
      RedisStores stores, MultiThreadIoEventLoopGroup group, AtomicLong clock, long seed) {
    var dice = new SplittableRandom(seed);
    var book = new AccountBook(1_000, 1_000_000);
    var booked = new ArrayList<Booking>();
    var shared = stores.accounts(0, 1_000, booked::add);
    var expected = new ArrayList<Booking>();
    var counters = new long[3 * 2 * 12];
    for (int step = 0; step < 600; step++) {
      clock.addAndGet(dice.nextInt(3_000) * 1_000_000L);
      int user = dice.nextInt(3);
      int torrent = dice.nextInt(2);
      int run = dice.nextInt(dice.nextInt(12) + 1);
      int at = (user * 2 + torrent) * 12 + run;
      counters[at] = dice.nextInt(20) == 0 ? 0 : counters[at] + dice.nextInt(6_000);
      var announcement =
          Announcement.of(
                  request(new Hash160(torrent, 7, 7), run, counters[at], step),
                  Endpoint.v4(1, 0),
                  Families.V4)
              .as("user" + user);
      expected.add(book.report(announcement, clock.get()));
      CompletableFuture.runAsync(() -> shared.report(announcement, clock.get()), group.next())
          .join();
    }
    for (int user = 0; user < 3; user++) {
      var name = "user" + user;
      var statement = stores.statement(name, 100).join();
      assertThat(statement.balance()).as("seed " + seed).isEqualTo(book.balance(name));
      assertThat(statement.torrents())
          .as("seed " + seed)
          .containsExactlyInAnyOrderElementsOf(book.torrents(name, 100));
      assertThat(stores.statement(name, 1).join().torrents()).hasSize(1);
    }
    assertThat(counts(booked)).as("seed " + seed).isEqualTo(counts(expected));
    assertThat(expected).contains(Booking.CUT);
  }

  private static Map<Booking, Integer> counts(List<Booking> bookings) {
    var counts = new EnumMap<Booking, Integer>(Booking.class);
    bookings.forEach(each -> counts.merge(each, 1, Integer::sum));
    return counts;
  }
}
