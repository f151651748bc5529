package org.spate.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.spate.app.console.Rate;
import org.spate.app.transfer.Interruption;
import org.spate.app.transfer.JsonReport;
import org.spate.app.transfer.PeerAddress;
import org.spate.app.transfer.Report;
import org.spate.app.transfer.StateHome;
import org.spate.app.transfer.TextReport;
import org.spate.app.transfer.Transfers;
import org.spate.core.Endpoint;
import org.spate.core.crypto.EncryptionMode;
import org.spate.core.proxy.ProxyUrl;
import org.spate.engine.SessionSettings;
import org.spate.engine.TlsIdentity;
import org.spate.engine.TorrentException;
import org.spate.engine.TorrentOptions;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What {@code get} and {@code seed} have in common: a mixin. */
final class TransferOptions {
  /** How long trackers may keep us from ending. */
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(3);

  private static final int PORT_MAX = 65_535;

  @Mixin private Output output;
  @Mixin private DhtOptions dht;
  @Mixin private BindOptions bind;
  @Mixin private ProxyOptions proxy;

  @Option(
      names = {"-d", "--dir"},
      paramLabel = "DIR",
      description = "The folder that the files, or the torrent's own folder, are in (default: .).")
  private Path folder = Path.of("");

  @Option(
      names = "--port",
      paramLabel = "N",
      description = "Listen on this port (default: 6881, or any free one if that is taken).")
  private @Nullable Integer port;

  @Option(names = "--no-tcp", description = "Reach peers over uTP only.")
  private boolean noTcp;

  @Option(names = "--no-utp", description = "Reach peers over TCP only.")
  private boolean noUtp;

  @Option(names = "--up", paramLabel = "RATE", description = "Send no more than this, like 2MiB.")
  private @Nullable Rate up;

  @Option(
      names = "--up-per-peer",
      paramLabel = "COPIES",
      description =
          "Send no address more than so many times the torrent's size, at least 1 (default: no"
              + " limit).")
  private @Nullable Double upPerPeer;

  @Option(
      names = "--web-seed",
      paramLabel = "URL",
      description =
          "A web server that has the files, too (BEP 19): asked for what peers cannot deliver in"
              + " time; may be repeated.")
  private List<String> webSeeds = List.of();

  @Option(
      names = "--ca",
      paramLabel = "FILE",
      description =
          "Take the word of these certificate authorities (PEM), too, for https trackers and web"
              + " seeds.")
  private @Nullable Path authorities;

  @Option(
      names = "--ssl-cert",
      paramLabel = "FILE",
      description = "The certificate (PEM) that an SSL torrent's peers know us by.")
  private @Nullable Path certificate;

  @Option(names = "--ssl-key", paramLabel = "FILE", description = "Its key (PEM, PKCS 8).")
  private @Nullable Path key;

  @Option(
      names = "--ssl-port",
      paramLabel = "N",
      description = "Listen for peers of SSL torrents on this port (default: any free one).")
  private int sslPort;

  @Option(
      names = "--ip-filter",
      paramLabel = "FILE",
      description =
          "Have no links with the addresses in this list (P2P plain text, eMule .dat or CIDR); read"
              + " again when it changes.")
  private @Nullable Path ipFilter;

  @Option(
      names = "--proxy-listen",
      description = "With --proxy, accept links at --port all the same: they come around it.")
  private boolean listensBesideProxy;

  @Option(
      names = "--encryption",
      paramLabel = "MODE",
      description =
          "Whether links are encrypted: required, preferred, accepted (the default: to and from"
              + " those who want it) or off.")
  private EncryptionMode encryption = EncryptionMode.ACCEPTED;

  @Option(names = "--no-pex", description = "Exchange no peers with neighbours (BEP 11).")
  private boolean isWithoutExchange;

  @Option(names = "--no-lsd", description = "Look for no peers in the local network (BEP 14).")
  private boolean isWithoutLocal;

  @Option(
      names = "--no-port-map",
      description = "Do not ask the home router to let peers in (PCP, NAT-PMP, UPnP).")
  private boolean isWithoutPortMap;

  @Option(
      names = "--record",
      paramLabel = "FILE",
      description =
          "Write down what the torrent's swarm is told, for 'spate replay'; peers' addresses are in"
              + " it.")
  private @Nullable Path recording;

  @Option(names = "--json", description = "Print events as JSON, one object a line.")
  private boolean isJson;

  @Option(
      names = "--hold",
      description = "Print READY and wait for a line of input before anything begins.")
  private boolean isHeld;

  Path folder() {
    return folder;
  }

  List<Endpoint> endpoints(List<PeerAddress> peers) {
    return proxy.endpoints(peers, bind);
  }

