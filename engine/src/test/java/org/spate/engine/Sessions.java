package org.spate.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import org.spate.core.Endpoint;
import org.spate.engine.storage.TestTorrent;

/** Sessions on loopback, each with a folder of its own, and what tests ask of them. */
final class Sessions implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Path root;
  private final List<Session> open = new ArrayList<>();

  Sessions(Path root) {
    this.root = root;
  }

  Session open(String name) {
    return open(name, builder -> builder);
  }

  Session open(String name, UnaryOperator<SessionSettings.Builder> change) {
    var usual =
        SessionSettings.in(folder(name))
            .stateFolder(root.resolve(name + ".state"))
            .bind(InetAddress.getLoopbackAddress())
            .port(0)
            .loops(2)
            .closeTimeout(Duration.ofSeconds(2));
    var session = Session.open(change.apply(usual).build());
    open.add(session);
    return session;
  }

  Path folder(String name) {
    return root.resolve(name);
  }

  static Endpoint endpoint(Session session) {
    return Endpoint.of(InetAddress.getLoopbackAddress().getAddress(), session.port());
  }

  /** Puts a torrent's files where a session of this name looks for them. */
  void provide(String name, TestTorrent torrent) {
    for (var entry : torrent.metainfo().files().files()) {
      if (!entry.isPad()) {
        var path = folder(name).resolve(entry.name());
        try {
          Files.createDirectories(path.getParent());
          Files.write(path, torrent.content(entry));
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }

  void assertComplete(String name, TestTorrent torrent) {
    for (var entry : torrent.metainfo().files().files()) {
      if (!entry.isPad()) {
        assertThat(folder(name).resolve(entry.name())).hasBinaryContent(torrent.content(entry));
      }
    }
  }

  /** A session that has a torrent's files and has checked them. */
  TorrentHandle seed(String name, TestTorrent torrent) {
    provide(name, torrent);
    var handle = open(name).add(torrent.metainfo(), TorrentOptions.DEFAULT);
    await(handle.finished());
    return handle;
  }

  static TorrentOptions from(Session... peers) {
    var endpoints = new ArrayList<Endpoint>();
    for (var peer : peers) {
      endpoints.add(endpoint(peer));
    }
    return TorrentOptions.DEFAULT.withPeers(endpoints);
  }

  static <T> T await(CompletableFuture<T> future) {
    try {
      return future.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new AssertionError("nothing came of it within " + PATIENCE, e);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  Session session(int index) {
    return open.get(index);
  }

  @Override
  public void close() {
    open.forEach(Session::close);
  }
}
