package org.spate.core.announce;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.spate.core.Machine;

/**
 * When which tracker hears what, in virtual time. The log reads "second tracker event"; a tracker
 * answers as the table {@code trackers} says, by name: a reply, a failure, or null for silence.
 */
class AnnouncerTest {
  private static final long SECOND = 1_000_000_000L;
  private static final AnnounceReply OK = AnnounceReply.of(1800, 1, 1, List.of());
  private static final TrackerFailure DOWN = TrackerFailure.of("down");

  private final Map<String, TrackerResponse> trackers = new HashMap<>();
  private final List<String> log = new ArrayList<>();
  private final List<AnnounceRequest> requests = new ArrayList<>();
  private AnnouncerSettings settings = AnnouncerSettings.DEFAULT;
  private Announcer announcer;
  private long left = 1000;
  private long now;

  private void begin(String... tiers) {
    var urls = new ArrayList<List<String>>();
    for (var tier : tiers) {
      urls.add(List.of(tier.split(" ")).stream().map(AnnouncerTest::url).toList());
    }
    announcer = announcer(urls, 1);
    announcer.start(now);
    carryOut();
  }

  private Announcer announcer(List<List<String>> urls, int seed) {
    var standing =
        new Standing() {
          @Override
          public int port() {
            return 6881;
          }

          @Override
          public long uploaded() {
            return 5;
          }

          @Override
          public long downloaded() {
            return 6;
          }

          @Override
          public long left() {
            return left;
          }
        };
    return new Announcer(
        Samples.HASH, Samples.PEER_ID, urls, standing, settings, new SplittableRandom(seed));
  }

  private static String url(String name) {
    return "http://" + name + "/announce";
  }

  private static String name(String url) {
    return url.substring(7, url.length() - 9);
  }

  private void carryOut() {
    for (var send = announcer.poll(); send != null; send = announcer.poll()) {
      var event = send.request().event().parameter();
      log.add((now / SECOND + " " + name(send.trackerUrl()) + " " + event).strip());
      requests.add(send.request());
      answer(send.trackerUrl(), trackers.get(name(send.trackerUrl())));
    }
  }

  private void answer(String url, TrackerResponse response) {
    switch (response) {
      case AnnounceReply reply -> announcer.announced(url, reply, now);
      case TrackerFailure failure -> announcer.failed(url, failure, now);
      case ScrapeReply _ -> throw new AssertionError();
      case null -> {}
    }
  }

  /** An answer that comes later than at once. */
  private void answerNow(String name, TrackerResponse response) {
    answer(url(name), response);
    carryOut();
  }

  private void runUntil(long second) {
    while (announcer.deadlineNanos() <= second * SECOND) {
      now = Math.max(now, announcer.deadlineNanos());
      announcer.advance(now);
      carryOut();
    }
    now = second * SECOND;
  }

  private void trackers(Object... namesAndResponses) {
    for (int i = 0; i < namesAndResponses.length; i += 2) {
      trackers.put((String) namesAndResponses[i], (TrackerResponse) namesAndResponses[i + 1]);
    }
  }

  private static AnnounceReply intervals(int interval, int minInterval) {
    return new AnnounceReply(interval, minInterval, 0, 0, List.of(), List.of(), null, null);
  }

  @Test
  void starts_repeats_completes_and_stops() {
    trackers("a", OK);
    begin("a");
    runUntil(4000);
    left = 0;
    announcer.completed(now);
    carryOut();
    runUntil(6000);
    announcer.stop(now);
    carryOut();
    assertThat(log)
        .containsExactly(
            "0 a started", "1800 a", "3600 a", "4000 a completed", "5800 a", "6000 a stopped");
    assertThat(announcer.isStopped()).isTrue();
    assertThat(requests).extracting(AnnounceRequest::numwant).endsWith(50, 0);
    assertThat(requests).extracting(AnnounceRequest::left).endsWith(1000L, 0L, 0L, 0L);
    assertThat(requests).extracting(AnnounceRequest::key).containsOnly(requests.getFirst().key());
  }

