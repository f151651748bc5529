package org.spate.app;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.spate.app.console.ListenAddress;
import org.spate.core.tracker.TrackerPolicy;
import org.spate.tracker.TrackerRules;
import org.spate.tracker.TrackerRules.Prefixes;
import org.spate.tracker.TrackerSettings;
import org.spate.tracker.TrackerSettings.Snapshot;
import org.spate.tracker.TrackerSettings.Tls;
import org.spate.tracker.TrustedProxies;
import org.spate.tracker.WebSocketSettings;
import org.spate.tracker.admin.AdminSettings;
import org.spate.tracker.redis.RedisAddress;
import picocli.CommandLine.Option;

/**
 * How a tracker is to run, as the command line says it or a configuration file: every long option
 * is a key there.
 */
final class TrackerOptions {
  private static final ListenAddress USUAL = ListenAddress.parse("6969");
  private static final Duration INTERVAL_MAX = Duration.ofDays(1);
  private static final int PRIVILEGED_PORTS = 1_024;

  @Option(
      names = "--http",
      paramLabel = "[ADDR:]PORT",
      description = "Listen for HTTP; may be repeated.")
  private List<ListenAddress> http = List.of();

  @Option(
      names = "--https",
      paramLabel = "[ADDR:]PORT",
      description = "Listen for HTTPS, with --cert and --key; may be repeated.")
  private List<ListenAddress> https = List.of();

  @Option(
      names = "--udp",
      paramLabel = "[ADDR:]PORT",
      description = "Listen for UDP; may be repeated.")
  private List<ListenAddress> udp = List.of();

  @Option(names = "--cert", paramLabel = "FILE", description = "The certificate chain, PEM.")
  private @Nullable Path cert;

  @Option(names = "--key", paramLabel = "FILE", description = "Its private key, PEM (PKCS#8).")
  private @Nullable Path key;

  @Option(
      names = "--allow",
      paramLabel = "FILE",
      description = "Serve these info-hashes only, one a line; read again when it changes.")
  private @Nullable Path allow;

  @Option(
      names = "--deny",
      paramLabel = "FILE",
      description = "Serve all but these info-hashes, likewise.")
  private @Nullable Path deny;

  @Option(
      names = "--users",
      paramLabel = "FILE",
      description = {
        "Serve these users only, a name and a passkey a line; read again when it changes.",
        "Each announces to /PASSKEY/announce."
      })
  private @Nullable Path users;

  @Option(
      names = "--signing-keys",
      paramLabel = "FILE",
      description = {
        "Serve those with a URL signed by one of these secrets, likewise; see spate tracker sign."
      })
  private @Nullable Path signingKeys;