  /** What goes for every torrent. */
  TorrentOptions torrentOptions() {
    for (var url : webSeeds) {
      if (!url.matches("https?://.+")) {
        throw new BadInputException("'" + url + "' is not the URL of a web server");
      }
    }
    var options = TorrentOptions.DEFAULT.withWebSeeds(webSeeds);
    if ((certificate == null) != (key == null)) {
      throw new BadInputException("--ssl-cert and --ssl-key go together");
    }
    if (certificate != null && key != null) {
      options = options.withIdentity(new TlsIdentity(certificate, key));
    }
    options = recording == null ? options : options.recordedTo(checkedRecording(recording));
    if (upPerPeer == null) {
      return options;
    }
    if (!(upPerPeer >= 1) || upPerPeer.isInfinite()) {
      throw new BadInputException("--up-per-peer is " + upPerPeer + "; it must be at least 1");
    }
    return options.withUpPerPeer(upPerPeer);
  }

  private static Path checkedRecording(Path file) {
    var parent = file.toAbsolutePath().getParent();
    if (Files.exists(file) || parent == null || !Files.isDirectory(parent)) {
      throw new BadInputException(
          "--record: " + file + (Files.exists(file) ? ": exists already" : ": no such folder"));
    }
    return file;
  }

  Output output() {
    return output;
  }

  /** Carries it out and returns the exit code. */
  int run(Transfers.Plan plan, @Nullable Rate down) throws InterruptedException, IOException {
    if (noTcp && noUtp) {
      throw new BadInputException("--no-tcp and --no-utp leave no way to a peer");
    }
    var way = proxy.url();
    if (noTcp && way != null && way.kind() == ProxyUrl.Kind.HTTP) {
      throw new BadInputException("an HTTP proxy carries nothing but TCP, and --no-tcp none of it");
    }
    if (recording != null && plan.requests().size() > 1) {
      throw new BadInputException("--record: one torrent at a time is recorded");
    }
    output.startLog();
    if (!output.isVerbose()) {
      LogOnStderr.errorsOnly(); // the events say all the rest
    }
    var settings =
        SessionSettings.in(folder)
            .stateFolder(StateHome.of(System.getenv(), userHome()).stateOf(folder))
            .transports(!noTcp, !noUtp)
            .limits(rate(down), rate(up))
            .encryption(encryption)
            .proxy(way)
            .ipFilter(ipFilter)
            .authorities(authorities)
            .sslPort(checkedPort(sslPort))
            .closeTimeout(CLOSE_TIMEOUT);
    bind.apply(settings);
    if (listensBesideProxy) {
      settings.listenBesideProxy();
    }
    if (isWithoutExchange) {
      settings.withoutPeerExchange();
    }
    if (!isWithoutLocal) {
      settings.localDiscovery();
    }
    if (!isWithoutPortMap) {
      settings.portMapping();
    }
    if (port == null) {
      settings.orAnyPort();
    } else {
      settings.port(checkedPort(port));
    }
    var routers = dht.routers(bind);
    if (routers != null) {
      settings.dht(routers);
    }
    try {
      var outcome = new Transfers(plan, report(plan)).run(settings, isHeld ? System.in : null);
      return switch (outcome) {
        case DONE -> Spate.DONE;
        case FAILED -> Spate.FAILED;
        case INTERRUPTED -> Interruption.EXIT_CODE;
      };
    } catch (TorrentException e) {
      if (e.reason() == TorrentException.Reason.DUPLICATE) {
        throw new BadInputException("a torrent is named twice: " + e.getMessage(), e);
      }
      throw e;
    }
  }

  /** Makes the folder, or refuses what is none. */
  void makeFolder() throws IOException {
    if (!Files.isDirectory(folder)) {
      if (Files.exists(folder)) {
        throw new BadInputException(folder + ": not a folder");
      }
      Files.createDirectories(folder);
    }
  }

  void requireFolder() {
    if (!Files.isDirectory(folder)) {
      throw new BadInputException(folder + ": no such folder");
    }
  }

  private static String userHome() {
    return System.getProperty("user.home", "");
  }

  private static long rate(@Nullable Rate limit) {
    return limit == null ? 0 : limit.bytesPerSecond();
  }

  private static int checkedPort(int number) {
    if (number < 0 || number > PORT_MAX) {
      throw new BadInputException(number + " is not a port");
    }
    return number;
  }

  private Report report(Transfers.Plan plan) {
    if (isJson) {
      return new JsonReport(output.json(), output.out(), plan.requests().size() > 1);
    }
    return new TextReport(output.out(), output.err(), output.progress(), output.isVerbose());
  }
}
