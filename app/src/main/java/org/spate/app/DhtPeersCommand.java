package org.spate.app;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.spate.core.Endpoint;
import org.spate.core.dht.DhtInput;
import org.spate.core.dht.DhtOutput;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Finds the peers of a torrent. */
@Command(
    name = "peers",
    description = {
      "Find the peers of a torrent.",
      "Prints one address a line as they are found; then, on stderr, about how many seeds and other"
          + " peers nodes have counted (BEP 33). The exit code is 1 if there are none."
    })
final class DhtPeersCommand implements Callable<Integer> {
  @Mixin private DhtVisit visit;

  @Parameters(
      paramLabel = "TORRENT",
      description = "An info-hash of 40 digits, a magnet link, or a .torrent file.")
  private String torrent;

  private final Set<Endpoint> seen = new LinkedHashSet<>();

  @Override
  public Integer call() throws InterruptedException {
    var hashes = DhtVisit.infoHashes(torrent);
    try (var client = visit.open()) {
      for (var hash : hashes) {
        client.ask(ticket -> new DhtInput.GetPeers(ticket, hash), this::show);
        var ended = client.ask(ticket -> new DhtInput.Scrape(ticket, hash), this::show);
        visit.end(
            ended,
            "%d peers; counted: %d seeds, %d others"
                .formatted(seen.size(), Math.round(ended.seeds()), Math.round(ended.peers())));
      }
    }
    return seen.isEmpty() ? Spate.FAILED : Spate.DONE;
  }

  private void show(DhtOutput answer) {
    if (answer instanceof DhtOutput.PeersAnswered(_, List<Endpoint> peers)) {
      var fresh = peers.stream().filter(seen::add).map(Endpoint::toString).toList();
      if (visit.isJson() && !fresh.isEmpty()) {
        visit
            .json()
            .write(
                json -> {
                  json.writeStringProperty("event", "peers");
                  json.writeArrayPropertyStart("peers");
                  fresh.forEach(json::writeString);
                  json.writeEndArray();
                });
      } else if (!visit.isJson()) {
        fresh.forEach(visit.output().out()::println);
        visit.output().out().flush();
      }
    }
  }
}
