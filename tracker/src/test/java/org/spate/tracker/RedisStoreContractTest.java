package org.spate.tracker;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.spate.core.tracker.TrackerPolicy;

/** The shared store keeps the contract, too. */
class RedisStoreContractTest extends PeerStoreContract {
  private static RedisNode node;
  private static EventLoopGroup group;

  @BeforeAll
  static void start(@TempDir Path folder) {
    node = RedisNode.start(folder);
    group = new MultiThreadIoEventLoopGroup(1, Transport.best().handlers());
  }

  @AfterAll
  static void stop() {
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    node.close();
  }

  @Override
  StoreUnderTest open(TrackerPolicy policy, int seed) {
    node.ask("FLUSHALL");
    return new SharedStoreUnderTest(node, group.next(), policy);
  }

  @Override
  int stepCount() {
    return 1_200;
  }

  @Override
  int runCount() {
    return 3;
  }

  /** Redis draws from a hash table, and there members without neighbours are likelier. */
  @Override
  double unevenness() {
    return 4;
  }
}
