package org.spate.core.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.spate.core.Endpoint;
import org.spate.core.Hash160;
import org.spate.core.PeerId;
import org.spate.core.announce.AnnounceEvent;
import org.spate.core.announce.AnnounceRequest;
import org.spate.core.tracker.Accounts.Balance;
import org.spate.core.tracker.Accounts.Booking;

/** What users are credited with, whatever their clients do and say. */
class AccountBookTest {
  private static final long SECOND = 1_000_000_000L;
  private static final long RATE = 1_000;
  private static final Hash160 SWARM = new Hash160(1, 0, 0);
  private static final Endpoint V4 = Endpoint.v4(0x0B000001, 7_000);
  private static final Endpoint V6 = new Endpoint(0x20010db8L << 32, 1, 7_000);

  private AccountBook book = new AccountBook(RATE, 100_000);
  private long now = 50 * SECOND;

  private static Announcement announcement(
      String user, Hash160 swarm, int peer, Endpoint source, long uploaded, long downloaded) {
    var id = new PeerId(new Hash160(peer, 0, 0));
    var request =
        new AnnounceRequest(swarm, id, 7_000, uploaded, downloaded, 1, AnnounceEvent.NONE, -1, 0);
    var announcement = Announcement.of(request, source, Families.BOTH);
    announcement.user = user;
    return announcement;
  }

  private Booking report(int peer, Endpoint source, long uploaded, long downloaded) {
    return book.report(announcement("alice", SWARM, peer, source, uploaded, downloaded), now);
  }

  private Booking report(String user, Hash160 swarm) {
    return book.report(announcement(user, swarm, 1, V4, 0, 0), now);
  }

  private Balance balance(String user) {
    return book.balance(user);
  }

  @Test
  void what_counters_grow_by_is_credited() {
    report(1, V4, 0, 0);
    now += 10 * SECOND;
    report(1, V4, 500, 100);
    now += 10 * SECOND;
    report(1, V4, 600, 400);
    assertThat(balance("alice")).isEqualTo(new Balance(600, 400, 1));
    assertThat(balance("bob")).isEqualTo(Balance.ZERO);
  }

  /** Each step: seconds that pass, the client, its address, its counters. */
  private record Step(long seconds, int peer, Endpoint source, long uploaded, long downloaded) {}

  @Test
  void counters_are_believed_as_far_as_they_make_sense() {
    record Case(String what, List<Step> steps, long uploaded, long downloaded) {}
    for (var c :
        List.of(
            new Case(
                "the first word of a run earns nothing",
                List.of(new Step(0, 1, V4, 5_000, 5_000)),
                0,
                0),
            new Case(
                "a client that starts again has another peer id and counts from zero",
                List.of(
                    new Step(0, 1, V4, 0, 0),
                    new Step(10, 1, V4, 700, 70),
                    new Step(10, 2, V4, 0, 0),
                    new Step(10, 2, V4, 300, 30)),
                1_000,
                100),
            new Case(
                "a counter that jumps back starts anew from there",
                List.of(
                    new Step(0, 1, V4, 0, 0),
                    new Step(10, 1, V4, 700, 70),
                    new Step(10, 1, V4, 50, 90),
                    new Step(10, 1, V4, 60, 100)),
                710,
                80),
            new Case(
                "the same by IPv4 and IPv6 counts once",
                List.of(
                    new Step(0, 1, V4, 0, 0),
                    new Step(0, 1, V6, 0, 0),
                    new Step(10, 1, V4, 700, 70),
                    new Step(0, 1, V6, 700, 70),
                    new Step(10, 1, V6, 800, 80),
                    new Step(0, 1, V4, 800, 80)),
                800,
                80),
            new Case(
                "two clients of a user count both, whichever speaks",
                List.of(
                    new Step(0, 1, V4, 0, 0),
                    new Step(0, 2, V4, 0, 0),
                    new Step(10, 1, V4, 100, 0),
                    new Step(10, 2, V4, 200, 0),
                    new Step(10, 1, V4, 150, 0),
                    new Step(10, 2, V4, 250, 0)),
                400,
                0),
            new Case(
                "a giant jump is cut to what the time allows",
                List.of(
                    new Step(0, 1, V4, 0, 0),
                    new Step(10, 1, V4, Long.MAX_VALUE, 3),
                    new Step(10, 1, V4, Long.MAX_VALUE, 4)),
                10 * RATE,
                4),
            new Case(
                "a jump in no time earns nothing",
                List.of(new Step(0, 1, V4, 0, 0), new Step(0, 1, V4, 900, 900)),
                0,
                0))) {
      book = new AccountBook(RATE, 10);
      for (var step : c.steps) {
        now += step.seconds * SECOND;
        report(step.peer, step.source, step.uploaded, step.downloaded);
      }
      assertThat(balance("alice")).as(c.what).isEqualTo(new Balance(c.uploaded, c.downloaded, 1));
    }
  }

  @Test
  void what_is_cut_and_what_has_no_room_is_said() {
    assertThat(report(1, V4, 0, 0)).isEqualTo(Booking.BOOKED);
    now += SECOND;
    assertThat(report(1, V4, RATE, RATE + 1)).isEqualTo(Booking.CUT);
    assertThat(report("", SWARM)).isEqualTo(Booking.NONE);
    book = new AccountBook(RATE, 1);
    assertThat(report("alice", SWARM)).isEqualTo(Booking.BOOKED);
    assertThat(report("bob", SWARM)).isEqualTo(Booking.NO_ROOM);
    book.forget("alice");
    assertThat(report("bob", SWARM)).isEqualTo(Booking.BOOKED);
    assertThat(balance("alice")).isEqualTo(Balance.ZERO);
  }

