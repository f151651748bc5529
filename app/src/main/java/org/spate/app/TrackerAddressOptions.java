package org.spate.app;

import static org.spate.app.TrackerOptions.check;
import static org.spate.app.TrackerOptions.readable;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.spate.app.console.ListenAddress;
import org.spate.tracker.TrackerSettings;
import org.spate.tracker.TrackerSettings.Tls;
import picocli.CommandLine.Option;

/** Where a tracker listens. */
final class TrackerAddressOptions {
  private static final ListenAddress USUAL = ListenAddress.parse("6969");

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

  /** Settings with these addresses, and else the usual ones. */
  TrackerSettings settings() {
    check((cert == null) == (key == null), "--cert and --key need each other");
    check(https.isEmpty() || cert != null, "--https needs --cert and --key");
    boolean isUsual = http.isEmpty() && https.isEmpty() && udp.isEmpty();
    var settings =
        TrackerSettings.on(
            addresses(isUsual ? List.of(USUAL) : http), addresses(isUsual ? List.of(USUAL) : udp));
    return cert == null || key == null
        ? settings
        : settings.withHttps(addresses(https), new Tls(readable(cert), readable(key)));
  }

  private static List<InetSocketAddress> addresses(List<ListenAddress> addresses) {
    return addresses.stream().map(ListenAddress::address).toList();
  }
}
