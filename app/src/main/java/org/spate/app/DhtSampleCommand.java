package org.spate.app;

import java.security.SecureRandom;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.spate.core.Hash160;
import org.spate.core.dht.DhtInput;
import org.spate.core.dht.DhtOutput;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Asks nodes which torrents they know. */
@Command(
    name = "sample",
    description = {
      "Ask nodes for info-hashes that they hold peers of (BEP 51).",
      "Asks the nodes on the way to a place in the DHT, and prints one info-hash a line. The exit"
          + " code is 1 if no node told any."
    })
final class DhtSampleCommand implements Callable<Integer> {
  @Mixin private DhtVisit visit;

  @Parameters(
      paramLabel = "TARGET",
      arity = "0..1",
      description = "The place in the DHT, 40 digits (default: a random one).")
  private @Nullable String target;

  private final Set<Hash160> seen = new LinkedHashSet<>();

  @Override
  public Integer call() throws InterruptedException {
    var where = target == null ? random() : DhtVisit.hash(target);
    try (var client = visit.open()) {
      var ended = client.ask(ticket -> new DhtInput.SampleInfohashes(ticket, where), this::show);
      visit.end(ended, seen.size() + " info-hashes");
    }
    return seen.isEmpty() ? Spate.FAILED : Spate.DONE;
  }

  private static Hash160 random() {
    var bytes = new byte[Hash160.BYTES];
    new SecureRandom().nextBytes(bytes);
    return Hash160.of(bytes);
  }

  private void show(DhtOutput answer) {
    if (!(answer instanceof DhtOutput.Sampled sampled)) {
      return;
    }
    if (visit.isJson()) {
      seen.addAll(sampled.infoHashes());
      visit
          .json()
          .write(
              json -> {
                json.writeStringProperty("event", "sample");
                json.writeStringProperty("node", sampled.from().endpoint().toString());
                json.writeNumberProperty("count", sampled.count());
                json.writeNumberProperty("interval_seconds", sampled.intervalSeconds());
                json.writeArrayPropertyStart("info_hashes");
                sampled.infoHashes().forEach(hash -> json.writeString(hash.toString()));
                json.writeEndArray();
              });
    } else {
      sampled.infoHashes().stream().filter(seen::add).forEach(visit.output().out()::println);
    }
  }
}
