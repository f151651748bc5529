package org.spate.core.metainfo;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.spate.core.bencode.Bencoded;
import org.spate.core.bencode.Bencoded.Dictionary;

/** Announce URLs in their tiers (BEP 12): usable ones only, none twice, bounded. */
final class Trackers {
  static final int COUNT_MAX = 500;

  private final Problems problems;
  private final List<List<String>> tiers = new ArrayList<>();
  private final Set<String> known = new LinkedHashSet<>();
  private boolean isFull;

  Trackers(Problems problems) {
    this.problems = problems;
  }

  /** Where {@code announce-list} names a tracker that can be used, {@code announce} is ignored. */
  void read(Dictionary metainfo) {
    var list = metainfo.items("announce-list");
    if (list != null) {
      for (var tier : list.values()) {
        readTier(tier);
      }
    }
    var announce = metainfo.text("announce");
    if (tiers.isEmpty() && announce != null && announce.length() > 0) {
      addTier(List.of(announce.utf8()));
    }
  }

  private void readTier(Bencoded tier) {
    switch (tier) {
      case Bencoded.Items items -> {
        var urls = new ArrayList<String>();
        for (var item : items.values()) {
          if (item instanceof Bencoded.Text text) {
            urls.add(text.utf8());
          }
        }
        addTier(urls);
      }
      case Bencoded.Text text -> {
        problems.add("its announce-list names a tracker outside of any tier");
        addTier(List.of(text.utf8()));
      }
      case Bencoded.Int _, Dictionary _ -> problems.add("its announce-list is malformed");
    }
  }

  void addTier(List<String> urls) {
    var tier = new ArrayList<String>();
    for (var url : urls) {
      if (known.size() == COUNT_MAX) {
        noteFull();
        break;
      }
      var usable = Urls.accept(url, Urls.TRACKER_SCHEMES, "tracker", problems);
      if (usable != null && known.add(usable)) {
        tier.add(usable);
      }
    }
    if (!tier.isEmpty()) {
      tiers.add(List.copyOf(tier));
    }
  }

  private void noteFull() {
    if (!isFull) {
      problems.add("it names more than " + COUNT_MAX + " trackers; the rest is ignored");
    }
    isFull = true;
  }

  List<List<String>> tiers() {
    return List.copyOf(tiers);
  }
}
