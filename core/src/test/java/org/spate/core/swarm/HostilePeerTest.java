package org.spate.core.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.spate.core.Hash256;
import org.spate.core.metainfo.PieceGeometry;
import org.spate.core.wire.Extensions;
import org.spate.core.wire.PeerMessage;

/** What a swarm does with peers that break the protocol (threats 20, 25 to 28). */
class HostilePeerTest {
  private static final int PIECES = 20;
  private static final int BLOCK = PieceGeometry.BLOCK_LENGTH;
  private static final PieceGeometry GEOMETRY = PieceGeometry.plain(19 * 65536 + 40_000, 65536);

  private static final PeerMessage HAVE_ALL = new PeerMessage.HaveAll();
  private static final PeerMessage HAVE_NONE = new PeerMessage.HaveNone();
  private static final PeerMessage INTERESTED = new PeerMessage.Interested();
  private static final PeerMessage NOT_INTERESTED = new PeerMessage.NotInterested();
  private static final PeerMessage CHOKE = new PeerMessage.Choke();
  private static final PeerMessage UNCHOKE = new PeerMessage.Unchoke();

  private static Arguments row(
      long flags, @Nullable CloseReason reason, String name, PeerMessage... messages) {
    return Arguments.of(flags, reason, name, List.of(messages));
  }

  private static Arguments fast(
      @Nullable CloseReason reason, String name, PeerMessage... messages) {
    return row(LoneSwarm.FAST, reason, name, messages);
  }

  private static Arguments plain(
      @Nullable CloseReason reason, String name, PeerMessage... messages) {
    return row(LoneSwarm.PLAIN, reason, name, messages);
  }

  private static PeerMessage bitfield(int... bytes) {
    var bits = new byte[bytes.length];
    IntStream.range(0, bytes.length).forEach(i -> bits[i] = (byte) bytes[i]);
    return new PeerMessage.Bitfield(bits);
  }

