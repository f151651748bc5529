package org.spate.app;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.spate.app.console.Durations;
import org.spate.app.transfer.MetadataLookup;
import org.spate.app.transfer.PeerAddress;
import org.spate.core.metainfo.MagnetLink;
import org.spate.core.metainfo.Metainfo;
import org.spate.engine.SessionSettings;
import org.spate.engine.TorrentException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.core.JsonGenerator;

/** Shows everything in a torrent or magnet link, and every problem found in it. */
@Command(
    name = "show",
    description = {
      "Show everything in a torrent or magnet link, and every problem found in it.",
      "Peers are asked what a magnet link leads to; if none has told in time, what the link itself"
          + " says is shown, and the exit code is 1."
    })
final class ShowCommand implements Callable<Integer> {
  @Mixin private Output output;
  @Mixin private DhtOptions dht;
  @Mixin private BindOptions bind;
  @Mixin private ProxyOptions proxy;

  @Parameters(paramLabel = "TORRENT|MAGNET", description = "A .torrent file, or a magnet link.")
  private String source;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean isJson;

  @Option(names = "--offline", description = "Ask nobody: show what the magnet link itself says.")
  private boolean isOffline;

  @Option(
      names = "--timeout",
      paramLabel = "DURATION",
      description = "How long to ask peers, like 90s or 5m (default: 60s).")
  private Duration timeout = Duration.ofSeconds(60);

  @Option(
      names = "--peer",
      paramLabel = "HOST:PORT",
      description = "Ask this peer, too; may be repeated.")
  private List<PeerAddress> peers = List.of();

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (TorrentSource.isMagnet(source)) {
      return showMagnet(TorrentSource.magnet(source));
    }
    var metainfo = TorrentSource.torrent(source);
    show(json -> MetainfoJson.write(metainfo, json), text -> text.write(metainfo));
    return Spate.DONE;
  }

  private int showMagnet(MagnetLink magnet) throws IOException, InterruptedException {
    var found = isOffline ? null : find(magnet);
    if (found == null) {
      show(json -> MetainfoJson.write(magnet, json), text -> text.write(magnet));
      return isOffline ? Spate.DONE : Spate.FAILED;
    }
    show(
        json -> {
          MetainfoJson.write(found, json);
          MetainfoJson.writeWishes(magnet, json);
        },
        text -> {
          text.write(found);
          text.writeWishes(magnet);
        });
    return Spate.DONE;
  }

  private @Nullable Metainfo find(MagnetLink magnet) throws IOException, InterruptedException {
    output.startLog();
    if (!output.isVerbose()) {
      LogOnStderr.errorsOnly();
    }
    var endpoints = proxy.endpoints(peers, bind);
    var way = proxy.url();
    Consumer<SessionSettings.Builder> from =
        settings -> {
          bind.apply(settings);
          settings.proxy(way);
        };
    var lookup = new MetadataLookup(endpoints, timeout, from, dht.routers(bind));
    try {
      var found = lookup.find(magnet);
      if (found == null) {
        complain("no peer has told within " + Durations.show(timeout) + " what is in it");
      }
      return found;
    } catch (TorrentException e) {
      complain(String.valueOf(e.getMessage()));
      return null;
    }
  }

  private void complain(String problem) {
    output.err().println("spate: " + problem);
    output.err().flush();
  }

  private void show(Consumer<JsonGenerator> json, Consumer<MetainfoText> text) {
    if (isJson) {
      output.json().write(json);
    } else {
      text.accept(new MetainfoText(output.out()));
    }
  }
}
