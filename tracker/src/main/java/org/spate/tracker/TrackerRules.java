package org.spate.tracker;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.spate.core.tracker.Locality;
import org.spate.core.tracker.PeerSelection;
import org.spate.core.tracker.SiteTable;
import org.spate.core.tracker.Sites;

/**
 * Who is served by a tracker and how, all of which can change while it runs.
 *
 * @param users a file of users and their passkeys, read again when it changes, or null
 * @param signingKeys a file of the secrets that sign announce URLs, likewise; if there is either
 *     file, nobody else may announce
 * @param sites a file that says which addresses are near each other, likewise
 * @param prefixes addresses with these many first bits in common are near each other, or null; a
 *     file of sites comes before them
 * @param elsewherePercent how many of a hundred peers come from elsewhere where there are near ones
 * @param requestsPerAddressMax more requests of an address in a second, to each thread, are
 *     refused; 0 for no bound
 */
public record TrackerRules(
    @Nullable Path users,
    @Nullable Path signingKeys,
    @Nullable Path sites,
    @Nullable Prefixes prefixes,
    int elsewherePercent,
    int requestsPerAddressMax) {

  /** Everybody may announce, and is told any peers. */
  public static final TrackerRules OPEN = new TrackerRules(null, null, null, null, 25, 2_000);

  /** Bits of an IPv4 address, 1 to 32, and of an IPv6 address, 1 to 64. */
  public record Prefixes(int v4Bits, int v6Bits) {
    public Prefixes {
      var _ = Sites.byPrefix(v4Bits, v6Bits);
    }
  }

  public TrackerRules {
    if (requestsPerAddressMax < 0) {
      throw new IllegalArgumentException("a bound below zero");
    }
  }

  /** The same for these users and holders of URLs. */
  public TrackerRules withPasses(@Nullable Path userFile, @Nullable Path keyFile) {
    return new TrackerRules(
        userFile, keyFile, sites, prefixes, elsewherePercent, requestsPerAddressMax);
  }

  /** The same with near peers first. */
  public TrackerRules withNear(@Nullable Path siteFile, @Nullable Prefixes bits, int percent) {
    return new TrackerRules(users, signingKeys, siteFile, bits, percent, requestsPerAddressMax);
  }

  /** The same with another bound on requests. */
  public TrackerRules withRequestsPerAddressMax(int count) {
    return new TrackerRules(users, signingKeys, sites, prefixes, elsewherePercent, count);
  }

  /** By which rule peers are chosen, given what the file of sites says. */
  PeerSelection selection(@Nullable SiteTable table) {
    if (table != null) {
      return new Locality(table, elsewherePercent);
    }
    return prefixes == null
        ? PeerSelection.RANDOM
        : new Locality(Sites.byPrefix(prefixes.v4Bits, prefixes.v6Bits), elsewherePercent);
  }
}
