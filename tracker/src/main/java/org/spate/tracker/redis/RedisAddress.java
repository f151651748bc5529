package org.spate.tracker.redis;

import io.lettuce.core.RedisURI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the shared store is, as an operator writes it: {@code redis://[[USER]:PASSWORD@]HOST[:PORT]
 * [/DATABASE]}, {@code rediss://} with TLS, and for a cluster {@code redis+cluster://HOST:PORT,
 * HOST:PORT...} or {@code rediss+cluster://}, of which some nodes suffice.
 */
public final class RedisAddress {
  /** More are of no use: they tell of each other. */
  private static final int NODE_COUNT_MAX = 64;

  private static final String CLUSTER = "+cluster";

  private final List<RedisURI> nodes;
  private final boolean isCluster;

  private final @Nullable Path authorities;

  private RedisAddress(List<RedisURI> nodes, boolean isCluster, @Nullable Path authorities) {
    this.nodes = List.copyOf(nodes);
    this.isCluster = isCluster;
    this.authorities = authorities;
  }

  /** The same, believing the certificates in this file (PEM), and no others, about who it is. */
  public RedisAddress trusting(Path certificates) {
    return new RedisAddress(nodes, isCluster, certificates);
  }

  /** Whose word is taken for who the store is, or null for whom this machine believes. */
  @Nullable Path authorities() {
    return authorities;
  }

  /**
   * Reads an address.
   *
   * @throws IllegalArgumentException if it is none; what it says does not contain the password
   */
  public static RedisAddress parse(String text) {
    int end = text.indexOf("://");
    String scheme = end < 0 ? "" : text.substring(0, end);
    boolean isCluster = scheme.endsWith(CLUSTER);
    String kind = isCluster ? scheme.substring(0, scheme.length() - CLUSTER.length()) : scheme;
    if (!kind.equals("redis") && !kind.equals("rediss")) {
      throw new IllegalArgumentException(
          "a store is redis://, rediss://, redis+cluster:// or rediss+cluster:// and a host");
    }
    String rest = text.substring(end + 3);
    int at = rest.lastIndexOf('@');
    String user = rest.substring(0, at + 1);
    var hosts = rest.substring(at + 1).split(",", -1);
    if (hosts.length > (isCluster ? NODE_COUNT_MAX : 1)) {
      throw new IllegalArgumentException("several nodes are a cluster: " + kind + CLUSTER + "://");
    }
    var nodes = new ArrayList<RedisURI>();
    for (var host : hosts) {
      nodes.add(node(kind + "://" + user + host, host));
    }
    return new RedisAddress(nodes, isCluster, null);
  }

  private static RedisURI node(String uri, String shown) {
    try {
      var node = RedisURI.create(uri);
      if (!node.getHost().isEmpty()) {
        return node;
      }
    } catch (RuntimeException e) {
      // What it says may hold the password.
    }
    throw new IllegalArgumentException("no address of a store: " + shown);
  }

  List<RedisURI> nodes() {
    return nodes;
  }

  boolean isCluster() {
    return isCluster;
  }

  /** Without the password. */
  @Override
  public String toString() {
    var hosts = nodes.stream().map(node -> node.getHost() + ":" + node.getPort()).toList();
    return String.join(", ", hosts);
  }
}
