package org.spate.engine.tracker;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.spate.core.announce.TrackerPreferences;
import org.spate.core.announce.TrackerUrl;
import org.spate.engine.net.Loop;
import org.spate.engine.net.NameResolver;

/**
 * Which of its ports a tracker is asked at: what its host prefers (BEP 34), or as the URL has it
 * where the host says nothing. Where the preferred one does not answer the next announce goes to
 * the next. Safe for any thread.
 */
final class TrackerChoice {
  private static final int HOSTS_MAX = 1_000;
  private static final int SECONDS_MIN = 300;
  private static final int SECONDS_MAX = 86_400;

  /** So long nobody is asked again where no server has answered. */
  private static final int SECONDS_UNKNOWN = 600;

  private record Known(@Nullable TrackerPreferences preferences, long untilNanos, int failures) {}

  private final NameResolver names;
  private final Map<String, Known> hosts = new LinkedHashMap<>();

  TrackerChoice(NameResolver names) {
    this.names = names;
  }

  /** Answers on the loop, later: where to announce, or null if the host runs no tracker. */
  void choose(TrackerUrl url, Loop loop, Consumer<@Nullable TrackerUrl> answer) {
    var known = known(url.host());
    if (known != null || url.host().indexOf(':') >= 0 || url.host().matches("[0-9.]+")) {
      loop.execute(() -> answer.accept(chosen(url)));
      return;
    }
    names.texts(
        url.host(),
        loop,
        texts -> {
          note(url.host(), texts);
          answer.accept(chosen(url));
        });
  }

  private synchronized @Nullable Known known(String host) {
    var known = hosts.get(host);
    return known == null || known.untilNanos - Loop.nowNanos() <= 0 ? null : known;
  }

  private synchronized void note(String host, NameResolver.@Nullable Texts texts) {
    int seconds =
        texts == null ? SECONDS_UNKNOWN : Math.clamp(texts.seconds(), SECONDS_MIN, SECONDS_MAX);
    var preferences = texts == null ? null : TrackerPreferences.of(texts.texts());
    long until = Loop.nowNanos() + TimeUnit.SECONDS.toNanos(seconds);
    hosts.remove(host);
    hosts.put(host, new Known(preferences, until, 0));
    if (hosts.size() > HOSTS_MAX) {
      hosts.remove(hosts.keySet().iterator().next());
    }
  }

  private @Nullable TrackerUrl chosen(TrackerUrl url) {
    var known = known(url.host());
    if (known == null || known.preferences == null) {
      return url;
    }
    List<TrackerUrl> urls = known.preferences.applied(url);
    return urls.isEmpty() ? null : urls.get(known.failures % urls.size());
  }

  /** A tracker did not answer. */
  synchronized void onFailure(String host) {
    hosts.computeIfPresent(
        host, (_, known) -> new Known(known.preferences, known.untilNanos, known.failures + 1));
  }
}