  @Test
  void completed_is_said_once_and_never_by_what_was_whole_from_the_start() {
    trackers("a", OK);
    left = 0;
    begin("a");
    runUntil(2000);
    assertThat(log).containsExactly("0 a started", "1800 a");

    left = 5;
    announcer.completed(now);
    announcer.completed(now);
    carryOut();
    announcer.completed(now);
    carryOut();
    assertThat(log).filteredOn(line -> line.endsWith("completed")).hasSize(1);
  }

  @Test
  void completed_waits_for_started_to_be_answered() {
    begin("a");
    announcer.completed(now);
    carryOut();
    assertThat(log).containsExactly("0 a started");
    trackers("a", OK);
    answerNow("a", OK);
    assertThat(log).containsExactly("0 a started", "0 a completed");
  }

  @Test
  void a_tracker_that_never_heard_started_is_not_told_completed() {
    trackers("a", DOWN);
    begin("a");
    left = 0;
    announcer.completed(now);
    carryOut();
    trackers("a", OK);
    runUntil(100);
    assertThat(log).hasSize(2).last().asString().endsWith("a started");
    assertThat(requests.getLast().left()).isZero();
  }

  @Test
  void a_completed_that_was_lost_is_said_again() {
    trackers("a", OK);
    begin("a");
    trackers("a", DOWN);
    announcer.completed(now);
    carryOut();
    trackers("a", OK);
    runUntil(100);
    assertThat(log).hasSize(3);
    assertThat(log.get(1)).endsWith("a completed");
    assertThat(log.get(2)).endsWith("a completed");
  }

  @Test
  void the_next_tier_is_asked_when_the_first_fails_and_the_first_again_after_its_back_off() {
    trackers("a", DOWN, "b", OK, "c", OK);
    begin("a", "b", "c");
    assertThat(log).containsExactly("0 a started", "0 b started");
    trackers("a", OK);
    runUntil(20);
    assertThat(log).hasSize(3).last().asString().endsWith("a started");
    runUntil(1900);
    assertThat(log).hasSize(4).last().asString().endsWith(" a");
    announcer.stop(now);
    carryOut();
    assertThat(log).endsWith("1900 a stopped", "1900 b stopped");
  }

  @Test
  void all_of_a_tier_are_asked_before_the_next_tier_and_who_answers_comes_first_from_then_on() {
    trackers("a", DOWN, "b", DOWN, "c", OK, "d", OK);
    settings = slowToRetry();
    begin("a b c", "d");
    assertThat(log).last().isEqualTo("0 c started");
    assertThat(log).noneMatch(line -> line.contains(" d "));
    assertThat(announcer.trackers().getFirst().url()).isEqualTo(url("c"));
    runUntil(2000);
    assertThat(log).last().isEqualTo("1800 c");

    trackers("c", DOWN);
    runUntil(4000);
    assertThat(log).last().isEqualTo("3600 d started");
  }

  private static AnnouncerSettings slowToRetry() {
    return new AnnouncerSettings(50, 60, 86_400, 300, 80_000, 80_000, 15, 5, false, false);
  }

  @Test
  void each_tier_is_shuffled_and_no_tracker_is_lost() {
    var names = IntStream.range(0, 4).mapToObj(i -> "t" + i).map(AnnouncerTest::url).toList();
    var firsts = new LinkedHashMap<String, Integer>();
    for (int seed = 0; seed < 400; seed++) {
      var statuses = announcer(List.of(names), seed).trackers();
      assertThat(statuses)
          .as("seed " + seed)
          .extracting(TrackerStatus::url)
          .containsExactlyInAnyOrderElementsOf(names);
      firsts.merge(statuses.getFirst().url(), 1, Integer::sum);
    }
    assertThat(firsts.values()).hasSize(4).allMatch(count -> count > 60);
  }

  @Test
  void a_silent_tracker_does_not_hold_up_the_next() {
    trackers("b", OK);
    begin("a", "b");
    runUntil(14);
    assertThat(log).containsExactly("0 a started");
    runUntil(16);
    assertThat(log).containsExactly("0 a started", "15 b started");
    answerNow("a", OK);
    runUntil(1820);
    assertThat(log).last().isEqualTo("1816 a");
  }

