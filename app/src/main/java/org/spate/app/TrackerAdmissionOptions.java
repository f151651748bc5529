package org.spate.app;

import static org.spate.app.TrackerOptions.check;
import static org.spate.app.TrackerOptions.readable;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.spate.tracker.TrackerRules;
import org.spate.tracker.TrackerRules.Prefixes;
import org.spate.tracker.TrackerSettings;
import org.spate.tracker.TrustedProxies;
import picocli.CommandLine.Option;

/** Whom a tracker serves, and whom it tells of whom. */
final class TrackerAdmissionOptions {
  @Option(
      names = "--allow",
      paramLabel = "FILE",
      description = "Serve these info-hashes only, one a line; read again when it changes.")
  private @Nullable Path allow;

  @Option(
      names = "--deny",
      paramLabel = "FILE",
      description = "Serve all but these info-hashes, one a line; read again when it changes.")
  private @Nullable Path deny;

  @Option(
      names = "--users",
      paramLabel = "FILE",
      description =
          "Serve these users only, a name and a passkey a line; read again when it changes."
              + " Each announces to /PASSKEY/announce.")
  private @Nullable Path users;

  @Option(
      names = "--signing-keys",
      paramLabel = "FILE",
      description =
          "Serve those with a URL signed by one of these secrets, one a line; read again when it"
              + " changes. See spate tracker sign.")
  private @Nullable Path signingKeys;

  @Option(
      names = "--proxy",
      paramLabel = "ADDR[/BITS]",
      description = "Believe the X-Forwarded-For of this proxy; may be repeated.")
  private List<String> proxies = List.of();

  @Option(
      names = "--near",
      paramLabel = "BITS4/BITS6",
      description = "Tell peers first whose addresses begin with the same bits, like 16/48.")
  private @Nullable String near;

  @Option(
      names = "--sites",
      paramLabel = "FILE",
      description =
          "Tell peers of the same site first: an address range and a site a line, like"
              + " 10.1.0.0/16 berlin; read again when it changes.")
  private @Nullable Path sites;

  @Option(
      names = "--elsewhere",
      paramLabel = "PERCENT",
      description = "How many of the peers come from elsewhere all the same (default: 25).")
  private int elsewhere = TrackerRules.OPEN.elsewherePercent();

  /** The same settings with these rules. */
  TrackerSettings applyTo(TrackerSettings settings, int requestsPerAddressMax) {
    check(allow == null || deny == null, "--allow and --deny exclude each other");
    var ruled = settings.withRules(rules(requestsPerAddressMax)).withProxies(proxies());
    if (allow != null) {
      return ruled.withAllow(readable(allow));
    }
    return deny == null ? ruled : ruled.withDeny(readable(deny));
  }

  private TrackerRules rules(int requestsPerAddressMax) {
    check(elsewhere >= 1 && elsewhere <= 100, "--elsewhere must be from 1 to 100");
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

  private TrustedProxies proxies() {
    try {
      return TrustedProxies.of(proxies);
    } catch (IllegalArgumentException e) {
      throw new BadInputException("--proxy: " + e.getMessage(), e);
    }
  }
}
