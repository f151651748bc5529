package org.spate.tracker;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Three masters and a replica of each, made by hand, which is quicker than by redis-cli. */
final class RedisCluster implements AutoCloseable {
  private static final int MASTER_COUNT = 3;
  private static final int SLOT_COUNT = 16_384;

  private final List<RedisNode> masters = new ArrayList<>();
  private final List<RedisNode> replicas = new ArrayList<>();

  static RedisCluster start(Path folder) {
    var cluster = new RedisCluster();
    try {
      cluster.launch(folder);
      cluster.join();
      return cluster;
    } catch (RuntimeException | Error e) {
      cluster.close();
      throw e;
    }
  }

  private void launch(Path folder) {
    for (int i = 0; i < 2 * MASTER_COUNT; i++) {
      var node =
          RedisNode.start(
              folder,
              "--cluster-enabled",
              "yes",
              "--cluster-config-file",
              "nodes-" + i + ".conf",
              "--cluster-node-timeout",
              "1000",
              "--repl-diskless-sync-delay",
              "0");
      (i < MASTER_COUNT ? masters : replicas).add(node);
    }
  }

  private void join() {
    for (int i = 0; i < MASTER_COUNT; i++) {
      int first = i * SLOT_COUNT / MASTER_COUNT;
      int last = (i + 1) * SLOT_COUNT / MASTER_COUNT - 1;
      masters.get(i).ask("CLUSTER ADDSLOTSRANGE " + first + " " + last);
      masters.get(i).ask("CLUSTER SET-CONFIG-EPOCH " + (i + 1));
    }
    for (var node : all()) {
      masters.getFirst().ask("CLUSTER MEET 127.0.0.1 " + node.port());
    }
    for (int i = 0; i < MASTER_COUNT; i++) {
      var id = masters.get(i).ask("CLUSTER MYID").lines().skip(1).findFirst().orElseThrow();
      var replica = replicas.get(i);
      Await.until("a replica", () -> replica.ask("CLUSTER REPLICATE " + id).startsWith("+OK"));
      Await.until(
          "a replica in step",
          () -> replica.ask("INFO replication").contains("master_link_status:up"));
    }
    Await.until(
        "a cluster",
        () ->
            all().stream()
                .allMatch(
                    node ->
                        node.ask("CLUSTER INFO").contains("cluster_state:ok")
                            && node.ask("CLUSTER NODES").lines().filter(this::isMember).count()
                                == all().size()));
  }

  private boolean isMember(String line) {
    return line.contains("127.0.0.1") && !line.contains("handshake");
  }

  private List<RedisNode> all() {
    var all = new ArrayList<>(masters);
    all.addAll(replicas);
    return all;
  }

  RedisNode master(int index) {
    return masters.get(index);
  }

  RedisNode replica(int index) {
    return replicas.get(index);
  }

  String url() {
    return masters.stream()
        .map(node -> "127.0.0.1:" + node.port())
        .collect(Collectors.joining(",", "redis+cluster://", ""));
  }

  @Override
  public void close() {
    all().forEach(RedisNode::close);
  }
}
