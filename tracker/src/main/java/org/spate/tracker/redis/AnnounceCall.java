package org.spate.tracker.redis;

import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.spate.core.BigEndian;
import org.spate.core.Endpoint;
import org.spate.core.announce.AnnounceEvent;
import org.spate.core.tracker.Announcement;
import org.spate.core.tracker.Answer;
import org.spate.core.tracker.Answer.Listing;
import org.spate.core.tracker.Families;
import org.spate.core.tracker.Later;
import org.spate.core.tracker.PeerSelection;
import org.spate.core.tracker.Reach;

/** An announce under way to the store, and the answer that comes of it. */
final class AnnounceCall extends Call implements Later<Answer> {
  private static final Listing[] LISTINGS = Listing.values();
  private static final byte[] NOTHING = {};

  /** How many peers are drawn for a selection that is not content with any. */
  private static final int CANDIDATE_COUNT_MAX = 200;

  private final RedisStore store;
  private final Asked asked;
  private final Endpoint asker;
  private final Reach reach;
  private final Answer answer;
  private @Nullable Consumer<? super Answer> taker;
  private boolean isKnown;

  /**
   * What is asked of the store.
   *
   * @param announcement a copy for later
   * @param peerCountMax for how many peers there is room
   * @param room whether a newcomer finds any
   * @param turn any number, which tells where in the drawn peers to begin
   * @param selection which of those are told
   */
  record Asked(
      Announcement announcement, int peerCountMax, Room room, int turn, PeerSelection selection) {
    int numwant() {
      return Math.min(announcement.numwant(), peerCountMax);
    }

    int drawCount() {
      boolean isChoosy = !selection.isRandom() && numwant() > 0;
      return isChoosy ? Math.max(numwant(), CANDIDATE_COUNT_MAX) : numwant();
    }
  }

  /**
   * Whether there is room for a newcomer.
   *
   * @param refusal what it is told if not, or LISTED
   * @param full what the store has too many of, of which the oldest make room: "p" for peers and
   *     "t" for torrents
   */
  record Room(Listing refusal, String full) {}

  AnnounceCall(RedisStore store, Asked asked, long epochSeconds, long nowNanos) {
    super(
        Script.ANNOUNCE,
        nowNanos,
        keys(asked.announcement),
        compact(asked.announcement.peer()),
        decimal(epochSeconds),
        decimal(store.lifeSeconds()),
        event(asked.announcement.event()),
        asked.room.refusal == Listing.LISTED ? NOTHING : decimal(asked.room.refusal.ordinal()),
        SliceKeys.bytes(asked.room.full),
        decimal(asked.drawCount()),
        decimal(asked.announcement.families() == Families.BOTH ? 2 : 1));
    this.store = store;
    this.asked = asked;
    asker = asked.announcement.peer();
    reach = Reach.of(asker.high(), asker.low());
    answer = new Answer(asked.numwant());
  }

  private static byte[][] keys(Announcement announcement) {
    var swarm = SliceKeys.swarm(announcement.infoHash());
    int slice = SliceKeys.sliceOf(announcement.infoHashStart());
    char kind = announcement.isSeed() ? 's' : 'l';
    char otherKind = announcement.isSeed() ? 'l' : 's';
    char family = announcement.isV4() ? '4' : '6';
    char otherFamily = announcement.isV4() ? '6' : '4';
    return new byte[][] {
      SliceKeys.bytes(swarm + kind + family),
      SliceKeys.bytes(swarm + otherKind + family),
      SliceKeys.bytes(swarm + kind + otherFamily),
      SliceKeys.bytes(swarm + otherKind + otherFamily),
      SliceKeys.bytes(swarm + "d"),
      SliceKeys.due(slice),
      SliceKeys.held(slice)
    };
  }

  private static byte[] compact(Endpoint peer) {
    var address = peer.address();
    var compact = new byte[address.length + 2];
    System.arraycopy(address, 0, compact, 0, address.length);
    BigEndian.putShort(compact, address.length, peer.port());
    return compact;
  }

  static byte[] decimal(long number) {
    return Long.toString(number).getBytes(StandardCharsets.ISO_8859_1);
  }

  private static byte[] event(AnnounceEvent event) {
    return switch (event) {
      case COMPLETED -> COMPLETED;
      case STOPPED -> STOPPED;
      case STARTED, NONE -> NOTHING;
    };
  }

  private static final byte[] COMPLETED = "completed".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] STOPPED = "stopped".getBytes(StandardCharsets.US_ASCII);

  @Override
  public void whenKnown(Consumer<? super Answer> taker) {
    this.taker = taker;
    tell();
  }

  private void tell() {
    if (isKnown && taker != null) {
      var told = taker;
      taker = null;
      told.accept(answer);
    }
  }

  @Override
  void onEnd(@Nullable ScriptReply reply) {
    if (reply == null) {
      answer.begin(Listing.NO_STORE);
    } else {
      answer.begin(LISTINGS[Math.clamp(reply.number(0), 0, LISTINGS.length - 1)]);
      store.onAnnounced(asker, reply.number(1) != 0, reply.count(2));
      answer.counts(reply.count(3), reply.count(4), reply.count(5));
      answer.evicted(reply.count(6), reply.count(7));
      tell(reply);
    }
    isKnown = true;
    tell();
  }

  private void tell(ScriptReply reply) {
    var drawn = asked.selection.isRandom() ? answer : new Answer(asked.drawCount());
    tell(reply.text(asker.isV4() ? 0 : 1), true, drawn);
    tell(reply.text(asker.isV4() ? 1 : 0), false, drawn);
    if (!asked.selection.isRandom()) {
      asked.selection.choose(
          drawn, asked.announcement, asked.numwant(), store.dice()::nextInt, answer);
    }
  }

  /**
   * Adds those drawn of one family. They come in the order of the store and one more than are
   * wanted, so they are gone through from any of them on.
   */
  private void tell(byte[] drawn, boolean isV4, Answer told) {
    int bytes = isV4 ? Answer.V4_BYTES : Answer.V6_BYTES;
    int count = drawn.length / bytes;
    for (int i = 0; i < count && told.peerCount() < told.peerCountMax(); i++) {
      int at = Math.floorMod(asked.turn + i, count) * bytes;
      if (isV4) {
        tellV4(BigEndian.intAt(drawn, at), BigEndian.shortAt(drawn, at + 4), told);
      } else {
        tellV6(
            BigEndian.longAt(drawn, at),
            BigEndian.longAt(drawn, at + 8),
            BigEndian.shortAt(drawn, at + 16),
            told);
      }
    }
  }

  private void tellV4(int address, int port, Answer told) {
    boolean isAsker = asker.isV4() && asker.v4Address() == address && asker.port() == port;
    if (!isAsker && Reach.ofV4(address).isWithin(reach)) {
      told.addV4(address, port << 16);
    }
  }

  private void tellV6(long high, long low, int port, Answer told) {
    boolean isAsker = asker.high() == high && asker.low() == low && asker.port() == port;
    if (!isAsker && Reach.isWithin(high, low, reach, asker.high())) {
      told.addV6(high, low, port);
    }
  }
}
