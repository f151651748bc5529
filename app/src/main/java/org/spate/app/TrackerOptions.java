package org.spate.app;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.spate.core.tracker.TrackerPolicy;
import org.spate.tracker.TrackerSettings;
import org.spate.tracker.TrackerSettings.Snapshot;
import org.spate.tracker.admin.AdminSettings;
import org.spate.tracker.redis.RedisAddress;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * How a tracker is to run, as the command line says it or a configuration file: every long option
 * is a key there.
 */
final class TrackerOptions {
  private static final Duration INTERVAL_MAX = Duration.ofDays(1);
  private static final int PRIVILEGED_PORTS = 1_024;

  @Mixin private TrackerAddressOptions addresses;

  @Mixin private TrackerAdmissionOptions admission;

  @Mixin private TrackerBoundOptions bounds;

  @Mixin private TrackerAdminOptions admin;

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
      names = "--refuse-privileged-ports",
      description = "Refuse peers that name a port below 1024.")
  private boolean refusesPrivilegedPorts;

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
      names = "--full-scrape-every",
      paramLabel = "DURATION",
      description =
          "Serve the sizes of all swarms to who scrapes without an info-hash over HTTP, compressed"
              + " for who takes that; they are gathered anew after this time (default: not"
              + " served).")
  private @Nullable Duration fullScrapeEvery;

  @Option(
      names = "--store",
      paramLabel = "URL",
      description =
          "Keep the swarms in Valkey or Redis, shared with other nodes of the tracker:"
              + " redis[s]://[[USER]:PASSWORD@]HOST[:PORT],"
              + " redis[s]+cluster://HOST:PORT,HOST:PORT...")
  private @Nullable String store;

  @Option(
      names = "--store-ca",
      paramLabel = "FILE",
      description = "Believe these certificates about a store with TLS, and no others (PEM).")
  private @Nullable Path storeCa;

  /** Where operators are listened to, or null. */
  @Nullable AdminSettings admin() {
    return admin.settings();
  }

  /** What the options amount to, or an exception that says what is wrong with them. */
  TrackerSettings settings() {
    check(
        threads >= 1 && threads <= TrackerSettings.THREAD_COUNT_MAX,
        "--threads must be from 1 to " + TrackerSettings.THREAD_COUNT_MAX);
    var settings = bounds.applyTo(addresses.settings());
    settings = admission.applyTo(settings, bounds.requestsPerAddressMax());
    return kept(settings.withPolicy(policy()).withThreadCount(threads));
  }

  /** The same settings with where the swarms are kept. */
  private TrackerSettings kept(TrackerSettings settings) {
    check(store == null || snapshot == null, "--store and --snapshot exclude each other");
    check(
        store == null || fullScrapeEvery == null,
        "--store and --full-scrape-every exclude each other");
    check(!snapshotEvery.isZero(), "--snapshot-every must not be zero");
    var kept = settings;
    if (fullScrapeEvery != null) {
      check(!fullScrapeEvery.isZero(), "--full-scrape-every must not be zero");
      kept = kept.withFullScrapes(fullScrapeEvery);
    }
    if (snapshot != null) {
      kept = kept.withSnapshot(new Snapshot(snapshot.toAbsolutePath(), snapshotEvery));
    }
    check(storeCa == null || store != null, "--store-ca needs --store");
    return store == null ? kept : kept.withStore(address(store));
  }

  private TrackerPolicy policy() {
    var policy = bounds.policy();
    if (interval != null) {
      checkInterval(interval);
      policy = policy.withInterval((int) interval.toSeconds());
    }
    return refusesPrivilegedPorts ? policy.withPortMin(PRIVILEGED_PORTS) : policy;
  }

  private RedisAddress address(String url) {
    try {
      var address = RedisAddress.parse(url);
      return storeCa == null ? address : address.trusting(readable(storeCa));
    } catch (IllegalArgumentException e) {
      throw new BadInputException("--store: " + e.getMessage(), e);
    }
  }

  static void check(boolean isRight, String problem) {
    if (!isRight) {
      throw new BadInputException(problem);
    }
  }

  static Path readable(Path file) {
    check(Files.isReadable(file), file + ": cannot be read");
    return file;
  }

  static void checkInterval(Duration interval) {
    check(
        !interval.isZero() && interval.compareTo(INTERVAL_MAX) <= 0,
        "the interval must be from a second to a day");
  }
}
