package org.spate.core.tracker;

import org.jspecify.annotations.Nullable;

/** A store of peers that enters into a book what those announce who are users. */
public final class AccountingStore implements PeerStore {
  private final PeerStore peers;
  private final Accounts accounts;

  public AccountingStore(PeerStore peers, Accounts accounts) {
    this.peers = peers;
    this.accounts = accounts;
  }

  @Override
  public @Nullable Later<Answer> announce(Announcement announcement, Answer answer, long nowNanos) {
    var later = peers.announce(announcement, answer, nowNanos);
    if (!announcement.user.isEmpty()) {
      answer.booking = accounts.report(announcement, nowNanos);
    }
    return later;
  }

  @Override
  public void expect(Scrape swarms) {
    peers.expect(swarms);
  }

  @Override
  public @Nullable Later<Scrape> scrape(Scrape scrape, long nowNanos) {
    return peers.scrape(scrape, nowNanos);
  }

  @Override
  public void select(PeerSelection selection) {
    peers.select(selection);
  }

  @Override
  public int expire(int peerCount, long nowNanos) {
    return peers.expire(peerCount, nowNanos);
  }

  @Override
  public Holdings holdings() {
    return peers.holdings();
  }
}
