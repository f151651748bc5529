package org.spate.app;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.core.JsonGenerator;

/** Shows everything in a torrent or magnet link, and every problem found in it. */
@Command(
    name = "show",
    description = "Show everything in a torrent or magnet link, and every problem found in it.")
final class ShowCommand implements Callable<Integer> {
  @Mixin private Output output;

  @Parameters(paramLabel = "TORRENT|MAGNET", description = "A .torrent file, or a magnet link.")
  private String source;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean isJson;

  @Override
  public Integer call() {
    var text = new MetainfoText(output.out());
    if (TorrentSource.isMagnet(source)) {
      var magnet = TorrentSource.magnet(source);
      show(json -> MetainfoJson.write(magnet, json), () -> text.write(magnet));
    } else {
      var metainfo = TorrentSource.torrent(Path.of(source));
      show(json -> MetainfoJson.write(metainfo, json), () -> text.write(metainfo));
    }
    return Spate.DONE;
  }

  private void show(Consumer<JsonGenerator> json, Runnable text) {
    if (isJson) {
      output.json().write(json);
    } else {
      text.run();
    }
  }
}