  static Stream<Arguments> conduct() {
    var indexed = new ArrayList<Arguments>();
    Map<String, IntFunction<PeerMessage>> byIndex =
        new TreeMap<>(
            Map.of(
                "have", PeerMessage.Have::new,
                "suggest", PeerMessage.SuggestPiece::new,
                "allowed fast", PeerMessage.AllowedFast::new,
                "dont-have", PeerMessage.DontHave::new,
                "reject", i -> new PeerMessage.RejectRequest(i, 0, BLOCK)));
    byIndex.forEach(
        (name, message) -> {
          for (int index : new int[] {-1, PIECES, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
            indexed.add(fast(CloseReason.BAD_INDEX, name + " " + index, message.apply(index)));
          }
          indexed.add(fast(null, name + " of the last piece", message.apply(PIECES - 1)));
        });
    return Stream.concat(
        indexed.stream(),
        Stream.of(
            fast(CloseReason.BAD_BITFIELD, "a short bitfield", bitfield(0xFF, 0xFF)),
            fast(CloseReason.BAD_BITFIELD, "a long bitfield", bitfield(0, 0, 0, 0)),
            fast(CloseReason.BAD_BITFIELD, "an empty bitfield", bitfield()),
            fast(CloseReason.BAD_BITFIELD, "a spare bit", bitfield(0xFF, 0xFF, 0xF8)),
            fast(CloseReason.BAD_BITFIELD, "the last spare bit", bitfield(0, 0, 1)),
            fast(null, "a full bitfield", bitfield(0xFF, 0xFF, 0xF0)),
            fast(null, "two bitfields", bitfield(0, 0, 0), bitfield(0xFF, 0, 0)),
            fast(CloseReason.BAD_BITFIELD, "a late one", HAVE_NONE, bitfield(0xFF)),
            fast(
                null,
                "a bitfield behind a have, as aria2 puts haves together",
                new PeerMessage.Have(1),
                bitfield(0xFF, 0, 0)),
            fast(null, "have none, then all", HAVE_NONE, HAVE_ALL),
            fast(null, "have all, then a bitfield", HAVE_ALL, bitfield(0, 0, 0)),
            fast(CloseReason.LATE_HAVE_NONE, "have all, then none", HAVE_ALL, HAVE_NONE),
            plain(CloseReason.FAST_NOT_NEGOTIATED, "have all", HAVE_ALL),
            plain(CloseReason.FAST_NOT_NEGOTIATED, "have none", HAVE_NONE),
            plain(CloseReason.FAST_NOT_NEGOTIATED, "allowed", new PeerMessage.AllowedFast(1)),
            plain(CloseReason.FAST_NOT_NEGOTIATED, "suggest", new PeerMessage.SuggestPiece(1)),
            plain(
                CloseReason.FAST_NOT_NEGOTIATED, "reject", new PeerMessage.RejectRequest(0, 0, 1)),
            fast(CloseReason.BAD_REQUEST, "request -1", request(-1, 0, BLOCK)),
            fast(CloseReason.BAD_REQUEST, "request behind the end", request(PIECES, 0, BLOCK)),
            fast(CloseReason.BAD_REQUEST, "request of nothing", request(0, 0, 0)),
            fast(CloseReason.BAD_REQUEST, "request of less", request(0, 0, -1)),
            fast(CloseReason.BAD_REQUEST, "request before a piece", request(0, -1, BLOCK)),
            fast(
                CloseReason.BAD_REQUEST,
                "request over the edge",
                request(0, 65536 - BLOCK + 1, BLOCK)),
            fast(
                CloseReason.BAD_REQUEST,
                "request that wraps",
                request(0, Integer.MAX_VALUE, BLOCK)),
            fast(CloseReason.BAD_REQUEST, "request of 2 GB", request(0, 0, Integer.MAX_VALUE)),
            fast(
                CloseReason.BAD_REQUEST,
                "beyond the short piece",
                request(PIECES - 1, 32768, BLOCK)),
            fast(null, "request of an odd range", request(0, 5, 77)),
            fast(null, "request of the short piece", request(PIECES - 1, 32768, 40_000 - 32768)),
            fast(null, "cancel of nothing", new PeerMessage.Cancel(-1, -1, -1)),
            fast(null, "reject of nothing", new PeerMessage.RejectRequest(0, Integer.MIN_VALUE, 0)),
            fast(
                null,
                "hashes unasked",
                new PeerMessage.Hashes(Hash256.of(new byte[32]), 0, 0, 2, 1, new byte[64])),
            fast(null, "unknown", new PeerMessage.Unknown(99, 1000))));
  }

  private static PeerMessage request(int index, int begin, int length) {
    return new PeerMessage.Request(index, begin, length);
  }

  @ParameterizedTest(name = "{2}: {1}")
  @MethodSource("conduct")
  void aPeerThatBreaksTheProtocolIsClosedWithItsReason(
      long flags, @Nullable CloseReason reason, String name, List<PeerMessage> messages) {
    for (var world : List.of(LoneSwarm.seed(GEOMETRY), LoneSwarm.leecher(GEOMETRY))) {
      int link = world.link(flags);
      world.says(link, messages.toArray(PeerMessage[]::new));

      assertThat(world.closed(link)).as(name).isEqualTo(reason);
      world.passSeconds(30);
      assertThat(world.blocks.leaked()).isZero();
    }
  }

  @Test
  void aLateBitfieldAddsToWhatIsKnownAndTakesNothingBack() {
    var world = LoneSwarm.leecher(GEOMETRY);
    int link = world.link(LoneSwarm.FAST);
    world.says(link, new PeerMessage.Have(1), UNCHOKE, bitfield(0x81, 0, 0));

    var peer = world.swarm.status(world.now()).peers().getFirst();
    assertThat(peer.piecesHad()).isEqualTo(3);
    assertThat(world.closed(link)).isNull();
  }

  @Test
  void aRejectOfPieceMinusOneMeetsNoRequestThatWasTakenOut() {
    var world = LoneSwarm.leecher(GEOMETRY);
    int link = world.link(LoneSwarm.FAST);
    world.says(link, HAVE_ALL, UNCHOKE);
    var requests = world.said(link, PeerMessage.Request.class);
    var second = requests.get(1);
    world.says(link, world.piece(second.index(), second.begin(), second.length()));

    world.says(link, new PeerMessage.RejectRequest(-1, second.begin(), second.length()));

    assertThat(world.closed(link)).isEqualTo(CloseReason.BAD_INDEX);
    assertThat(world.swarm.status(world.now()).peers()).isEmpty();
  }

  static Stream<Arguments> blocksNobodyAskedFor() {
    return Stream.of(
        Arguments.of("never asked for", 3, 0, BLOCK),
        Arguments.of("piece -1", -1, 0, BLOCK),
        Arguments.of("piece behind the end", PIECES, 0, BLOCK),
        Arguments.of("between two blocks", 0, 1, BLOCK),
        Arguments.of("before a piece", 0, -BLOCK, BLOCK),
        Arguments.of("behind a piece", 0, 65536, BLOCK),
        Arguments.of("too short", 0, 0, BLOCK - 1),
        Arguments.of("too long", 0, 0, BLOCK + 1),
        Arguments.of("empty", 0, 0, 0));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("blocksNobodyAskedFor")
  void blocksNobodyAskedForCloseTheLinkAndAreGivenBack(
      String name, int index, int begin, int length) {
    var world = LoneSwarm.leecher(GEOMETRY);
    int link = world.link(LoneSwarm.FAST);
    world.says(link, HAVE_NONE, world.piece(index, begin, length));

    assertThat(world.closed(link)).as(name).isEqualTo(CloseReason.UNSOLICITED);
    assertThat(world.writes).isEmpty();
    assertThat(world.blocks.leaked()).isZero();
  }

  @Test
  void aBlockSentTwiceIsStoredOnceAndTheSecondClosesTheLink() {
    var world = LoneSwarm.leecher(GEOMETRY);
    int link = world.link(LoneSwarm.FAST);
    world.says(link, HAVE_ALL, UNCHOKE);
    var first = world.said(link, PeerMessage.Request.class).getFirst();

    world.says(link, world.piece(first.index(), first.begin(), first.length()));
    assertThat(world.closed(link)).isNull();
    world.says(link, world.piece(first.index(), first.begin(), first.length()));

    assertThat(world.closed(link)).isEqualTo(CloseReason.UNSOLICITED);
    assertThat(world.writes).hasSize(1);
    assertThat(world.blocks.leaked()).isZero();
  }

  static Stream<Arguments> floods() {
    var root = Hash256.of(new byte[32]);
    var handshake =
        new PeerMessage.ExtensionHandshake(
            new Extensions(Map.of(), null, 0, 0, false, 0, false, null));
    return Stream.of(
        flood("keep-alive", new PeerMessage.KeepAlive()),
        flood("interested", INTERESTED),
        flood("interested and not", INTERESTED, NOT_INTERESTED),
        flood("choke", CHOKE),
        flood("choke and unchoke", UNCHOKE, CHOKE),
        flood("have", new PeerMessage.Have(1)),
        flood("have and dont-have", new PeerMessage.Have(1), new PeerMessage.DontHave(1)),
        flood("cancel", new PeerMessage.Cancel(0, 0, BLOCK)),
        flood("port", new PeerMessage.Port(1)),
        flood("suggest", new PeerMessage.SuggestPiece(1)),
        flood("allowed fast", new PeerMessage.AllowedFast(1)),
        flood("reject", new PeerMessage.RejectRequest(0, 0, BLOCK)),
        flood("upload only", new PeerMessage.UploadOnly(true)),
        flood("extension handshake", handshake),
        flood("unknown", new PeerMessage.Unknown(77, 0)),
        flood("extended", new PeerMessage.Extended(9, new byte[3])),
        flood("hash request", new PeerMessage.HashRequest(root, 0, 0, 2, 1)),
        flood("hash reject", new PeerMessage.HashReject(root, 0, 0, 2, 1)),
        flood("request while choked", request(0, 0, BLOCK)),
        flood("request and cancel", request(0, 0, BLOCK), new PeerMessage.Cancel(0, 0, BLOCK)));
  }

  private static Arguments flood(String name, PeerMessage... cycle) {
    return Arguments.of(name, List.of(cycle));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("floods")
  void aFloodIsClosedWithinABoundAndAnsweredWithNoMore(String name, List<PeerMessage> cycle) {
    for (var world : List.of(LoneSwarm.seed(GEOMETRY), LoneSwarm.leecher(GEOMETRY))) {
      int link = world.link(LoneSwarm.FAST);
      world.says(link, HAVE_NONE);
      int messages = 0;
      for (; world.closed(link) == null && messages < 1_000_000; messages++) {
        world.says(link, cycle.get(messages % cycle.size()));
      }

      assertThat(world.closed(link)).isEqualTo(CloseReason.MESSAGE_FLOOD);
      assertThat(messages).isLessThanOrEqualTo(2 * Connector.NUISANCE_MAX + 2);
      assertThat(world.said(link)).hasSizeLessThanOrEqualTo(messages + 20);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("floods")
  void aFewOfThemASecondAreNoFlood(String name, List<PeerMessage> cycle) {
    var world = LoneSwarm.seed(GEOMETRY);
    int link = world.link(LoneSwarm.FAST);
    world.says(link, HAVE_NONE);
    for (int second = 0; second < 100; second++) {
      for (int i = 0; i < 30; i++) {
        world.says(link, cycle.get(i % cycle.size()));
      }
      world.passSeconds(1);
      world.readAll();
    }
    assertThat(world.closed(link)).as(name).isNotEqualTo(CloseReason.MESSAGE_FLOOD);
  }

  @Test
  void requestsWhileChokedAreRejectedOneByOne() {
    var world = LoneSwarm.seed(GEOMETRY);
    int link = world.link(LoneSwarm.FAST);
    for (int i = 0; i < 100; i++) {
      world.says(link, request(i % PIECES, 0, BLOCK));
    }
    assertThat(world.said(link, PeerMessage.RejectRequest.class)).hasSize(100);
    assertThat(world.reads).isEmpty();
  }

  @Test
  void aPeerWithoutFastThatRequestsWhileChokedHearsNothing() {
    var world = LoneSwarm.seed(GEOMETRY);
    int link = world.link(LoneSwarm.PLAIN);
    int before = world.said(link).size();
    world.says(link, request(0, 0, BLOCK));
    assertThat(world.said(link)).hasSize(before);
  }

  @Test
  void aRequestFloodFillsABoundedQueueAndTheRestIsRejected() {
    var world = LoneSwarm.seed(GEOMETRY);
    int link = world.link(LoneSwarm.FAST);
    world.says(link, HAVE_NONE, INTERESTED);
    assertThat(world.said(link)).contains(UNCHOKE);
    int requests = 0;
    for (; world.closed(link) == null && requests < 100_000; requests++) {
      world.says(link, request(requests % PIECES, 0, BLOCK));
      if (world.closed(link) == null) {
        assertThat(world.status(link).requestsIn()).isLessThanOrEqualTo(UploadQueue.REQUESTS_MAX);
      }
    }
    // Nothing was read from the link: what was handed out is bounded too.
    int handedOut = world.reads.stream().mapToInt(SwarmOutput.ReadBlock::length).sum();
    assertThat(handedOut).isLessThanOrEqualTo(256 * 1024);
    assertThat(world.closed(link)).isEqualTo(CloseReason.MESSAGE_FLOOD);
    assertThat(requests)
        .isLessThanOrEqualTo(UploadQueue.REQUESTS_MAX + Connector.NUISANCE_MAX + 20);
  }

  @Test
  void aPeerWithoutFastThatFloodsRequestsIsClosedWhenItsQueueIsFull() {
    var world = LoneSwarm.seed(GEOMETRY);
    int link = world.link(LoneSwarm.PLAIN);
    world.says(link, INTERESTED);
    for (int i = 0; i < UploadQueue.REQUESTS_MAX + 20; i++) {
      world.says(link, request(i % PIECES, 0, BLOCK));
    }
    assertThat(world.closed(link)).isEqualTo(CloseReason.REQUEST_FLOOD);
  }

  @Test
  void aPeerThatUnchokesAndChokesInALoopGetsABoundedNumberOfRequests() {
    for (long flags : new long[] {LoneSwarm.FAST, LoneSwarm.PLAIN}) {
      var world = LoneSwarm.leecher(GEOMETRY);
      int link = world.link(flags);
      world.says(link, bitfield(0xFF, 0xFF, 0xF0));
      for (int i = 0; i < 10_000 && world.closed(link) == null; i++) {
        world.says(link, UNCHOKE, CHOKE);
      }
      assertThat(world.closed(link)).isEqualTo(CloseReason.MESSAGE_FLOOD);
      assertThat(world.said(link, PeerMessage.Request.class))
          .hasSizeLessThanOrEqualTo((Connector.NUISANCE_MAX + 1) * RequestPipeline.DEPTH_MIN);
    }
  }
}
