package org.spate.engine;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

/** What torrents told, and a way to wait for it. */
final class Heard implements TorrentListener {
  private final List<TorrentEvent> events = new CopyOnWriteArrayList<>();
  private final List<Expected<?>> expected = new CopyOnWriteArrayList<>();

  private record Expected<T extends TorrentEvent>(Class<T> kind, CompletableFuture<T> event) {
    void offer(TorrentEvent offered) {
      if (kind.isInstance(offered)) {
        event.complete(kind.cast(offered));
      }
    }
  }

  @Override
  public void onEvent(TorrentHandle torrent, TorrentEvent event) {
    events.add(event);
    expected.forEach(one -> one.offer(event));
  }

  /** The first event of a kind, also if it has been told. */
  <T extends TorrentEvent> T await(Class<T> kind) {
    var one = new Expected<>(kind, new CompletableFuture<>());
    expected.add(one);
    events.forEach(one::offer);
    return Sessions.await(one.event);
  }

  <T extends TorrentEvent> List<T> all(Class<T> kind) {
    return events.stream().filter(kind::isInstance).map(kind::cast).toList();
  }
}