  @Test
  void nobody_fills_the_book_alone() {
    for (int i = 0; i < AccountBook.TORRENTS_PER_USER_MAX; i++) {
      assertThat(report("alice", new Hash160(i, 0, 0))).isEqualTo(Booking.BOOKED);
    }
    assertThat(report("alice", new Hash160(-1, 0, 0))).isEqualTo(Booking.NO_ROOM);
    assertThat(report("bob", new Hash160(-1, 0, 0))).isEqualTo(Booking.BOOKED);
    for (int peer = 0; peer <= AccountBook.RUNS_MAX; peer++) {
      report(peer, V4, 0, 0);
    }
    now += SECOND;
    report(1, V4, 5, 0); // still known
    report(0, V4, 5, 0); // forgotten: peer 8 took its place
    assertThat(balance("alice").uploaded()).isEqualTo(5);
  }

  /** Whatever clients say, nobody gets more than all their runs could have moved in the time. */
  @Test
  void credit_is_never_more_than_rate_times_time_times_clients() {
    for (long seed = 0; seed < 200; seed++) {
      var random = new SplittableRandom(seed);
      book = new AccountBook(RATE, 10);
      long start = now;
      for (int i = 0; i < 100; i++) {
        now += random.nextLong(0, 5 * SECOND);
        report(
            random.nextInt(3),
            random.nextBoolean() ? V4 : V6,
            random.nextLong() >>> 1,
            random.nextLong(1 << 20));
      }
      long most = 3 * RATE * (now - start) / SECOND;
      assertThat(balance("alice").uploaded()).as("seed " + seed).isBetween(0L, most);
      assertThat(balance("alice").downloaded()).as("seed " + seed).isBetween(0L, most);
    }
  }

  private String written() {
    var writer = new AccountText.Writer(book);
    var text = new StringBuilder(AccountText.header(1_000));
    for (var part = writer.next(now); part != null; part = writer.next(now)) {
      text.append(part);
    }
    return text.toString();
  }

  private static AccountText.Reader readInto(AccountBook book, String text, long epoch, long now) {
    var reader = new AccountText.Reader(epoch);
    text.lines().forEach(line -> reader.read(line, _ -> book, now));
    return reader;
  }

  @Test
  void a_run_goes_on_where_it_was_when_the_book_was_written() {
    report(1, V4, 0, 0);
    now += 10 * SECOND;
    report(1, V4, 700, 70);
    report("bob", SWARM);
    var text = written();
    report(1, V4, 999, 99); // is lost with the process

    book = new AccountBook(RATE, 100);
    now = 3 * SECOND; // another origin
    assertThat(readInto(book, text, 1_060, now).brokenCount()).isZero();
    assertThat(balance("alice")).isEqualTo(new Balance(700, 70, 1));
    assertThat(balance("bob")).isEqualTo(new Balance(0, 0, 1));
    report(1, V4, 60_000, 100); // in the minute that the tracker was away
    assertThat(balance("alice")).isEqualTo(new Balance(60_000, 100, 1));
    assertThat(written()).contains("alice " + SWARM + " 60000 100 ");
  }

  @Test
  void what_is_broken_is_left_out_and_counted() {
    var good = "alice " + SWARM + " 5 6 1:2:3:4";
    for (var bad :
        List.of(
            "",
            "alice",
            "al.ice " + SWARM + " 5 6",
            "alice 1234 5 6",
            "alice " + SWARM + " -5 6",
            "alice " + SWARM + " 5 99999999999999999999",
            "alice " + SWARM + " 5 6 1:2:3",
            "alice " + SWARM + " 5 6" + " 1:2:3:4".repeat(AccountBook.RUNS_MAX + 1),
            "alice " + SWARM + " 5 6 1:2:-3:4")) {
      book = new AccountBook(RATE, 100);
      var reader = readInto(book, AccountText.header(1) + bad + "\n" + good + "\n", 1, now);
      assertThat(reader.brokenCount()).as(bad).isOne();
      assertThat(balance("alice")).as(bad).isEqualTo(new Balance(5, 6, 1));
    }
    for (var header : List.of("spate-accounts 2 1000", "x", "spate-accounts 1 -1")) {
      book = new AccountBook(RATE, 100);
      assertThat(readInto(book, header + "\n" + good, 1, now).brokenCount()).isOne();
      assertThat(balance("alice")).isEqualTo(Balance.ZERO);
    }
  }

  @Test
  void a_store_books_what_users_announce() {
    var policy = TrackerPolicy.DEFAULT;
    var peers = new CompactPeerStore(policy, new SplittableRandom(1), new SplittableRandom(2));
    var logic = new TrackerLogic(policy, new AccountingStore(peers, book), 0);
    var answer = new Answer(50);
    logic.announce(announcement("alice", SWARM, 1, V4, 0, 0), answer, now);
    now += SECOND;
    logic.announce(announcement("alice", SWARM, 1, V4, 2 * RATE, 0), answer, now);
    logic.announce(announcement("", SWARM, 2, V6, 2 * RATE, 0), answer, now);
    assertThat(balance("alice")).isEqualTo(new Balance(RATE, 0, 1));
    assertThat(logic.counters().of(Count.CUT_TRANSFER)).isOne();
    assertThat(answer.complete() + answer.incomplete()).isEqualTo(2);
  }
}
