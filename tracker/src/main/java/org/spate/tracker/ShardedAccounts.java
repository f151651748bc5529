package org.spate.tracker;

import java.util.List;
import org.spate.core.tracker.Accounts;
import org.spate.core.tracker.Announcement;

/**
 * The accounts as one event loop sees them: what concerns a swarm is in the book of the loop that
 * owns the swarm, so that it sees all that a client tells, whichever way it does.
 */
final class ShardedAccounts implements Accounts {
  private final List<Share> shares;
  private final int own;

  /** The view of the loop at an index; the list may still be filled. */
  ShardedAccounts(List<Share> shares, int own) {
    this.shares = shares;
    this.own = own;
  }

  @Override
  public Booking report(Announcement announcement, long nowNanos) {
    int owner = Steering.loopOf(announcement.infoHashStart(), shares.size());
    var book = shares.get(owner).accounts();
    if (owner == own) {
      return book.report(announcement, nowNanos);
    }
    var copy = announcement.copy();
    var loop = shares.get(owner).loop();
    loop.loop.execute(() -> loop.logic.count(book.report(copy, nowNanos)));
    return Booking.NONE;
  }
}
