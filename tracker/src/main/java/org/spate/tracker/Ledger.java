package org.spate.tracker;

import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletionException;
import org.spate.core.tracker.Accounts.Balance;
import org.spate.core.tracker.Accounts.TorrentBalance;
import org.spate.tracker.redis.RedisStores;

/** The accounts as an operator sees them, wherever they are kept; the calls wait. */
sealed interface Ledger {
  /** All that a user has been credited with. */
  Balance balance(String user);

  /** The same for each torrent, for so many of them at most. */
  List<TorrentBalance> torrents(String user, int countMax);

  /** Strikes a user out. */
  void forget(String user);

  /** For how many torrents of users there are accounts, if anybody knows. */
  OptionalLong count();

  /** In the books of the loops. */
  record OfLoops(List<Share> shares) implements Ledger {
    @Override
    public Balance balance(String user) {
      return shares.stream()
          .map(share -> share.ask(() -> share.accounts().balance(user)))
          .reduce(Balance.ZERO, Balance::plus);
    }

    @Override
    public List<TorrentBalance> torrents(String user, int countMax) {
      return shares.stream()
          .flatMap(share -> share.ask(() -> share.accounts().torrents(user, countMax)).stream())
          .limit(countMax)
          .toList();
    }

    @Override
    public void forget(String user) {
      shares.forEach(share -> share.loop().loop.execute(() -> share.accounts().forget(user)));
    }

    @Override
    public OptionalLong count() {
      return OptionalLong.of(
          shares.stream().mapToLong(share -> share.ask(share.accounts()::torrentCount)).sum());
    }
  }

  /** In the shared store. */
  record OfStore(RedisStores store) implements Ledger {
    @Override
    public Balance balance(String user) {
      return statement(user, 0).balance();
    }

    @Override
    public List<TorrentBalance> torrents(String user, int countMax) {
      return statement(user, countMax).torrents();
    }

    private RedisStores.Statement statement(String user, int torrentCountMax) {
      try {
        return store.statement(user, torrentCountMax).join();
      } catch (CompletionException e) {
        throw failure(e);
      }
    }

    @Override
    public void forget(String user) {
      try {
        var _ = store.forget(user).join();
      } catch (CompletionException e) {
        throw failure(e);
      }
    }

    private static OperationException failure(CompletionException e) {
      return new OperationException(
          OperationException.Kind.FAILED, "the store cannot be asked at the moment", e);
    }

    @Override
    public OptionalLong count() {
      return OptionalLong.empty();
    }
  }
}
