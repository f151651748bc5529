package org.spate.core.announce;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.spate.core.Endpoint;
import org.spate.core.Hash160;

/** BEP 15 and 41, both sides: published packets, round trips, hostile lengths. */
class UdpPacketTest {
  private static final int TRANSACTION = 0x11223344;
  private static final long CONNECTION = 0x0102030405060708L;

  @Test
  void requests_are_the_published_bytes_both_ways() {
    bothWays("bep15-connect", new UdpRequest.Connect(TRANSACTION));
    bothWays(
        "bep15-announce", new UdpRequest.Announce(CONNECTION, TRANSACTION, Samples.STARTED, ""));
  }

  private static void bothWays(String vector, UdpRequest request) {
    var packet = Vectors.hex(vector);
    assertThat(UdpRequest.decode(packet, packet.length)).isEqualTo(request);
    assertThat(request.encode()).isEqualTo(packet);
  }

  @Test
  void responses_are_the_published_bytes_both_ways() {
    var peers = List.of(Endpoint.v4(0xC0000201, 6881), Endpoint.v4(0xCB007109, 51413));
    bothWays("bep15-connect-r", new UdpResponse.Connected(TRANSACTION, CONNECTION));
    bothWays(
        "bep15-announce-r",
        new UdpResponse.Announced(TRANSACTION, AnnounceReply.of(1800, 5, 7, peers)));
    bothWays(
        "bep15-scrape-r",
        new UdpResponse.Scraped(
            TRANSACTION, List.of(new SwarmCounts(5, 100, 7), SwarmCounts.NONE)));
    bothWays("bep15-error", new UdpResponse.Refused(TRANSACTION, "bad"));
  }

  private static void bothWays(String vector, UdpResponse response) {
    var packet = Vectors.hex(vector);
    assertThat(UdpResponse.decode(packet, packet.length, false)).isEqualTo(response);
    assertThat(response.encode(false)).isEqualTo(packet);
  }

  @Test
  void url_data_is_joined_over_options_and_ends_where_the_options_do() {
    var path = "0c2f6469723f613d6226633d64"; // length 12 and /dir?a=b&c=d (BEP 41)
    assertUrlData("02" + path, "/dir?a=b&c=d");
    assertUrlData("02" + path + "010100", "/dir?a=b&c=d");
    assertUrlData(Vectors.of("bep41-1").get("hex").stringValue(), "/dir?a=b&c=d");
    assertUrlData("0200", "");
    assertUrlData("01010203" + "2f6162" + "0202" + "6364", "/abcd");
    assertUrlData("7703ffffff" + "02012f", "/");
    assertUrlData("00" + "02012f", "");
    assertUrlData("02012f" + "02ff61", "/");
    assertUrlData("02", "");
  }

  private static void assertUrlData(String options, String urlData) {
    var hex = Vectors.of("bep15-announce").get("hex").stringValue() + options;
    var packet = HexFormat.of().parseHex(hex);
    var announce = (UdpRequest.Announce) UdpRequest.decode(packet, packet.length);
    assertThat(announce.urlData()).as(options).isEqualTo(urlData);
  }

  @Test
  void random_requests_survive_the_trip() {
    for (int seed = 0; seed < 300; seed++) {
      var random = new SplittableRandom(seed);
      var path = "/" + "x".repeat(random.nextInt(UdpRequest.URL_DATA_LENGTH_MAX));
      var announce =
          new UdpRequest.Announce(
              random.nextLong(), random.nextInt(), Samples.request(random), path);
      var hashes =
          IntStream.range(0, random.nextInt(1, 75)).mapToObj(_ -> Samples.hash(random)).toList();
      var scrape = new UdpRequest.Scrape(random.nextLong(), random.nextInt(), hashes);
      for (UdpRequest request : List.of(announce, scrape)) {
        var packet = request.encode();
        assertThat(UdpRequest.decode(packet, packet.length)).as("seed " + seed).isEqualTo(request);
      }
    }
  }

  @Test
  void random_replies_survive_the_trip_with_the_peers_of_their_family() {
    for (int seed = 0; seed < 300; seed++) {
      var random = new SplittableRandom(seed);
      boolean v6 = random.nextBoolean();
      var all = Samples.peers(random, true, true);
      var reply = AnnounceReply.of(random.nextInt(9999), 3, 4, all);
      var packet = new UdpResponse.Announced(seed, reply).encode(v6);
      var back = (UdpResponse.Announced) UdpResponse.decode(packet, packet.length, v6);
      assertThat(back.reply().peers())
          .as("seed " + seed)
          .isEqualTo(all.stream().filter(peer -> peer.isV4() != v6).toList());
    }
  }

  @Test
  void packets_cut_short_are_nothing_and_bytes_behind_the_end_do_not_count() {
    var announce = Vectors.hex("bep15-announce");
    for (int length = 0; length < announce.length; length++) {
      assertThat(UdpRequest.decode(announce, length)).as("%d bytes", length).isNull();
    }
    var reply = Vectors.hex("bep15-announce-r");
    for (int length = 0; length < 20; length++) {
      assertThat(UdpResponse.decode(reply, length, false)).as("%d bytes", length).isNull();
    }
    var announced = (UdpResponse.Announced) UdpResponse.decode(reply, reply.length - 1, false);
    assertThat(announced.reply().peers()).hasSize(1);
  }

  @Test
  void hostile_numbers_become_harmless_ones() {
    var packet = Vectors.hex("bep15-announce");
    Arrays.fill(packet, 56, 98, (byte) 0xFF);
    var request = ((UdpRequest.Announce) UdpRequest.decode(packet, packet.length)).request();
    assertThat(request.left()).isEqualTo(Long.MAX_VALUE);
    assertThat(request.uploaded()).isZero();
    assertThat(request.event()).isEqualTo(AnnounceEvent.NONE);

    var reply = Vectors.hex("bep15-announce-r");
    Arrays.fill(reply, 8, 20, (byte) 0xFF);
    assertThat(((UdpResponse.Announced) UdpResponse.decode(reply, reply.length, false)).reply())
        .isEqualTo(
            AnnounceReply.of(
                0, 0, 0, List.of(Endpoint.v4(0xC0000201, 6881), Endpoint.v4(0xCB007109, 51413))));
  }

  @Test
  void unknown_actions_and_a_connect_without_the_magic_are_nothing() {
    var connect = Vectors.hex("bep15-connect");
    connect[0] = 1;
    assertThat(UdpRequest.decode(connect, 16)).isNull();
    assertThat(UdpRequest.decode(new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9, 0, 0, 0, 0}, 16))
        .isNull();
    assertThat(UdpResponse.decode(new byte[] {0, 0, 0, 9, 0, 0, 0, 0}, 8, false)).isNull();
  }

  @Test
  void a_scrape_of_more_swarms_than_fit_is_cut() {
    var packet = new byte[16 + 100 * Hash160.BYTES];
    packet[11] = UdpRequest.SCRAPE;
    var scrape = (UdpRequest.Scrape) UdpRequest.decode(packet, packet.length);
    assertThat(scrape.infoHashes()).hasSize(UdpRequest.SCRAPE_COUNT_MAX);
  }
}
