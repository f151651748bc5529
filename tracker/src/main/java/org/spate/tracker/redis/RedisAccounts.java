package org.spate.tracker.redis;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.spate.core.Hash160;
import org.spate.core.tracker.AccountBook;
import org.spate.core.tracker.Accounts;
import org.spate.core.tracker.Announcement;

/**
 * The accounts in the shared store, as one event loop sees them: whichever node a client announces
 * to, it is booked for the same account. A booking that fails is made up for by the next one, since
 * clients tell counters that only grow.
 */
final class RedisAccounts implements Accounts {
  /** What a double holds exactly, by which the store's scripts count: nine petabytes. */
  private static final long BYTES_MAX = 1L << 53;

  private static final Booking[] BOOKINGS = {Booking.BOOKED, Booking.CUT, Booking.NO_ROOM};

  private final StoreLink link;
  private final long rateMax;
  private final Consumer<Booking> onBooked;

  /**
   * @param rateMax bytes a second that one client may plausibly send, or receive
   * @param onBooked told on the loop what became of a report
   */
  RedisAccounts(StoreLink link, long rateMax, Consumer<Booking> onBooked) {
    this.link = link;
    this.rateMax = rateMax;
    this.onBooked = onBooked;
  }

  /** A call about the account of one user. */
  private abstract static class AccountCall extends Call {
    AccountCall(Script script, long startNanos, String user, byte[]... arguments) {
      super(script, startNanos, new byte[][] {SliceKeys.account(user)}, arguments);
    }
  }

  @Override
  public Booking report(Announcement announcement, long nowNanos) {
    var call =
        new AccountCall(
            Script.BOOK,
            nowNanos,
            announcement.user(),
            SliceKeys.bytes(announcement.infoHash().toString()),
            AnnounceCall.decimal(announcement.fingerprint()),
            AnnounceCall.decimal(Math.min(announcement.uploaded(), BYTES_MAX)),
            AnnounceCall.decimal(Math.min(announcement.downloaded(), BYTES_MAX)),
            AnnounceCall.decimal(link.epochMillis(nowNanos)),
            AnnounceCall.decimal(rateMax),
            AnnounceCall.decimal(AccountBook.RUNS_MAX),
            AnnounceCall.decimal(AccountBook.TORRENTS_PER_USER_MAX)) {
          @Override
          void onEnd(@Nullable ScriptReply reply) {
            if (reply != null) {
              onBooked.accept(BOOKINGS[Math.clamp(reply.number(0), 0, BOOKINGS.length - 1)]);
            }
          }
        };
    var _ = link.begin(call);
    return Booking.NONE;
  }

  /** Asks what a user has been credited with, and for so many torrents each by itself. */
  void ask(
      String user,
      int torrentCountMax,
      long nowNanos,
      CompletableFuture<RedisStores.Statement> statement) {
    begin(
        new AccountCall(Script.ACCOUNT, nowNanos, user, AnnounceCall.decimal(torrentCountMax)) {
          @Override
          void onEnd(@Nullable ScriptReply reply) {
            if (reply == null) {
              statement.completeExceptionally(new StoreException());
            } else {
              statement.complete(read(reply));
            }
          }
        },
        statement);
  }

  private static RedisStores.Statement read(ScriptReply reply) {
    var lines = new String(reply.text(0), StandardCharsets.US_ASCII).split("\n", -1);
    var totals = lines[0].split(" ", -1);
    var torrents = new ArrayList<TorrentBalance>();
    for (var line : List.of(lines).subList(1, lines.length)) {
      var words = line.split(" ", -1);
      torrents.add(
          new TorrentBalance(
              Hash160.parse(words[0]), Long.parseLong(words[1]), Long.parseLong(words[2])));
    }
    var balance = new Balance(Long.parseLong(totals[0]), Long.parseLong(totals[1]), reply.count(0));
    return new RedisStores.Statement(balance, torrents);
  }

  /** Strikes a user out. */
  void forget(String user, long nowNanos, CompletableFuture<Boolean> done) {
    begin(
        new AccountCall(Script.FORGET, nowNanos, user) {
          @Override
          void onEnd(@Nullable ScriptReply reply) {
            if (reply == null) {
              done.completeExceptionally(new StoreException());
            } else {
              done.complete(reply.number(0) != 0);
            }
          }
        },
        done);
  }

  private void begin(Call call, CompletableFuture<?> answer) {
    if (link.begin(call) != StoreLink.Begun.UNDER_WAY) {
      answer.completeExceptionally(new StoreException());
    }
  }
}
