package org.spate.engine;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.spate.core.Endpoint;
import org.spate.core.metainfo.InfoHash;
import org.spate.core.metainfo.Metainfo;
import org.spate.core.swarm.PeerSource;
import org.spate.engine.net.Loop;
import org.spate.engine.storage.StorageException;

/**
 * A torrent of a session. Safe for any thread: what is asked for happens soon, on the torrent's own
 * loop, in the order in which it was asked.
 */
public final class TorrentHandle {
  private final Session session;
  private final Metainfo metainfo;
  private final Loop loop;
  private final TorrentHost host;
  private final CompletableFuture<Void> ready = new CompletableFuture<>();
  private volatile CompletableFuture<Void> finished = new CompletableFuture<>();

  TorrentHandle(
      Session session,
      Services services,
      Metainfo metainfo,
      TorrentOptions options,
      boolean isHeld) {
    this.session = session;
    this.metainfo = metainfo;
    this.loop = services.network().nextLoop();
    this.host = new TorrentHost(services, loop, metainfo, options, isHeld, this);
  }

  public InfoHash infoHash() {
    return metainfo.infoHash();
  }

  public String name() {
    return metainfo.name();
  }

  public Metainfo metainfo() {
    return metainfo;
  }

  /**
   * A snapshot of now; waits for the torrent's loop, which takes microseconds to milliseconds.
   *
   * @throws TorrentException CLOSED if the session is closed
   */
  public TorrentStatus status() {
    return ask(TorrentHost::status).join();
  }

  /** Done when what is there has been looked at and checked; then the torrent takes part. */
  public CompletableFuture<Void> ready() {
    return ready.copy();
  }

  /**
   * Done when all that is wanted is stored. Fails with a {@link TorrentException} if the torrent
   * leaves the session before that. Storage that fails does not end it: the torrent goes on when
   * the cause is gone.
   */
  public CompletableFuture<Void> finished() {
    return finished.copy();
  }

  /** Closes every link and tells the trackers; {@link #resume} goes on. */
  public void pause() {
    tell(TorrentHost::pause);
  }

  /** Goes on after {@link #pause}; storage that failed is tried again at once. */
  public void resume() {
    tell(TorrentHost::resume);
  }

  /**
   * Chooses files.
   *
   * @param priorities one for each file: 0 = skipped, 1 = normal, up to 7
   * @throws IllegalArgumentException if they are not that
   */
  public void prioritize(byte[] priorities) {
    var checked = FileChoice.checked(metainfo.info(), priorities);
    tell(host -> host.prioritize(checked));
  }

  /** Fetches pieces in order, or rarest first. */
  public void sequential(boolean inOrder) {
    tell(host -> host.sequential(inOrder));
  }

  /**
   * Sets this torrent's limits, which hold beside those of the session.
   *
   * @param down bytes a second, 0 for none
   * @param up bytes a second, 0 for none
   */
  public void limit(long down, long up) {
    if (down < 0 || up < 0) {
      throw new IllegalArgumentException("limits must not be negative");
    }
    tell(host -> host.limit(down, up));
  }

  /** Tries these peers, too. */
  public void addPeers(List<Endpoint> peers) {
    var copy = List.copyOf(peers);
    tell(host -> host.addPeers(PeerSource.USER, copy));
  }

  /** Asks the trackers for more peers, as soon as they allow it. */
  public void announce() {
    tell(TorrentHost::announceNow);
  }

  /** Checks everything that is on disk; the torrent rests meanwhile. */
  public CompletableFuture<Void> recheck() {
    return ask(TorrentHost::recheck).thenCompose(Function.identity());
  }

  /**
   * Takes the torrent out of the session and deletes its resume data.
   *
   * @param withFiles whether its files are deleted, too
   * @return done when all is gone
   */
  public CompletableFuture<Void> remove(boolean withFiles) {
    return end(true, withFiles).whenComplete((_, _) -> session.forget(this));
  }

  CompletableFuture<Void> end(boolean forget, boolean withFiles) {
    return ask(host -> host.end(forget, withFiles)).thenCompose(Function.identity());
  }

  // For the host

  void begin() {
    tell(TorrentHost::open);
  }

  void tell(Consumer<TorrentHost> command) {
    loop.execute(() -> command.accept(host));
  }

  private <T> CompletableFuture<T> ask(Function<TorrentHost, T> question) {
    var answer = new CompletableFuture<T>();
    Runnable asking =
        () -> {
          try {
            answer.complete(question.apply(host));
          } catch (RuntimeException e) {
            answer.completeExceptionally(e);
          }
        };
    if (loop.isCurrent()) {
      asking.run();
    } else if (session.isClosed()) {
      answer.completeExceptionally(closedException());
    } else {
      loop.execute(asking);
    }
    return answer;
  }

  void onReady() {
    ready.complete(null);
  }

  void onFinished() {
    finished.complete(null);
  }

  /** More is wanted now, or less is there: finished means something new. */
  void onUnfinished() {
    if (finished.isDone()) {
      finished = new CompletableFuture<>();
    }
  }

  void onEnded(TorrentException reason) {
    ready.completeExceptionally(reason);
    finished.completeExceptionally(reason);
  }

  TorrentException closedException() {
    return new TorrentException(
        TorrentException.Reason.CLOSED, name() + " has left the session", null);
  }

  TorrentException storageException(@Nullable StorageException cause) {
    var message = cause == null ? "storage is not ready" : cause.getMessage();
    return new TorrentException(TorrentException.Reason.STORAGE, String.valueOf(message), cause);
  }

  @Override
  public String toString() {
    return name() + " (" + infoHash() + ")";
  }
}