  @Test
  void hostile_intervals_are_clamped() {
    record Case(AnnounceReply reply, String next) {}
    for (var c :
        List.of(
            new Case(intervals(0, 0), "60 a"),
            new Case(intervals(1, 1), "60 a"),
            new Case(intervals(900, 0), "900 a"),
            new Case(intervals(900, 1200), "1200 a"),
            new Case(intervals(Integer.MAX_VALUE, 0), "86400 a"),
            new Case(intervals(0, Integer.MAX_VALUE), "86400 a"))) {
      log.clear();
      now = 0;
      trackers("a", c.reply);
      begin("a");
      runUntil(86_401);
      assertThat(log.get(1)).as(c.toString()).isEqualTo(c.next);
    }
  }

  @Test
  void more_peers_are_asked_for_soon_but_never_before_the_minimum_interval() {
    record Case(AnnounceReply reply, long askedAt, String next) {}
    for (var c :
        List.of(
            new Case(intervals(1800, 120), 10, "120 a"),
            new Case(intervals(1800, 120), 500, "500 a"),
            new Case(intervals(1800, 5), 10, "60 a"),
            new Case(intervals(1800, 0), 10, "300 a"),
            new Case(intervals(100, 0), 10, "100 a"),
            new Case(intervals(1800, 1800), 10, "1800 a"))) {
      log.clear();
      now = 0;
      trackers("a", c.reply);
      begin("a");
      runUntil(c.askedAt);
      announcer.wantPeers(now);
      carryOut();
      runUntil(2000);
      assertThat(log.get(1)).as(c.toString()).isEqualTo(c.next);
    }
  }

  @Test
  void the_wait_after_failures_doubles_up_to_its_bound() {
    trackers("a", DOWN);
    begin("a");
    runUntil(40_000);
    var times =
        log.stream()
            .mapToLong(line -> Long.parseLong(line.substring(0, line.indexOf(' '))))
            .toArray();
    for (int i = 1; i < times.length; i++) {
      double nominal = Math.min(10L << (i - 1), 3600);
      assertThat((double) times[i] - times[i - 1])
          .isBetween(nominal * 0.75 - 1, nominal * 1.25 + 1);
    }
    assertThat(times.length).isGreaterThan(12);
  }

  @Test
  void clients_do_not_come_back_as_one() {
    var deadlines = new HashSet<Long>();
    for (int seed = 0; seed < 50; seed++) {
      announcer = announcer(List.of(List.of(url("a"))), seed);
      announcer.start(0);
      announcer.poll();
      announcer.failed(url("a"), DOWN, 0);
      deadlines.add(announcer.deadlineNanos());
    }
    assertThat(deadlines).hasSizeGreaterThan(45);
  }

  @Test
  void a_tracker_that_names_a_time_to_retry_gets_it() {
    record Case(int retryInSeconds, String next) {}
    for (var c : List.of(new Case(300, "300 a started"), new Case(1, "60 a started"))) {
      log.clear();
      now = 0;
      trackers("a", new TrackerFailure("busy", c.retryInSeconds));
      begin("a");
      runUntil(301);
      assertThat(log.get(1)).isEqualTo(c.next);
    }
  }

  @Test
  void a_tracker_that_says_never_is_never_asked_again() {
    trackers("a", TrackerFailure.permanent("not a tracker"));
    begin("a");
    runUntil(1_000_000);
    announcer.wantPeers(now);
    announcer.stop(now);
    carryOut();
    assertThat(log).containsExactly("0 a started");
    assertThat(announcer.isStopped()).isTrue();
  }

  @Test
  void stopping_waits_for_answers_but_not_for_ever() {
    trackers("a", OK);
    begin("a");
    trackers("a", null);
    announcer.stop(now);
    carryOut();
    assertThat(log).last().isEqualTo("0 a stopped");
    assertThat(announcer.isStopped()).isFalse();
    assertThat(announcer.deadlineNanos()).isEqualTo(5 * SECOND);
    runUntil(5);
    assertThat(announcer.isStopped()).isTrue();
  }

  @Test
  void a_stop_while_started_is_under_way_says_stopped_after_it() {
    begin("a");
    announcer.stop(now);
    carryOut();
    assertThat(log).containsExactly("0 a started");
    trackers("a", OK);
    answerNow("a", OK);
    assertThat(log).containsExactly("0 a started", "0 a stopped");
    assertThat(announcer.isStopped()).isTrue();
  }

