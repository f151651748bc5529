package org.spate.engine;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import org.spate.core.Endpoint;
import org.spate.core.metainfo.InfoHash;
import org.spate.core.metainfo.Metainfo;
import org.spate.core.swarm.PeerSource;
import org.spate.engine.net.Loop;

/**
 * A torrent of a session. Safe for any thread: what is asked for happens soon, on the torrent's own
 * loop, in the order in which it was asked.
 */
public final class TorrentHandle {
  private final Session session;
  private volatile Origin origin;
  private final Loop loop;
  private final TorrentHost host;
  private final CompletableFuture<Metainfo> metadata = new CompletableFuture<>();
  private final CompletableFuture<Void> ready = new CompletableFuture<>();
  private volatile CompletableFuture<Void> finished = new CompletableFuture<>();

  TorrentHandle(
      Session session, Services services, Origin origin, TorrentOptions options, boolean isHeld) {
    this.session = session;
    this.origin = origin;
    this.loop = services.network().nextLoop();
    this.host = new TorrentHost(services, loop, origin, options, isHeld, this);
    var metainfo = origin.metainfo();
    if (metainfo != null) {
      metadata.complete(metainfo);
    }
  }

  /** Whether it is an SSL torrent. */
  boolean isSecured() {
    var known = origin.metainfo();
    return known != null && known.info().rootCertificate() != null;
  }

  public InfoHash infoHash() {
    return origin.infoHash();
  }

  /** Its name; of a magnet link what that calls it until more is known. */
  public String name() {
    return origin.name();
  }

  /** What is in it; empty while the metadata of a magnet link is being fetched. */
  public Optional<Metainfo> metainfo() {
    return Optional.ofNullable(origin.metainfo());
  }

  /**
   * Done when it is known what is in it, and that is saved; for all but magnet links at once. Fails
   * with a {@link TorrentException} if the torrent leaves the session before that.
   */
  public CompletableFuture<Metainfo> metadata() {
    return metadata.copy();
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
   * @throws IllegalStateException if it is not known yet what files there are
   */
  public void prioritize(byte[] priorities) {
    var metainfo = metainfo().orElseThrow(() -> new IllegalStateException("no metadata yet"));
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

  /** More hashes of the torrent have become known; false if another torrent has one of them. */
  boolean claim(InfoHash infoHash) {
    return session.claim(this, infoHash);
  }

  /**
   * @param saved done when it is on the disk; if that fails it is fetched again next time
   */
  void onMetadata(Origin complete, Metainfo metainfo, CompletableFuture<Void> saved) {
    origin = complete;
    saved.whenComplete((_, _) -> metadata.complete(metainfo));
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
    metadata.completeExceptionally(reason);
    ready.completeExceptionally(reason);
    finished.completeExceptionally(reason);
  }

  TorrentException closedException() {
    return new TorrentException(
        TorrentException.Reason.CLOSED, name() + " has left the session", null);
  }

  @Override
  public String toString() {
    return name() + " (" + infoHash() + ")";
  }
}
