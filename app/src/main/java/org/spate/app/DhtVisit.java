package org.spate.app;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.spate.app.console.JsonLines;
import org.spate.app.transfer.PeerAddress;
import org.spate.core.Hash160;
import org.spate.core.dht.DhtOutput;
import org.spate.core.proxy.ProxyUrl;
import org.spate.engine.DhtClient;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of every command that asks the DHT something, and how it is reached: a mixin. */
final class DhtVisit {
  private static final int PORT_MAX = 65_535;

  @Mixin private Output output;
  @Mixin private ProxyOptions proxy;

  @Option(
      names = "--dht-router",
      paramLabel = "HOST:PORT",
      description = "Join by this node instead of the usual routers; may be repeated.")
  private List<PeerAddress> routers = List.of();

  @Option(
      names = "--bind",
      paramLabel = "ADDR",
      description = "The local address to ask from; says the family, too (default: any, both).")
  private @Nullable String bind;

  @Option(
      names = "--port",
      paramLabel = "N",
      description = "The local UDP port to ask from (default: any).")
  private int port;

  @Option(names = "--json", description = "Print events as JSON, one object a line.")
  private boolean isJson;

  boolean isJson() {
    return isJson;
  }

  Output output() {
    return output;
  }

  JsonLines json() {
    return output.json();
  }

  DhtClient open() {
    output.startLog();
    if (!output.isVerbose()) {
      LogOnStderr.errorsOnly();
    }
    if (port < 0 || port > PORT_MAX) {
      throw new BadInputException(port + " is not a port");
    }
    var local = bind == null ? null : PeerOptions.address(bind);
    boolean isOnLoopback = local != null && local.isLoopbackAddress();
    var way = proxy.url();
    if (way != null && way.kind() == ProxyUrl.Kind.HTTP) {
      throw new BadInputException("the DHT goes by UDP, which an HTTP proxy does not carry");
    }
    return DhtClient.open(local, port, DhtOptions.routers(routers, isOnLoopback), way);
  }

  /** Tells how a search ended: as an event, or in words beside the results. */
  void end(DhtOutput.Ended ended, String words) {
    if (isJson) {
      json()
          .write(
              json -> {
                json.writeStringProperty("event", "ended");
                json.writeNumberProperty("asked", ended.asked());
                json.writeNumberProperty("answered", ended.answered());
                json.writeNumberProperty("stored", ended.stored());
                json.writeNumberProperty("refusal", ended.refusal());
                json.writeNumberProperty("seeds", Math.round(ended.seeds()));
                json.writeNumberProperty("peers", Math.round(ended.peers()));
              });
    } else if (!output.isQuiet()) {
      output.out().flush();
      output.err().println(words + ", " + ended.asked() + " nodes asked");
    }
  }

  /** The hashes that an argument names: digits, a magnet link, or a .torrent file. */
  static List<Hash160> infoHashes(String argument) {
    if (TorrentSource.isMagnet(argument)) {
      return TorrentSource.magnet(argument).infoHash().swarms();
    }
    if (argument.length() == 2 * Hash160.BYTES && !Files.exists(Path.of(argument))) {
      return List.of(hash(argument));
    }
    return TorrentSource.torrent(argument).infoHash().swarms();
  }

  static Hash160 hash(String digits) {
    return Hash160.of(bytes(digits, Hash160.BYTES));
  }

  /** So many bytes in hexadecimal digits. */
  static byte[] bytes(String digits, int count) {
    try {
      if (digits.length() == 2 * count) {
        return HexFormat.of().parseHex(digits);
      }
    } catch (IllegalArgumentException _) {
      // Said below.
    }
    throw new BadInputException("'" + digits + "' is not " + 2 * count + " hexadecimal digits");
  }
}
