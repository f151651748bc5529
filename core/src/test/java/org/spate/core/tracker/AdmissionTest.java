package org.spate.core.tracker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.spate.core.Endpoint;
import org.spate.core.Hash160;
import org.spate.core.PeerId;
import org.spate.core.announce.AnnounceEvent;
import org.spate.core.announce.AnnounceRequest;
import org.spate.core.announce.HttpTarget;
import org.spate.core.announce.TrackerUrl;
import org.spate.core.announce.UdpRequest;
import org.spate.core.announce.UdpResponse;
import org.spate.core.tracker.Admission.Verdict;
import org.spate.core.tracker.Admission.Verdict.Admitted;
import org.spate.core.tracker.Admission.Verdict.Refused;

/** Who is let in: by passkeys, by signed URLs, over HTTP and UDP. */
class AdmissionTest {
  private static final Hash160 SWARM = Hash160.parse("631a31dd0a46257d5078c0dee4e66e26f73e42ac");
  private static final Hash160 OTHER = new Hash160(1, 2, 3);
  private static final String ALICE = "0123456789abcdef0123456789abcdef";
  private static final String BOB = "ffffffffffffffff";
  private static final String OLD_KEY = "o".repeat(SigningKeys.KEY_LENGTH_MIN);
  private static final String NEW_KEY = "n".repeat(40);
  private static final long NOW = 1_764_000_000;
  private static final Endpoint SOURCE = Endpoint.v4(0xC0000201, 50_000);

  private static final UserList USERS =
      UserList.parse("alice " + ALICE + "\n# a comment\n\nbob\t" + BOB + "  since May\n");

  private static Verdict admit(Admission admission, String urlData) {
    return admission.admit(urlData, SWARM, NOW);
  }

  @Test
  void a_passkey_names_its_user() {
    record Case(String urlData, Verdict verdict) {}
    var signed = "1764000001.alice.any." + "A".repeat(43);
    for (var c :
        List.of(
            new Case("/" + ALICE + "/announce", new Admitted("alice")),
            new Case("/" + BOB + "/announce?x=y", new Admitted("bob")),
            new Case("/" + ALICE + "/scrape", new Admitted("alice")),
            new Case("/" + ALICE + "x/announce", Refused.UNKNOWN_PASSKEY),
            new Case("/" + ALICE.substring(1) + "/announce", Refused.UNKNOWN_PASSKEY),
            new Case("/" + ALICE.toUpperCase(Locale.ROOT) + "/announce", Refused.UNKNOWN_PASSKEY),
            new Case("/alice/announce", Refused.UNKNOWN_PASSKEY),
            new Case("/announce", Refused.NO_PASS),
            new Case("//announce", Refused.NO_PASS),
            new Case("", Refused.NO_PASS),
            new Case("/" + ALICE, Refused.NO_PASS),
            new Case(ALICE + "/announce", Refused.NO_PASS),
            new Case("/" + ALICE + "/announce/x", Refused.NO_PASS),
            new Case("/x/" + ALICE + "/announce", Refused.NO_PASS),
            new Case("/x?/" + ALICE + "/announce", Refused.NO_PASS),
            new Case("/" + signed + "/announce", Refused.BAD_SIGNATURE))) {
      assertThat(admit(Passes.of(USERS, null), c.urlData)).as(c.urlData).isEqualTo(c.verdict);
    }
  }

  @Test
  void lines_that_name_no_user_are_counted() {
    var list =
        UserList.parse("alice\nal ice " + ALICE + "\nbob short\nc.d " + ALICE + "\nx " + BOB);
    assertThat(list.malformedLineCount()).isEqualTo(4);
    assertThat(list.passkeyCounts()).containsOnlyKeys("x");
  }

  @Test
  void a_user_may_have_an_old_and_a_new_passkey() {
    var list = UserList.parse("alice " + ALICE + "\nalice " + BOB);
    assertThat(list.nameOf(ALICE)).isEqualTo("alice");
    assertThat(list.nameOf(BOB)).isEqualTo("alice");
    assertThat(list.size()).isOne();
  }