  @Option(
      names = "--interval",
      paramLabel = "DURATION",
      description = "How often clients are to announce, like 30m; a bare number is seconds.")
  private @Nullable Duration interval;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads that share the swarms (default: one for every two cores).")
  private int threads = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);

  @Option(
      names = "--proxy",
      paramLabel = "ADDR[/BITS]",
      description = "Believe the X-Forwarded-For of this proxy; may be repeated.")
  private List<String> proxies = List.of();

  @Option(
      names = "--snapshot",
      paramLabel = "FILE",
      description = "Keep the swarms here over a restart.")
  private @Nullable Path snapshot;

  @Option(
      names = "--snapshot-every",
      paramLabel = "DURATION",
      description = "How often it is written (default: 5m).")
  private Duration snapshotEvery = Duration.ofMinutes(5);

  @Option(
      names = "--torrents-max",
      paramLabel = "N",
      description = "Torrents to keep; beyond that the oldest go (default: 2000000).")
  private int torrentsMax = TrackerPolicy.DEFAULT.torrentCountMax();

  @Option(
      names = "--peers-max",
      paramLabel = "N",
      description = "Peers to keep, likewise (default: 5000000).")
  private int peersMax = TrackerPolicy.DEFAULT.peerCountMax();

  @Option(
      names = "--peers-per-address-max",
      paramLabel = "N",
      description = "Peers to keep of one IPv4 address or IPv6 /64 (default: 200000).")
  private int peersPerAddressMax = TrackerPolicy.DEFAULT.peerCountPerAddressMax();

  @Option(
      names = "--requests-per-address-max",
      paramLabel = "N",
      description = {
        "Requests in a second that a thread takes of one IPv4 address or IPv6 /64 other than",
        "its own; 0 is no bound (default: 2000)."
      })
  private int requestsPerAddressMax = TrackerRules.OPEN.requestsPerAddressMax();

  @Option(
      names = "--near",
      paramLabel = "BITS4/BITS6",
      description = "Tell peers first whose addresses begin with the same bits, like 16/48.")
  private @Nullable String near;

  @Option(
      names = "--sites",
      paramLabel = "FILE",
      description = {
        "Tell peers of the same site first: an address range and a site a line, like",
        "10.1.0.0/16 berlin; read again when it changes."
      })
  private @Nullable Path sites;

  @Option(
      names = "--elsewhere",
      paramLabel = "PERCENT",
      description = "How many of the peers come from elsewhere all the same (default: 25).")
  private int elsewhere = TrackerRules.OPEN.elsewherePercent();

  @Option(
      names = "--refuse-privileged-ports",
      description = "Refuse peers that name a port below 1024.")
  private boolean refusesPrivilegedPorts;

  @Option(
      names = "--store",
      paramLabel = "URL",
      description = {
        "Keep the swarms in Valkey or Redis, shared with other nodes of the tracker:",
        "redis[s]://[[USER]:PASSWORD@]HOST[:PORT], redis[s]+cluster://HOST:PORT,HOST:PORT..."
      })
  private @Nullable String store;

  @Option(
      names = "--websocket-interval",
      paramLabel = "DURATION",
      description = "How often WebSocket clients are to announce (default: 2m).")
  private Duration webSocketInterval =
      Duration.ofSeconds(WebSocketSettings.DEFAULT.intervalSeconds());

  @Option(
      names = "--websocket-connections-max",
      paramLabel = "N",
      description = "WebSockets at a time; 0 for none (default: 20000).")
  private int webSocketConnectionsMax = WebSocketSettings.DEFAULT.connectionCountMax();

  @Option(
      names = "--websocket-connections-per-address-max",
      paramLabel = "N",
      description = "WebSockets at a time of one IPv4 address or IPv6 /64 (default: 1000).")
  private int webSocketConnectionsPerAddressMax =
      WebSocketSettings.DEFAULT.connectionCountPerAddressMax();

  @Option(
      names = "--admin",
      paramLabel = "[ADDR:]PORT",
      description = {
        "Listen here for operators: a REST interface and a status page.",
        "Without an address, on this machine only."
      })
  private @Nullable String admin;

  @Option(
      names = "--admin-token",
      paramLabel = "FILE",
      description = "The secret that operators show, 32 characters or more in the first line.")
  private @Nullable Path adminToken;

  /** Where operators are listened to, or null. */
  @Nullable AdminSettings admin() {
    check((admin == null) == (adminToken == null), "--admin and --admin-token need each other");
    if (admin == null || adminToken == null) {
      return null;
    }
    try {
      var address = ListenAddress.parse(admin.contains(":") ? admin : "127.0.0.1:" + admin);
      return new AdminSettings(address.address(), firstLine(readable(adminToken)));
    } catch (IllegalArgumentException e) {
      throw new BadInputException("--admin: " + e.getMessage(), e);
    }
  }

  private static String firstLine(Path file) {
    try (var lines = Files.newBufferedReader(file)) {
      var line = lines.readLine();
      return line == null ? "" : line.strip();
    } catch (IOException e) {
      throw new BadInputException(file + ": cannot be read", e);
    }
  }

  /** What the options amount to, or an exception that says what is wrong with them. */
  TrackerSettings settings() {
    boolean isUsual = http.isEmpty() && https.isEmpty() && udp.isEmpty();
    check(allow == null || deny == null, "--allow and --deny exclude each other");
    check((cert == null) == (key == null), "--cert and --key need each other");
    check(https.isEmpty() || cert != null, "--https needs --cert and --key");
    check(
        threads >= 1 && threads <= TrackerSettings.THREAD_COUNT_MAX,
        "--threads must be from 1 to " + TrackerSettings.THREAD_COUNT_MAX);
    var settings =
        TrackerSettings.on(
                addresses(isUsual ? List.of(USUAL) : http),
                addresses(isUsual ? List.of(USUAL) : udp))
            .withPolicy(policy())
            .withRules(rules())
            .withProxies(proxies())
            .withThreadCount(threads)
            .withWebSocket(webSocket());
    if (cert != null && key != null) {
      settings = settings.withHttps(addresses(https), new Tls(readable(cert), readable(key)));
    }
    if (snapshot != null) {
      check(!snapshotEvery.isZero(), "--snapshot-every must not be zero");
      settings = settings.withSnapshot(new Snapshot(snapshot.toAbsolutePath(), snapshotEvery));
    }
    if (store != null) {
      check(snapshot == null, "--store and --snapshot exclude each other");
      settings = settings.withStore(address(store));
    }
    if (allow != null) {
      return settings.withAllow(readable(allow));
    }
    return deny == null ? settings : settings.withDeny(readable(deny));
  }

  private TrackerRules rules() {
    check(elsewhere >= 1 && elsewhere <= 100, "--elsewhere must be from 1 to 100");
    check(requestsPerAddressMax >= 0, "--requests-per-address-max must be 0 or more");
    check(near == null || sites == null, "--near and --sites exclude each other");
    return TrackerRules.OPEN
        .withPasses(
            users == null ? null : readable(users),
            signingKeys == null ? null : readable(signingKeys))
        .withNear(sites == null ? null : readable(sites), prefixes(), elsewhere)
        .withRequestsPerAddressMax(requestsPerAddressMax);
  }

  private @Nullable Prefixes prefixes() {
    if (near == null) {
      return null;
    }
    check(near.matches("[0-9]{1,2}/[0-9]{1,2}"), "--near must be like 16/48");
    int slash = near.indexOf('/');
    try {
      return new Prefixes(
          Integer.parseInt(near.substring(0, slash)), Integer.parseInt(near.substring(slash + 1)));
    } catch (IllegalArgumentException e) {
      throw new BadInputException("--near: " + e.getMessage(), e);
    }
  }

  private static void check(boolean isRight, String problem) {
    if (!isRight) {
      throw new BadInputException(problem);
    }
  }

  private static Path readable(Path file) {
    check(Files.isReadable(file), file + ": cannot be read");
    return file;
  }

  private TrackerPolicy policy() {
    check(
        torrentsMax >= 1 && peersMax >= 1 && peersPerAddressMax >= 1,
        "a bound on what is kept must be 1 or more");
    var policy = TrackerPolicy.DEFAULT.withBounds(torrentsMax, peersMax, peersPerAddressMax);
    if (interval != null) {
      checkInterval(interval);
      policy = policy.withInterval((int) interval.toSeconds());
    }
    return refusesPrivilegedPorts ? policy.withPortMin(PRIVILEGED_PORTS) : policy;
  }

  private WebSocketSettings webSocket() {
    checkInterval(webSocketInterval);
    check(
        webSocketConnectionsMax >= 0 && webSocketConnectionsPerAddressMax >= 1,
        "--websocket-connections-max must be 0 or more, and of each address 1 or more");
    return new WebSocketSettings(
        (int) webSocketInterval.toSeconds(),
        webSocketConnectionsMax,
        webSocketConnectionsPerAddressMax);
  }

  private static void checkInterval(Duration interval) {
    check(
        !interval.isZero() && interval.compareTo(INTERVAL_MAX) <= 0,
        "the interval must be from a second to a day");
  }

  private TrustedProxies proxies() {
    try {
      return TrustedProxies.of(proxies);
    } catch (IllegalArgumentException e) {
      throw new BadInputException("--proxy: " + e.getMessage(), e);
    }
  }

  private static RedisAddress address(String store) {
    try {
      return RedisAddress.parse(store);
    } catch (IllegalArgumentException e) {
      throw new BadInputException("--store: " + e.getMessage(), e);
    }
  }

  private static List<InetSocketAddress> addresses(List<ListenAddress> addresses) {
    return addresses.stream().map(ListenAddress::address).toList();
  }
}
