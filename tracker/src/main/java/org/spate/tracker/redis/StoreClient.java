package org.spate.tracker.redis;

import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.MaintNotificationsConfig;
import io.lettuce.core.RedisClient;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SocketOptions.TcpUserTimeoutOptions;
import io.lettuce.core.SslOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.BaseRedisAsyncCommands;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.resource.ClientResources;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** What connects one event loop: to one node, or to those of a cluster. */
final class StoreClient {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);

  /** After so long without an acknowledgement a host is taken for dead. */
  private static final Duration SILENCE_MAX = Duration.ofSeconds(5);

  private static final Duration TOPOLOGY_PERIOD = Duration.ofSeconds(10);
  private static final Duration TOPOLOGY_PAUSE = Duration.ofMillis(500);

  private final RedisAddress address;
  private final AbstractRedisClient client;
  private final Connector connector;

  private interface Connector {
    CompletionStage<? extends StatefulConnection<byte[], byte[]>> connect();
  }

  private StoreClient(RedisAddress address, AbstractRedisClient client, Connector connector) {
    this.address = address;
    this.client = client;
    this.connector = connector;
  }

  static StoreClient of(RedisAddress address, ClientResources resources) {
    if (!address.isCluster()) {
      var node = address.nodes().getFirst();
      var client = RedisClient.create(resources, node);
      client.setOptions(configured(ClientOptions.builder(), address).build());
      return new StoreClient(
          address, client, () -> client.connectAsync(ByteArrayCodec.INSTANCE, node));
    }
    var client = RedisClusterClient.create(resources, address.nodes());
    var options = ClusterClientOptions.builder();
    configured(options, address);
    client.setOptions(options.topologyRefreshOptions(topology()).build());
    return new StoreClient(
        address,
        client,
        () ->
            client
                .refreshPartitionsAsync()
                .thenCompose(_ -> client.connectAsync(ByteArrayCodec.INSTANCE)));
  }

  /** A node that is away refuses at once, and no queue grows beyond what a loop asks. */
  private static ClientOptions.Builder configured(
      ClientOptions.Builder options, RedisAddress address) {
    return options
        .sslOptions(tls(address))
        .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
        .requestQueueSize(2 * StoreLink.CALLS_MAX)
        .timeoutOptions(TimeoutOptions.create())
        .maintNotificationsConfig(MaintNotificationsConfig.disabled())
        .useHashIndexQueue(false)
        .socketOptions(
            SocketOptions.builder()
                .connectTimeout(CONNECT_TIMEOUT)
                .keepAlive(true)
                .tcpUserTimeout(
                    TcpUserTimeoutOptions.builder().enable().tcpUserTimeout(SILENCE_MAX).build())
                .build());
  }

  private static SslOptions tls(RedisAddress address) {
    var authorities = address.authorities();
    return authorities == null
        ? SslOptions.create()
        : SslOptions.builder().trustManager(authorities.toFile()).build();
  }

  /** Besides, it is looked at again whenever a node is away or refers to another. */
  private static ClusterTopologyRefreshOptions topology() {
    return ClusterTopologyRefreshOptions.builder()
        .enablePeriodicRefresh(TOPOLOGY_PERIOD)
        .adaptiveRefreshTriggersTimeout(TOPOLOGY_PAUSE)
        .build();
  }

  RedisAddress address() {
    return address;
  }

  CompletionStage<StatefulConnection<byte[], byte[]>> connect() {
    try {
      return connector.connect().thenApply(Function.identity());
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  BaseRedisAsyncCommands<byte[], byte[]> commands(StatefulConnection<byte[], byte[]> connection) {
    return switch (connection) {
      case StatefulRedisConnection<byte[], byte[]> single -> single.async();
      case StatefulRedisClusterConnection<byte[], byte[]> cluster -> cluster.async();
      default -> throw new IllegalStateException("a connection of an unknown kind");
    };
  }

  CompletableFuture<Void> shutdown() {
    return client.shutdownAsync(0, 1, TimeUnit.SECONDS);
  }
}