  @Test
  void a_signed_url_is_good_until_its_second_and_for_what_it_was_signed() {
    var keys = SigningKeys.parse(OLD_KEY);
    var admission = Passes.of(null, keys);
    var any = keys.sign(NOW + 1, "alice", null);
    var one = keys.sign(NOW + 1, "", SWARM);
    var later = any.replace("1764000001", "1764009999");
    var bob = any.replace("alice", "bob");
    var nobody = any.replace("alice", "");
    var wider = one.replace("one", "any");
    var narrower = any.replace("any", "one");
    record Case(String what, String pass, Hash160 infoHash, long now, Verdict verdict) {}
    for (var c :
        List.of(
            new Case("fresh", any, SWARM, NOW, new Admitted("alice")),
            new Case("for any torrent", any, OTHER, NOW, new Admitted("alice")),
            new Case("for one torrent", one, SWARM, NOW, new Admitted("")),
            new Case("for another torrent", one, OTHER, NOW, Refused.BAD_SIGNATURE),
            new Case("a second too late", any, SWARM, NOW + 1, Refused.EXPIRED),
            new Case("long gone", any, SWARM, Long.MAX_VALUE, Refused.EXPIRED),
            new Case("prolonged", later, SWARM, NOW, Refused.BAD_SIGNATURE),
            new Case("as another", bob, SWARM, NOW, Refused.BAD_SIGNATURE),
            new Case("as nobody", nobody, SWARM, NOW, Refused.BAD_SIGNATURE),
            new Case("of wider scope", wider, SWARM, NOW, Refused.BAD_SIGNATURE),
            new Case("of narrower scope", narrower, SWARM, NOW, Refused.BAD_SIGNATURE),
            new Case("cut", any.substring(0, any.length() - 1), SWARM, NOW, Refused.BAD_SIGNATURE),
            new Case("nonsense", "a.b.c.d", SWARM, NOW, Refused.BAD_SIGNATURE),
            new Case("huge", "9".repeat(5_000) + ".", SWARM, NOW, Refused.BAD_SIGNATURE),
            new Case("a passkey", ALICE, SWARM, NOW, Refused.UNKNOWN_PASSKEY))) {
      var verdict = admission.admit("/" + c.pass + "/announce", c.infoHash, c.now);
      assertThat(verdict).as(c.what).isEqualTo(c.verdict);
    }
  }

  @Test
  void every_character_of_a_signature_counts() {
    var keys = SigningKeys.parse(OLD_KEY);
    var pass = keys.sign(NOW + 1, "alice", SWARM);
    for (int at = pass.lastIndexOf('.') + 1; at < pass.length(); at++) {
      var other = pass.charAt(at) == 'A' ? "B" : "A";
      var forged = pass.substring(0, at) + other + pass.substring(at + 1);
      assertThat(admit(Passes.of(null, keys), "/" + forged + "/announce"))
          .isEqualTo(Refused.BAD_SIGNATURE);
    }
  }

  /** Made with {@code openssl dgst -sha256 -hmac}, as other programs may make them. */
  @Test
  void the_format_is_the_documented_one() {
    assertThat(SigningKeys.parse(OLD_KEY).sign(NOW, "alice", SWARM))
        .isEqualTo("1764000000.alice.one.85r4g8Y5B5TjCduVWCpTYQllKSdMjGqeq1O8XBEy0Co");
    assertThat(SigningKeys.parse(OLD_KEY).sign(NOW, "", null))
        .isEqualTo("1764000000..any.ij70L-0_ilEkXbafkxsRZsxw7Czhbq-l1tB04PtESBo");
  }

  @Test
  void keys_are_changed_by_having_both_for_a_while() {
    var before = SigningKeys.parse(OLD_KEY);
    var between = SigningKeys.parse("# new\n" + NEW_KEY + "\n\n" + OLD_KEY + "\n");
    var after = SigningKeys.parse(NEW_KEY);
    var ofOld = "/" + before.sign(NOW + 9, "alice", null) + "/announce";
    var ofNew = "/" + between.sign(NOW + 9, "alice", null) + "/announce";
    record Case(SigningKeys keys, boolean takesOld, boolean takesNew) {}
    for (var c :
        List.of(
            new Case(before, true, false),
            new Case(between, true, true),
            new Case(after, false, true))) {
      var admission = Passes.of(null, c.keys);
      assertThat(admit(admission, ofOld) instanceof Admitted).isEqualTo(c.takesOld);
      assertThat(admit(admission, ofNew) instanceof Admitted).isEqualTo(c.takesNew);
    }
  }

