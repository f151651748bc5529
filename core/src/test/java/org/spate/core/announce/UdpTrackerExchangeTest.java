package org.spate.core.announce;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.spate.core.Machine;

/** The client's side of BEP 15 in virtual time; times in seconds. */
class UdpTrackerExchangeTest {
  private static final long SECOND = 1_000_000_000L;
  private static final long CONNECTION = 42;

  private final List<String> sent = new ArrayList<>();
  private final List<UdpExchangeOutput.Answered> answers = new ArrayList<>();
  private UdpTrackerExchange exchange = exchange(100_000);
  private UdpRequest last;

  private static UdpTrackerExchange exchange(long timeoutSeconds) {
    return new UdpTrackerExchange(timeoutSeconds * SECOND, new SplittableRandom(1));
  }

  private void drain(long second) {
    for (var output = exchange.poll(); output != null; output = exchange.poll()) {
      switch (output) {
        case UdpExchangeOutput.SendDatagram(byte[] packet) -> {
          last = UdpRequest.decode(packet, packet.length);
          sent.add(second + " " + last.getClass().getSimpleName());
        }
        case UdpExchangeOutput.Answered answered -> answers.add(answered);
      }
    }
  }

  private int announce(long second) {
    int ticket = exchange.announce(Samples.STARTED, "/announce", second * SECOND);
    drain(second);
    return ticket;
  }

  private void receive(UdpResponse response, long second) {
    var packet = response.encode(false);
    exchange.received(packet, packet.length, false, second * SECOND);
    drain(second);
  }

  private void connected(long second) {
    receive(new UdpResponse.Connected(last.transactionId(), CONNECTION), second);
  }

  private void replied(long second) {
    var reply = AnnounceReply.of(1800, 1, 2, List.of());
    receive(new UdpResponse.Announced(last.transactionId(), reply), second);
  }

  private void runUntil(long second) {
    while (exchange.deadlineNanos() <= second * SECOND) {
      long now = exchange.deadlineNanos();
      exchange.advance(now);
      drain(now / SECOND);
    }
  }

  @Test
  void a_normal_announce_takes_four_packets() {
    int ticket = announce(0);
    connected(1);
    assertThat(((UdpRequest.Announce) last).connectionId()).isEqualTo(CONNECTION);
    assertThat(((UdpRequest.Announce) last).urlData()).isEqualTo("/announce");
    replied(2);
    assertThat(sent).containsExactly("0 Connect", "1 Announce");
    assertThat(answers).singleElement().extracting("ticket").isEqualTo(ticket);
    runUntil(100_000);
    assertThat(sent).hasSize(2);
    assertThat(exchange.deadlineNanos()).isEqualTo(Machine.NEVER);
  }

  @Test
  void a_silent_tracker_is_asked_when_bep_15_says() {
    announce(0);
    runUntil(2000);
    var times = new ArrayList<String>();
    Vectors.of("bep15-retry").get("connect_times").forEach(t -> times.add(t + " Connect"));
    assertThat(sent).isEqualTo(times);
  }

  @Test
  void announces_are_repeated_until_the_connection_id_is_a_minute_old() {
    announce(0);
    connected(1);
    // One second later than in the example of BEP 15, which announces a second after the answer.
    runUntil(300);
    assertThat(sent)
        .containsExactly(
            "0 Connect", "1 Announce", "16 Announce", "46 Announce", "106 Connect", "226 Connect");
  }

  @Test
  void a_connection_id_serves_for_a_minute_and_for_all() {
    announce(0);
    connected(1);
    replied(2);
    announce(60);
    replied(60);
    announce(61);
    connected(62);
    assertThat(sent)
        .containsExactly("0 Connect", "1 Announce", "60 Announce", "61 Connect", "62 Announce");
  }

  @Test
  void requests_that_come_while_connecting_share_the_connect() {
    announce(0);
    announce(0);
    exchange.scrape(List.of(Samples.HASH, Samples.HASH), 0);
    drain(0);
    connected(1);
    assertThat(sent).containsExactly("0 Connect", "1 Announce", "1 Announce", "1 Scrape");
    receive(new UdpResponse.Scraped(last.transactionId(), List.of(new SwarmCounts(1, 2, 3))), 2);
    assertThat(answers)
        .singleElement()
        .extracting(a -> ((ScrapeReply) a.response()).swarms().get(Samples.HASH))
        .isEqualTo(new SwarmCounts(1, 2, 3));
  }

  @Test
  void gives_up_after_its_time() {
    exchange = exchange(60);
    announce(0);
    runUntil(1000);
    assertThat(sent).containsExactly("0 Connect", "15 Connect", "45 Connect");
    assertThat(answers)
        .singleElement()
        .extracting("response")
        .isEqualTo(TrackerFailure.of("no answer"));
    assertThat(exchange.deadlineNanos()).isEqualTo(Machine.NEVER);
  }

  @Test
  void answers_that_nobody_asked_for_change_nothing() {
    announce(0);
    receive(new UdpResponse.Connected(last.transactionId() + 1, 7), 1);
    receive(
        new UdpResponse.Announced(last.transactionId(), AnnounceReply.of(1, 1, 1, List.of())), 1);
    exchange.received(new byte[7], 7, false, SECOND);
    exchange.received(new byte[0], 0, false, SECOND);
    connected(2);
    receive(new UdpResponse.Scraped(last.transactionId(), List.of()), 3);
    receive(new UdpResponse.Connected(last.transactionId(), 7), 3);
    assertThat(answers).isEmpty();
    replied(4);
    replied(5);
    assertThat(answers).hasSize(1);
  }

  @Test
  void a_refusal_ends_the_request() {
    announce(0);
    connected(1);
    receive(new UdpResponse.Refused(last.transactionId(), "not here"), 2);
    assertThat(answers)
        .singleElement()
        .extracting("response")
        .isEqualTo(TrackerFailure.of("not here"));
  }

  @Test
  void a_refused_connect_ends_all_that_wait_for_it() {
    announce(0);
    announce(0);
    receive(new UdpResponse.Refused(last.transactionId(), "closed"), 1);
    assertThat(answers).hasSize(2);
  }

  @Test
  void an_id_from_before_the_trackers_restart_is_renewed_once() {
    announce(0);
    connected(1);
    replied(2);
    announce(10);
    receive(new UdpResponse.Refused(last.transactionId(), "connection id mismatch"), 11);
    connected(12);
    receive(new UdpResponse.Refused(last.transactionId(), "still not"), 13);
    assertThat(sent)
        .containsExactly("0 Connect", "1 Announce", "10 Announce", "11 Connect", "12 Announce");
    assertThat(answers).last().extracting("response").isEqualTo(TrackerFailure.of("still not"));
  }

  @Test
  void more_requests_than_the_bound_are_refused_at_once() {
    for (int i = 0; i <= UdpTrackerExchange.PENDING_COUNT_MAX; i++) {
      announce(0);
    }
    assertThat(answers).hasSize(1);
  }
}
