package org.spate.core.announce;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The trackers of a torrent in their tiers (BEP 12): each tier is shuffled once, and a tracker that
 * answers moves to its front. URLs that nobody can announce to are left out.
 */
final class TrackerTiers {
  /** More trackers than these are ignored: a torrent or magnet link may name thousands. */
  static final int TRACKER_COUNT_MAX = 200;

  private final AnnouncerSettings settings;
  private final RandomGenerator random;
  private final List<List<Tracker>> tiers = new ArrayList<>();
  private final Map<String, Tracker> byUrl = new HashMap<>();

  TrackerTiers(List<List<String>> urls, AnnouncerSettings settings, RandomGenerator random) {
    this.settings = settings;
    this.random = random;
    urls.forEach(this::addTier);
  }

  /** Adds those that are new as a tier of their own. */
  void addTier(List<String> urls) {
    var tier = new ArrayList<Tracker>();
    for (var url : urls) {
      if (byUrl.size() < TRACKER_COUNT_MAX && !byUrl.containsKey(url) && isUsable(url)) {
        var tracker = new Tracker(url, settings, random);
        byUrl.put(url, tracker);
        tier.add(random.nextInt(tier.size() + 1), tracker);
      }
    }
    if (!tier.isEmpty()) {
      tiers.add(tier);
    }
  }

  private static boolean isUsable(String url) {
    try {
      TrackerUrl.parse(url);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  List<List<Tracker>> inOrder() {
    return tiers;
  }

  @Nullable Tracker find(String url) {
    return byUrl.get(url);
  }

  void moveToFront(Tracker tracker) {
    for (var tier : tiers) {
      if (tier.remove(tracker)) {
        tier.addFirst(tracker);
        return;
      }
    }
  }
}
