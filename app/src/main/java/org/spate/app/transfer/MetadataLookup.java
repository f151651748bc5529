package org.spate.app.transfer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.spate.core.Endpoint;
import org.spate.core.metainfo.MagnetLink;
import org.spate.core.metainfo.Metainfo;
import org.spate.engine.Session;
import org.spate.engine.SessionSettings;
import org.spate.engine.TorrentException;
import org.spate.engine.TorrentOptions;

/**
 * Asks peers what a magnet link leads to, and leaves nothing behind.
 *
 * @param peers whom to ask beside those that the link leads to
 * @param way says from where to ask, and through what
 * @param dhtRouters nodes to join the DHT by, or null to do without it
 */
public record MetadataLookup(
    List<Endpoint> peers,
    Duration patience,
    Consumer<SessionSettings.Builder> way,
    @Nullable List<String> dhtRouters) {
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(1);

  /**
   * What they say; null if nobody did in time.
   *
   * @throws TorrentException METADATA if it is nothing that can be used, LISTEN
   */
  public @Nullable Metainfo find(MagnetLink link) throws IOException, InterruptedException {
    var folder = Files.createTempDirectory("spate-show");
    try {
      var settings =
          SessionSettings.in(folder)
              .stateFolder(folder)
              .orAnyPort()
              .localDiscovery()
              .closeTimeout(CLOSE_TIMEOUT);
      way.accept(settings);
      if (dhtRouters != null) {
        settings.dht(dhtRouters);
      }
      try (var session = Session.open(settings.build())) {
        return ask(session, link);
      }
    } finally {
      delete(folder);
    }
  }

  private @Nullable Metainfo ask(Session session, MagnetLink link) throws InterruptedException {
    var torrent = session.add(link, TorrentOptions.DEFAULT.withPeers(peers).onlyMetadata());
    try {
      return torrent.metadata().get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      return null;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof TorrentException refusal) {
        throw refusal;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  /** The folder has files and no folders. */
  private static void delete(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      for (var file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }
}
