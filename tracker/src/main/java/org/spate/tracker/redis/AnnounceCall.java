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
import org.spate.core.tracker.Reach;

/** An announce under way to the store, and the answer that comes of it. */
final class AnnounceCall extends Call implements Later<Answer> {
  private static final Listing[] LISTINGS = Listing.values();
  private static final byte[] NOTHING = {};

  private final RedisStore store;
  private final Endpoint asker;
  private final Reach reach;
  private final int turn;
  private final Answer answer;
  private @Nullable Consumer<? super Answer> taker;
  private boolean isKnown;

  /**
   * Of one announcement.
   *
   * @param refusal what a newcomer is told if there is no room for it, or LISTED
   * @param turn any number, which tells where in the drawn peers to begin
   */
  static AnnounceCall of(
      RedisStore store,
      Announcement announcement,
      int peerCountMax,
      Listing refusal,
      int turn,
      long epochSeconds,
      long nowNanos) {
    var swarm = SliceKeys.swarm(announcement.infoHash());
    int slice = SliceKeys.sliceOf(announcement.infoHashStart());
    boolean isV4 = announcement.isV4();
    char kind = announcement.isSeed() ? 's' : 'l';
    char otherKind = announcement.isSeed() ? 'l' : 's';
    char family = isV4 ? '4' : '6';
    char otherFamily = isV4 ? '6' : '4';
    byte[][] keys = {
      SliceKeys.bytes(swarm + kind + family),
      SliceKeys.bytes(swarm + otherKind + family),
      SliceKeys.bytes(swarm + kind + otherFamily),
      SliceKeys.bytes(swarm + otherKind + otherFamily),
      SliceKeys.bytes(swarm + "d"),
      SliceKeys.due(slice),
      SliceKeys.held(slice)
    };
    return new AnnounceCall(
        store, announcement, peerCountMax, turn, nowNanos, keys, refusal, epochSeconds);
  }

  private AnnounceCall(
      RedisStore store,
      Announcement announcement,
      int peerCountMax,
      int turn,
      long nowNanos,
      byte[][] keys,
      Listing refusal,
      long epochSeconds) {
    super(
        Script.ANNOUNCE,
        nowNanos,
        keys,
        compact(announcement.peer()),
        decimal(epochSeconds),
        decimal(store.lifeSeconds()),
        event(announcement.event()),
        refusal == Listing.LISTED ? NOTHING : decimal(refusal.ordinal()),
        decimal(refusal == Listing.TOO_MANY_TORRENTS ? 1 : 0),
        decimal(Math.min(announcement.numwant(), peerCountMax)),
        decimal(announcement.families() == Families.BOTH ? 2 : 1));
    this.store = store;
    this.turn = turn;
    asker = announcement.peer();
    reach = Reach.of(asker.high(), asker.low());
    answer = new Answer(Math.min(announcement.numwant(), peerCountMax));
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
      tell(reply.text(asker.isV4() ? 0 : 1), true);
      tell(reply.text(asker.isV4() ? 1 : 0), false);
    }
    isKnown = true;
    tell();
  }

  /**
   * Adds those drawn of one family. They come in the order of the store and one more than are
   * wanted, so they are gone through from any of them on.
   */
  private void tell(byte[] drawn, boolean isV4) {
    int bytes = isV4 ? Answer.V4_BYTES : Answer.V6_BYTES;
    int count = drawn.length / bytes;
    for (int i = 0; i < count && answer.peerCount() < answer.peerCountMax(); i++) {
      int at = Math.floorMod(turn + i, count) * bytes;
      if (isV4) {
        tellV4(BigEndian.intAt(drawn, at), BigEndian.shortAt(drawn, at + 4));
      } else {
        tellV6(
            BigEndian.longAt(drawn, at),
            BigEndian.longAt(drawn, at + 8),
            BigEndian.shortAt(drawn, at + 16));
      }
    }
  }

  private void tellV4(int address, int port) {
    boolean isAsker = asker.isV4() && asker.v4Address() == address && asker.port() == port;
    if (!isAsker && Reach.ofV4(address).isWithin(reach)) {
      answer.addV4(address, port << 16);
    }
  }

  private void tellV6(long high, long low, int port) {
    boolean isAsker = asker.high() == high && asker.low() == low && asker.port() == port;
    if (!isAsker && Reach.of(high, low).isWithin(reach)) {
      answer.addV6(high, low, port);
    }
  }
}
