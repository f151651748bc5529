package org.spate.core.tracker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.spate.core.Endpoint;
import org.spate.core.Hash160;
import org.spate.core.IpLiteral;
import org.spate.core.PeerId;
import org.spate.core.announce.AnnounceEvent;
import org.spate.core.announce.AnnounceReply;
import org.spate.core.announce.AnnounceRequest;

/** Which peers are told to whom: near ones first, and a swarm that stays in one piece. */
class LocalityTest {
  private static final Hash160 SWARM = new Hash160(1, 0, 0);
  private static final int PORT = 7_000;

  private static Endpoint at(String address) {
    return Endpoint.of(IpLiteral.parse(address), PORT);
  }

  private static long siteOf(Sites sites, String address) {
    var endpoint = at(address);
    return sites.of(endpoint.high(), endpoint.low());
  }

  @Test
  void the_smallest_range_of_a_table_counts() {
    var table =
        SiteTable.parse(
            """
            # our sites
            10.0.0.0/8      campus
            10.1.0.0/16     berlin   # and
            10.1.2.3        lab
            10.1.255.0/24   campus
            2001:db8::/32   campus
            2001:db8:1::/48 berlin
            255.255.255.0/24 edge
            ffff::/16 edge
            """);
    long campus = siteOf(table, "10.0.0.0");
    long berlin = siteOf(table, "10.1.0.0");
    long lab = siteOf(table, "10.1.2.3");
    long edge = siteOf(table, "255.255.255.255");
    assertThat(List.of(campus, berlin, lab, edge))
        .doesNotHaveDuplicates()
        .doesNotContain(Sites.NONE);
    assertThat(table.size()).isEqualTo(4);
    record Case(String address, long site) {}
    for (var c :
        List.of(
            new Case("9.255.255.255", Sites.NONE),
            new Case("10.0.255.255", campus),
            new Case("10.1.2.2", berlin),
            new Case("10.1.2.4", berlin),
            new Case("10.1.254.255", berlin),
            new Case("10.1.255.0", campus),
            new Case("10.1.255.255", campus),
            new Case("10.2.0.0", campus),
            new Case("10.255.255.255", campus),
            new Case("11.0.0.0", Sites.NONE),
            new Case("255.255.254.255", Sites.NONE),
            new Case("2001:db7:ffff:ffff:ffff:ffff:ffff:ffff", Sites.NONE),
            new Case("2001:db8::1", campus),
            new Case("2001:db8:1:ffff:ffff:ffff:ffff:ffff", berlin),
            new Case("2001:db8:2::", campus),
            new Case("2001:db9::", Sites.NONE),
            new Case("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", edge),
            new Case("::", Sites.NONE))) {
      assertThat(siteOf(table, c.address)).as(c.address).isEqualTo(c.site);
    }
  }

  /** Against a look at every range, for random tables with many ranges in each other. */
  @Test
  void a_table_finds_what_a_look_at_every_range_finds() {
    for (long seed = 0; seed < 100; seed++) {
      var random = new SplittableRandom(seed);
      var text = new StringBuilder();
      record Range(int first, int bits, int site) {}
      var ranges = new ArrayList<Range>();
      for (int i = 0; i < 30; i++) {
        int bits = random.nextInt(20, 33);
        int first = (0x0A000000 | random.nextInt(1 << 14)) & (-1 << (32 - bits));
        if (ranges.stream().noneMatch(r -> r.first == first && r.bits == bits)) {
          ranges.add(new Range(first, bits, i));
          text.append(dotted(first))
              .append('/')
              .append(bits)
              .append(" site")
              .append(i)
              .append('\n');
        }
      }
      var table = SiteTable.parse(text.toString());
      var names = new HashMap<Long, Integer>();
      for (int i = 0; i < 2_000; i++) {
        int address = 0x0A000000 | random.nextInt(1 << 14);
        Range smallest = null;
        for (var range : ranges) {
          if ((address ^ range.first) >>> (32 - range.bits) == 0
              && (smallest == null || range.bits > smallest.bits)) {
            smallest = range;
          }
        }
        long site = siteOf(table, dotted(address));
        if (smallest == null) {
          assertThat(site).as("seed " + seed).isEqualTo(Sites.NONE);
        } else {
          var before = names.put(site, smallest.site);
          assertThat(before == null || before == smallest.site).as("seed " + seed).isTrue();
        }
      }
    }
  }