  @Test
  void bad_keys_are_refused() {
    var three = OLD_KEY + "\n" + NEW_KEY + "\n" + "x".repeat(32);
    for (var text : List.of("", "# none\n", "short", three)) {
      assertThatThrownBy(() -> SigningKeys.parse(text))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> SigningKeys.parse(OLD_KEY).sign(NOW, "a.b", null))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private final TrackerPolicy policy = TrackerPolicy.DEFAULT;
  private final TrackerLogic logic =
      new TrackerLogic(
          policy,
          new CompactPeerStore(policy, new SplittableRandom(1), new SplittableRandom(2)),
          0);
  private final UdpResponder udp =
      new UdpResponder(logic, new ConnectionIds(new SplittableRandom(3)), (_, _, _) -> {});
  private final HttpResponder http = new HttpResponder(logic, new SplittableRandom(4));

  private static AnnounceRequest request() {
    return new AnnounceRequest(
        SWARM, new PeerId(OTHER), 7_000, 0, 0, 1, AnnounceEvent.STARTED, -1, 0);
  }

  private String get(String path) {
    var url = TrackerUrl.parse("http://t.example" + path);
    return text(http.answer(HttpTarget.announce(url, request()), SOURCE, 0));
  }

  private String scrape(String path, Hash160... infoHashes) {
    var url = TrackerUrl.parse("http://t.example" + path);
    return text(http.answer(HttpTarget.scrape(url, List.of(infoHashes)), SOURCE, 0));
  }

  private static String text(HttpAnswer answer) {
    return new String(answer.body(), StandardCharsets.ISO_8859_1);
  }

  private UdpResponse ask(UdpRequest request) {
    var answer = udp.answer(request.encode(), SOURCE, 0);
    return UdpResponse.decode(answer, answer.length, false);
  }

  private long connect() {
    return ((UdpResponse.Connected) ask(new UdpRequest.Connect(7))).connectionId();
  }

  private UdpResponse announce(String urlData) {
    return ask(new UdpRequest.Announce(connect(), 8, request(), urlData));
  }

  @Test
  void over_http_the_path_and_over_udp_the_url_data_lets_in() {
    logic.admit(Passes.of(USERS, null));
    assertThat(get("/announce")).contains("needs a personal announce URL");
    assertThat(get("/" + "x".repeat(32) + "/announce")).contains("this passkey is not known");
    assertThat(get("/" + ALICE + "/announce")).contains("8:interval");
    assertThat(announce("")).isInstanceOf(UdpResponse.Refused.class);
    assertThat(announce("/announce")).isInstanceOf(UdpResponse.Refused.class);
    assertThat(announce("/" + ALICE + "/announce")).isInstanceOf(UdpResponse.Announced.class);
    assertThat(logic.counters().of(Count.REFUSED_NO_PASS)).isEqualTo(3);
    assertThat(logic.counters().of(Count.REFUSED_PASSKEY)).isOne();
  }

  @Test
  void scrapes_need_a_pass_for_each_of_their_torrents() {
    var keys = SigningKeys.parse(OLD_KEY);
    logic.admit(Passes.of(USERS, keys));
    logic.onWallClock(NOW);
    assertThat(scrape("/" + ALICE + "/announce", SWARM, OTHER)).startsWith("d5:files");
    assertThat(scrape("/announce", SWARM)).contains("failure reason");
    var one = "/" + keys.sign(NOW + 1, "", SWARM) + "/announce";
    assertThat(scrape(one, SWARM)).startsWith("d5:files");
    assertThat(scrape(one, SWARM, OTHER)).contains("failure reason");
    assertThat(ask(new UdpRequest.Scrape(connect(), 1, List.of(SWARM))))
        .isInstanceOf(UdpResponse.Refused.class);
  }

  @Test
  void signed_urls_expire_while_the_tracker_runs_and_before_it_knows_the_time() {
    var keys = SigningKeys.parse(OLD_KEY);
    logic.admit(Passes.of(null, keys));
    var path = "/" + keys.sign(NOW + 1, "alice", null) + "/announce";
    assertThat(get(path)).contains("expired");
    logic.onWallClock(NOW);
    assertThat(get(path)).contains("8:interval");
    logic.onWallClock(NOW + 1);
    assertThat(get(path)).contains("expired");
    assertThat(logic.counters().of(Count.REFUSED_EXPIRED)).isEqualTo(2);
  }

  @Test
  void an_open_tracker_knows_no_such_paths() {
    assertThat(http.answer("/" + ALICE + "/announce?x", SOURCE, 0).status()).isEqualTo(404);
    assertThat(announce("/" + ALICE + "/announce")).isInstanceOf(UdpResponse.Announced.class);
  }
}