  @Test
  void a_stop_that_fails_is_not_repeated() {
    trackers("a", OK);
    begin("a");
    trackers("a", DOWN);
    announcer.stop(now);
    carryOut();
    assertThat(announcer.isStopped()).isTrue();
    runUntil(10_000);
    assertThat(log).containsExactly("0 a started", "0 a stopped");
  }

  @Test
  void a_torrent_that_is_paused_and_resumed_starts_anew() {
    trackers("a", OK);
    begin("a");
    announcer.stop(now);
    carryOut();
    runUntil(100);
    announcer.start(now);
    carryOut();
    assertThat(log).containsExactly("0 a started", "0 a stopped", "100 a started");
  }

  @Test
  void announces_to_all_when_told_to() {
    trackers("a", OK, "b", OK, "c", DOWN, "d", OK);
    settings = AnnouncerSettings.DEFAULT.toAll();
    begin("a b", "c", "d");
    assertThat(log)
        .containsExactlyInAnyOrder("0 a started", "0 b started", "0 c started", "0 d started");
  }

  @Test
  void answers_of_strangers_change_nothing() {
    trackers("a", OK);
    begin("a");
    long deadline = announcer.deadlineNanos();
    answerNow("a", intervals(60, 60));
    answerNow("z", OK);
    answerNow("a", DOWN);
    assertThat(announcer.deadlineNanos()).isEqualTo(deadline);
  }

  @Test
  void urls_that_nobody_can_announce_to_and_more_than_the_bound_are_left_out() {
    begin("a a b", "a");
    assertThat(announcer.trackers()).hasSize(2);

    var urls = new ArrayList<>(List.of("file:///etc/passwd", "javascript:alert(1)", ""));
    IntStream.range(0, 5000).forEach(i -> urls.add(url("t" + i)));
    assertThat(announcer(List.of(urls), 1).trackers())
        .hasSize(TrackerTiers.TRACKER_COUNT_MAX)
        .allMatch(tracker -> tracker.url().startsWith("http://t"));
  }

  @Test
  void without_trackers_there_is_nothing_to_do() {
    announcer = announcer(List.of(), 1);
    announcer.start(0);
    assertThat(announcer.poll()).isNull();
    assertThat(announcer.deadlineNanos()).isEqualTo(Machine.NEVER);
    trackers("a", OK);
    announcer.addTier(List.of(url("a")), 0);
    carryOut();
    assertThat(log).containsExactly("0 a started");
  }

  /** Whatever trackers do, each hears started, then at most one completed, then stopped. */
  @Test
  void events_arrive_once_and_in_order_in_random_worlds() {
    for (int seed = 0; seed < 200; seed++) {
      var random = new SplittableRandom(seed);
      log.clear();
      trackers.clear();
      now = 0;
      left = 1000;
      var accepted = new HashMap<String, String>();
      announcer =
          announcer(
              List.of(List.of(url("a"), url("b")), List.of(url("c")), List.of(url("d"))), seed);
      announcer.start(0);
      var underWay = new ArrayList<SendAnnounce>();
      for (int step = 0; step < 300; step++) {
        for (var send = announcer.poll(); send != null; send = announcer.poll()) {
          var url = send.trackerUrl();
          assertThat(underWay).as("seed " + seed).noneMatch(u -> u.trackerUrl().equals(url));
          underWay.add(send);
        }
        if (!underWay.isEmpty() && random.nextBoolean()) {
          var send = underWay.remove(random.nextInt(underWay.size()));
          if (random.nextInt(3) == 0) {
            announcer.failed(send.trackerUrl(), DOWN, now);
          } else {
            accepted.merge(
                send.trackerUrl(), " " + send.request().event().parameter(), String::concat);
            announcer.announced(send.trackerUrl(), OK, now);
          }
        } else {
          now += random.nextLong(600) * SECOND;
          announcer.advance(now);
        }
        if (step == 150) {
          left = 0;
          announcer.completed(now);
        } else if (step == 280) {
          announcer.stop(now);
        }
      }
      int run = seed;
      accepted.forEach(
          (url, events) ->
              assertThat(events)
                  .as("seed %d, %s", run, url)
                  .matches(" started *( completed)? *( stopped)?"));
    }
  }
}