  private static String dotted(int address) {
    return (address >>> 24)
        + "."
        + (address >>> 16 & 255)
        + "."
        + (address >>> 8 & 255)
        + "."
        + (address & 255);
  }

  @Test
  void a_line_that_is_wrong_is_named() {
    for (var bad :
        List.of(
            "10.0.0.0/8",
            "10.0.0/8 x",
            "10.0.0.0/33 x",
            "::/129 x",
            "a b",
            "10.0.0.0/x y",
            "1.2.3.4 a b")) {
      assertThatThrownBy(() -> SiteTable.parse("# first\n" + bad + "\n"))
          .as(bad)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("line 2");
    }
    assertThat(siteOf(SiteTable.parse(""), "10.0.0.1")).isEqualTo(Sites.NONE);
  }

  @Test
  void prefixes_make_sites_of_their_own() {
    var sites = Sites.byPrefix(16, 48);
    assertThat(siteOf(sites, "11.1.2.3")).isEqualTo(siteOf(sites, "11.1.255.255"));
    assertThat(siteOf(sites, "11.1.2.3")).isNotEqualTo(siteOf(sites, "11.2.2.3"));
    assertThat(siteOf(sites, "2001:db8:1::1")).isEqualTo(siteOf(sites, "2001:db8:1:9::1"));
    assertThat(siteOf(sites, "2001:db8:1::1")).isNotEqualTo(siteOf(sites, "2001:db8:2::1"));
    assertThat(siteOf(sites, "2001:db8:1::1")).isNotEqualTo(siteOf(sites, "11.1.2.3"));
    assertThat(siteOf(Sites.byPrefix(32, 64), "255.255.255.255")).isNotEqualTo(Sites.NONE);
    for (var bits : new int[][] {{0, 48}, {33, 48}, {16, 0}, {16, 65}}) {
      assertThatThrownBy(() -> Sites.byPrefix(bits[0], bits[1]))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  /** A swarm with the store and the policy that a tracker has. */
  private static final class World {
    private final TrackerLogic logic;

    World(PeerSelection selection, long seed) {
      var policy = TrackerPolicy.DEFAULT;
      var store =
          new CompactPeerStore(policy, new SplittableRandom(seed), new SplittableRandom(~seed));
      store.select(selection);
      logic = new TrackerLogic(policy, store, 0);
    }

    List<Endpoint> announce(Endpoint peer, int numwant, boolean isSeed) {
      var id = new PeerId(new Hash160(peer.high(), peer.low(), 0));
      var request =
          new AnnounceRequest(
              SWARM, id, PORT, 0, 0, isSeed ? 0 : 1, AnnounceEvent.STARTED, numwant, 0);
      return ((AnnounceReply) logic.announce(request, peer, 0)).peers();
    }
  }

  /** Peer {@code number} of a site: every other one by IPv6. */
  private static Endpoint peer(int site, int number) {
    return number % 2 == 0
        ? Endpoint.v4(0x0B000000 + (site << 16) + number, PORT)
        : new Endpoint(0x20010db8_00000000L | (long) site << 16, number, PORT);
  }

  private static int siteOf(Endpoint peer) {
    return (peer.isV4() ? peer.v4Address() >>> 16 : (int) (peer.high() >>> 16)) & 0xFF;
  }

  /** {@code 11.SITE.0.0/16} and {@code 2001:db8:SITE::/48} are one site. */
  private static SiteTable table(int siteCount) {
    var text = new StringBuilder();
    for (int site = 0; site < siteCount; site++) {
      text.append("11.").append(site).append(".0.0/16 s").append(site).append('\n');
      text.append("2001:db8:")
          .append(Integer.toHexString(site))
          .append("::/48 s")
          .append(site)
          .append('\n');
    }
    return SiteTable.parse(text.toString());
  }

  @Test
  void three_quarters_come_from_the_own_site_while_there_are_enough() {
    var world = new World(new Locality(table(4), 25), 1);
    for (int site = 0; site < 4; site++) {
      for (int i = 0; i < 100; i++) {
        world.announce(peer(site, i), 50, false);
      }
    }
    record Case(int numwant, int near, int far) {}
    for (var c :
        List.of(
            new Case(40, 30, 10),
            new Case(100, 75, 25),
            new Case(160, 99, 61),
            new Case(0, 0, 0))) {
      var told = world.announce(peer(2, 7), c.numwant, false);
      assertThat(told).doesNotHaveDuplicates().doesNotContain(peer(2, 7));
      assertThat(told.stream().filter(p -> siteOf(p) == 2))
          .as("near of " + c.numwant)
          .hasSize(c.near);
      assertThat(told.stream().filter(p -> siteOf(p) != 2))
          .as("far of " + c.numwant)
          .hasSize(c.far);
    }
    int far = 0;
    for (int i = 0; i < 1_000; i++) {
      far += siteOf(world.announce(peer(2, 7), 1, false).getFirst()) == 2 ? 0 : 1;
    }
    assertThat(far).as("one wanted: a quarter of the times from elsewhere").isBetween(200, 300);
  }

  @Test
  void where_a_site_has_few_others_fill_up_and_where_all_are_near_nobody_is_missing() {
    var world = new World(new Locality(table(2), 25), 2);
    for (int i = 0; i < 100; i++) {
      world.announce(peer(0, i), 50, false);
    }
    assertThat(world.announce(peer(0, 1), 50, false)).hasSize(50);
    world.announce(peer(1, 0), 50, false);
    assertThat(world.announce(peer(1, 1), 50, false)).hasSize(50).contains(peer(1, 0));
    var stranger = at("203.0.113.1"); // of no site
    assertThat(world.announce(stranger, 50, false)).hasSize(50);
  }

  @Test
  void every_peer_of_a_site_is_as_likely_as_any_other() {
    var world = new World(new Locality(table(2), 20), 3);
    for (int i = 0; i < 60; i++) {
      world.announce(peer(0, i), 1, false);
      world.announce(peer(1, i), 1, false);
    }
    var hits = new HashMap<Endpoint, Integer>();
    for (int i = 0; i < 3_000; i++) {
      world.announce(peer(0, 0), 20, false).forEach(p -> hits.merge(p, 1, Integer::sum));
    }
    hits.forEach(
        (peer, count) -> {
          int expected = siteOf(peer) == 0 ? 3_000 * 16 / 59 : 3_000 * 4 / 60;
          assertThat(count).as(peer.toString()).isBetween(expected * 3 / 4, expected * 5 / 4);
        });
    assertThat(hits).hasSize(119);
  }

  @Test
  void the_graph_of_a_swarm_stays_in_one_piece_and_would_not_without_strangers() {
    int inPieces = 0;
    for (long seed = 0; seed < 40; seed++) {
      var random = new SplittableRandom(seed);
      int siteCount = random.nextInt(2, 20);
      var world = new World(new Locality(table(siteCount), random.nextInt(5, 50)), seed);
      var peers = new ArrayList<Endpoint>();
      for (int site = 0; site < siteCount; site++) {
        int size = random.nextInt(1, random.nextBoolean() ? 10 : 120); // small sites and large ones
        for (int i = 0; i < size; i++) {
          peers.add(peer(site, i));
        }
      }
      shuffle(peers, random);
      var all = new Graph();
      var near = new Graph();
      peers.forEach(p -> world.announce(p, 30, false)); // they come,
      for (var peer : peers) { // and announce once more
        for (var told : world.announce(peer, 30, false)) {
          all.join(peer, told);
          if (siteOf(peer) == siteOf(told)) {
            near.join(peer, told);
          }
        }
      }
      assertThat(all.pieces(peers)).as("seed " + seed).isOne();
      inPieces += near.pieces(peers) > 1 ? 1 : 0;
    }
    assertThat(inPieces).isEqualTo(40);
  }

  private static void shuffle(List<Endpoint> peers, RandomGenerator random) {
    for (int i = peers.size() - 1; i > 0; i--) {
      peers.set(i, peers.set(random.nextInt(i + 1), peers.get(i)));
    }
  }

  /** Peers and who has been told of whom. */
  private static final class Graph {
    private final Map<Endpoint, Endpoint> parents = new HashMap<>();

    Endpoint root(Endpoint peer) {
      var root = peer;
      while (!parents.getOrDefault(root, root).equals(root)) {
        root = parents.get(root);
      }
      parents.put(peer, root);
      return root;
    }

    void join(Endpoint one, Endpoint other) {
      parents.put(root(one), root(other));
    }

    long pieces(List<Endpoint> peers) {
      return peers.stream().map(this::root).distinct().count();
    }
  }

  @Test
  void from_a_large_swarm_it_chooses_among_those_that_are_drawn() {
    var world = new World(new Locality(Sites.byPrefix(16, 48), 25), 5);
    for (int i = 0; i < 20_000; i++) {
      world.announce(Endpoint.v4(0x0B000000 + ((i % 10) << 16) + i / 10, PORT), 0, i % 3 == 0);
    }
    var asker = Endpoint.v4(0x0B000000 + 5, PORT); // 0x0B00, and a leecher or not as it was
    var told = world.announce(asker, 40, false);
    assertThat(told).hasSize(40).doesNotHaveDuplicates();
    assertThat(told.stream().filter(p -> siteOf(p) == 0)).hasSize(30);
  }

  @Test
  void private_networks_are_told_to_themselves_only() {
    var networks =
        List.of(
            List.of("10.1.2.3", "10.200.0.1"),
            List.of("172.16.0.1", "172.31.255.254"),
            List.of("192.168.0.1", "192.168.255.1"),
            List.of("100.64.0.1", "100.127.0.1"),
            List.of("169.254.0.1", "169.254.9.9"),
            List.of("fd00:1:2::1", "fd00:1:2:3::1"),
            List.of("fd00:1:3::1", "fd00:1:3:3::1"),
            List.of("fe80::1", "fe80::2"),
            List.of("8.8.8.8", "2001:db8::1"));
    int last = networks.size() - 1; // the internet, which all may be told
    for (var selection : List.of(PeerSelection.RANDOM, new Locality(Sites.byPrefix(1, 1), 50))) {
      var world = new World(selection, 6);
      networks.forEach(network -> network.forEach(a -> world.announce(at(a), 50, false)));
      for (int i = 0; i <= last; i++) {
        var mayKnow = new ArrayList<Endpoint>();
        networks.get(i).forEach(a -> mayKnow.add(at(a)));
        networks.get(last).forEach(a -> mayKnow.add(at(a)));
        for (var asker : networks.get(i)) {
          assertThat(world.announce(at(asker), 50, false))
              .as(asker)
              .isSubsetOf(mayKnow)
              .contains(at(networks.get(i).get(asker.equals(networks.get(i).get(0)) ? 1 : 0)));
        }
      }
      world.announce(at("127.0.0.1"), 50, false);
      assertThat(world.announce(at("127.0.0.1").withPort(PORT), 50, false))
          .hasSize(2 * networks.size());
    }
  }

  @Test
  void nothing_but_shares_of_a_hundred_are_taken() {
    for (int percent : new int[] {0, -1, 101}) {
      assertThatThrownBy(() -> new Locality(Sites.byPrefix(16, 48), percent))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
