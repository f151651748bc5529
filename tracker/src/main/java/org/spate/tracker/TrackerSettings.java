package org.spate.tracker;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.spate.core.tracker.TrackerPolicy;
import org.spate.tracker.redis.RedisAddress;

/**
 * How to run a tracker.
 *
 * @param http where to listen for HTTP; port 0 takes a free one, a wildcard address serves IPv4 and
 *     IPv6
 * @param https where to listen for HTTPS, likewise; needs {@code tls}
 * @param udp where to listen for UDP, likewise
 * @param tls the certificate for HTTPS, or null
 * @param allow a file of info-hashes that are served and no others, read again when it changes, or
 *     null
 * @param deny a file of info-hashes that are not served, likewise; not together with {@code allow}
 * @param rules who may announce, and how peers are chosen
 * @param proxies whose {@code X-Forwarded-For} is believed
 * @param snapshot where the swarms are kept over a restart, or null
 * @param store the store that the swarms are in, shared with other nodes of the tracker, or null if
 *     they are in memory; not together with {@code snapshot}
 * @param threadCount how many event loops share the work, 1 and up
 * @param connectionCountMax more HTTP connections at a time are closed at once
 * @param connectionCountPerAddressMax the same for one IPv4 address or IPv6 /64 that is no proxy
 * @param fullScrapePeriod scrapes of all swarms are served, from a list that is made anew after
 *     this time; null if they are not
 * @param webSocket how WebSockets are served beside HTTP
 */
public record TrackerSettings(
    List<InetSocketAddress> http,
    List<InetSocketAddress> https,
    List<InetSocketAddress> udp,
    @Nullable Tls tls,
    TrackerPolicy policy,
    @Nullable Path allow,
    @Nullable Path deny,
    TrackerRules rules,
    TrustedProxies proxies,
    @Nullable Snapshot snapshot,
    @Nullable RedisAddress store,
    int threadCount,
    int connectionCountMax,
    int connectionCountPerAddressMax,
    @Nullable Duration fullScrapePeriod,
    WebSocketSettings webSocket) {

  public static final int THREAD_COUNT_MAX = 256;
  public static final int CONNECTION_COUNT_PER_ADDRESS_MAX = 1_000;
  public static final int CONNECTION_COUNT_MAX = 10_000;

  /** A certificate chain and its private key, as PEM files. */
  public record Tls(Path certificate, Path key) {}

  /** A file for the swarms, and how often it is written. */
  public record Snapshot(Path file, Duration period) {}

  public TrackerSettings {
    if (allow != null && deny != null) {
      throw new IllegalArgumentException("an allow list and a deny list exclude each other");
    }
    if (snapshot != null && store != null) {
      throw new IllegalArgumentException("a snapshot is of swarms in memory, not of a store");
    }
    if (fullScrapePeriod != null && store != null) {
      throw new IllegalArgumentException("full scrapes are of swarms in memory, not of a store");
    }
    if (!https.isEmpty() && tls == null) {
      throw new IllegalArgumentException("HTTPS needs a certificate");
    }
    if (threadCount < 1 || threadCount > THREAD_COUNT_MAX) {
      throw new IllegalArgumentException("threads out of range: " + threadCount);
    }
    if (connectionCountMax < 1 || connectionCountPerAddressMax < 1) {
      throw new IllegalArgumentException("no connection allowed");
    }
    http = List.copyOf(http);
    https = List.copyOf(https);
    udp = List.copyOf(udp);
  }

  /** Listens on these addresses, open to all swarms, with the usual policy. */
  public static TrackerSettings on(List<InetSocketAddress> http, List<InetSocketAddress> udp) {
    return new TrackerSettings(
        http,
        List.of(),
        udp,
        null,
        TrackerPolicy.DEFAULT,
        null,
        null,
        TrackerRules.OPEN,
        TrustedProxies.NONE,
        null,
        null,
        1,
        CONNECTION_COUNT_MAX,
        CONNECTION_COUNT_PER_ADDRESS_MAX,
        null,
        WebSocketSettings.DEFAULT);
  }

  public TrackerSettings withHttps(List<InetSocketAddress> addresses, Tls certificate) {
    var draft = new Draft(this);
    draft.https = addresses;
    draft.tls = certificate;
    return draft.done();
  }

  public TrackerSettings withPolicy(TrackerPolicy other) {
    var draft = new Draft(this);
    draft.policy = other;
    return draft.done();
  }

  public TrackerSettings withAllow(Path list) {
    var draft = new Draft(this);
    draft.allow = list;
    return draft.done();
  }

  public TrackerSettings withDeny(Path list) {
    var draft = new Draft(this);
    draft.deny = list;
    return draft.done();
  }

  public TrackerSettings withRules(TrackerRules other) {
    var draft = new Draft(this);
    draft.rules = other;
    return draft.done();
  }

  public TrackerSettings withProxies(TrustedProxies trusted) {
    var draft = new Draft(this);
    draft.proxies = trusted;
    return draft.done();
  }

  public TrackerSettings withSnapshot(Snapshot kept) {
    var draft = new Draft(this);
    draft.snapshot = kept;
    return draft.done();
  }

  public TrackerSettings withStore(RedisAddress shared) {
    var draft = new Draft(this);
    draft.store = shared;
    return draft.done();
  }

  public TrackerSettings withThreadCount(int count) {
    var draft = new Draft(this);
    draft.threadCount = count;
    return draft.done();
  }

  public TrackerSettings withConnectionCountMax(int count) {
    var draft = new Draft(this);
    draft.connectionCountMax = count;
    return draft.done();
  }

  public TrackerSettings withConnectionCountPerAddressMax(int count) {
    var draft = new Draft(this);
    draft.connectionCountPerAddressMax = count;
    return draft.done();
  }

  public TrackerSettings withFullScrapes(Duration period) {
    var draft = new Draft(this);
    draft.fullScrapePeriod = period;
    return draft.done();
  }

  public TrackerSettings withWebSocket(WebSocketSettings served) {
    var draft = new Draft(this);
    draft.webSocket = served;
    return draft.done();
  }

  /** The same settings while they are being changed. */
  private static final class Draft {
    private List<InetSocketAddress> http;
    private List<InetSocketAddress> https;
    private List<InetSocketAddress> udp;
    private @Nullable Tls tls;
    private TrackerPolicy policy;
    private @Nullable Path allow;
    private @Nullable Path deny;
    private TrackerRules rules;
    private TrustedProxies proxies;
    private @Nullable Snapshot snapshot;
    private @Nullable RedisAddress store;
    private int threadCount;
    private int connectionCountMax;
    private int connectionCountPerAddressMax;
    private @Nullable Duration fullScrapePeriod;
    private WebSocketSettings webSocket;

    Draft(TrackerSettings from) {
      http = from.http;
      https = from.https;
      udp = from.udp;
      tls = from.tls;
      policy = from.policy;
      allow = from.allow;
      deny = from.deny;
      rules = from.rules;
      proxies = from.proxies;
      snapshot = from.snapshot;
      store = from.store;
      threadCount = from.threadCount;
      connectionCountMax = from.connectionCountMax;
      connectionCountPerAddressMax = from.connectionCountPerAddressMax;
      fullScrapePeriod = from.fullScrapePeriod;
      webSocket = from.webSocket;
    }

    TrackerSettings done() {
      return new TrackerSettings(
          http,
          https,
          udp,
          tls,
          policy,
          allow,
          deny,
          rules,
          proxies,
          snapshot,
          store,
          threadCount,
          connectionCountMax,
          connectionCountPerAddressMax,
          fullScrapePeriod,
          webSocket);
    }
  }
}
