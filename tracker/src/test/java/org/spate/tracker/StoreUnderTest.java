package org.spate.tracker;

import java.util.List;
import org.spate.core.tracker.Announcement;
import org.spate.core.tracker.Answer;
import org.spate.core.tracker.PeerSelection;
import org.spate.core.tracker.PeerStore;
import org.spate.core.tracker.Scrape;

/** A store as a specification asks it: it waits for answers wherever these come from. */
interface StoreUnderTest extends AutoCloseable {
  /** The answers to announces that are made at once. */
  List<Answer> announce(List<Announcement> announcements, long nowNanos);

  default Answer announce(Announcement announcement, long nowNanos) {
    return announce(List.of(announcement), nowNanos).getFirst();
  }

  /** Chooses peers by this rule from now on. */
  void select(PeerSelection selection);

  Scrape scrape(Scrape scrape, long nowNanos);

  /** Expires all that are dead; returns how many went by this and since the last time. */
  int expireAll(long nowNanos);

  /** What it holds, right after {@link #expireAll}. */
  PeerStore.Holdings holdings();

  @Override
  void close();
}
