package org.spate.core.dht;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.spate.core.Endpoint;
import org.spate.core.Hash160;

/**
 * Keeps a node's table alive: joins the DHT, pings whom it hears of and who has been silent, and
 * refreshes what nothing happens in (BEP 5). Also knows whether strangers reach us (BEP 43).
 */
final class Upkeep {
  static final long TICK_NANOS = 10_000_000_000L;

  /** Open pings, and addresses that wait for one. */
  static final int PINGS_MAX = 8;

  static final int WAITING_MAX = 100;
  static final int ROUTERS_MAX = 20;

  private static final int SAVED_MAX = 200;
  private static final int CONTACTED_MAX = 2_000;
  private static final long RETRY_FIRST_NANOS = 15_000_000_000L;
  private static final long RETRY_MAX_NANOS = 15 * 60 * 1_000_000_000L;

  /** BEP 5 leaves this to taste: looking for ourselves again keeps our neighbours known to us. */
  private static final long SELF_LOOKUP_NANOS = 15 * 60 * 1_000_000_000L;

  private static final long UNREACHABLE_NANOS = 10 * 60 * 1_000_000_000L;

  /** Unreachable is only who has asked this many, and yet is asked by nobody else. */
  private static final int CONTACTED_MIN = 10;

  private final DhtNode node;
  private final DhtSettings settings;
  private final RandomGenerator random;
  private final Set<Endpoint> routers = new LinkedHashSet<>();
  private final List<NodeInfo> saved = new ArrayList<>();
  private final Map<Endpoint, Waiting> waiting = new LinkedHashMap<>();
  private final Set<Endpoint> pinging = new LinkedHashSet<>();
  private final Set<Endpoint> contacted = new LinkedHashSet<>();
  private final long startedNanos;
  private long tickNanos;
  private long joinNanos;
  private long retryNanos = RETRY_FIRST_NANOS;
  private boolean isJoining;
  private boolean hasJoined;
  private boolean isReached;

  Upkeep(DhtNode node, DhtSettings settings, RandomGenerator random, long nowNanos) {
    this.node = node;
    this.settings = settings;
    this.random = random;
    this.startedNanos = nowNanos;
    this.tickNanos = nowNanos;
    this.joinNanos = nowNanos;
  }

  // Joining

  List<Endpoint> routers() {
    return List.copyOf(routers);
  }

  /** Nodes that everybody asks first; they are not pinged to be in our table. */
  void addRouters(List<Endpoint> some, long nowNanos) {
    for (var router : some) {
      if (routers.size() < ROUTERS_MAX && router.isV4() != node.isV6()) {
        routers.add(router);
      }
    }
    hurry(nowNanos);
  }

  /** Nodes that were good in another run. */
  void addSaved(List<NodeInfo> some, long nowNanos) {
    for (var info : some) {
      if (saved.size() < SAVED_MAX) {
        saved.add(info);
      }
    }
    hurry(nowNanos);
  }

  /** Whether a lookup has somebody to ask. */
  boolean isReady() {
    return hasJoined && node.table().usableCount() > 0;
  }

  /** Whether there is anybody at all who could make this node ready. */
  boolean isHopeful() {
    return isJoining || hasSomebody();
  }

  private boolean hasSomebody() {
    return node.table().usableCount() > 0 || !routers.isEmpty() || !saved.isEmpty();
  }

  void onNewId(long nowNanos) {
    joinNanos = nowNanos;
    hurry(nowNanos);
  }

  private void hurry(long nowNanos) {
    if (!isJoining && !isReady()) {
      joinNanos = nowNanos;
    }
    tickNanos = Math.min(tickNanos, nowNanos);
  }

  /** Looks for our own id, which makes us known to our neighbours, and them to us. */
  private void join(long nowNanos) {
    if (!hasSomebody()) {
      joinNanos = nowNanos + RETRY_FIRST_NANOS;
      return;
    }
    isJoining = true;
    node.look(node.id(), new Join(node.id(), !hasJoined), List.copyOf(saved), nowNanos);
  }

  /** The lookup of a join. */
  private final class Join implements Lookup.Purpose {
    private final Hash160 id;
    private final Want want;

    Join(Hash160 id, boolean isFirst) {
      this.id = id;
      this.want = isFirst ? Want.BOTH : Want.UNSAID; // BEP 32: both families while joining
    }

    @Override
    public Query query() {
      return new Query.FindNode(id, want);
    }

    @Override
    public void onEnd(int asked, List<Lookup.Answer> answered, long nowNanos) {
      isJoining = false;
      if (answered.isEmpty()) {
        joinNanos = nowNanos + retryNanos;
        retryNanos = Math.min(2 * retryNanos, RETRY_MAX_NANOS);
      } else {
        hasJoined = true;
        saved.clear();
        retryNanos = RETRY_FIRST_NANOS;
        // If we learned another id meanwhile, its neighbours do not know us yet.
        joinNanos = id.equals(node.id()) ? nowNanos + SELF_LOOKUP_NANOS : nowNanos;
      }
      tickNanos = Math.min(tickNanos, nowNanos);
    }
  }

  // Pings

  /** Asks an address whether a node is there, soon; forgotten if too many wait. */
  void ping(Endpoint endpoint, @Nullable Hash160 expected, long nowNanos) {
    if (endpoint.isV4() == node.isV6() || endpoint.port() == 0) {
      return;
    }
    if (pinging.size() < PINGS_MAX) {
      pingNow(endpoint, expected, nowNanos);
    } else if (waiting.size() < WAITING_MAX) {
      waiting.putIfAbsent(endpoint, new Waiting(endpoint, expected));
    }
  }

  /** A ping that waits for its turn. */
  private record Waiting(Endpoint endpoint, @Nullable Hash160 expected) {
    boolean isWelcome(RoutingTable table) {
      return expected == null || table.wants(new NodeInfo(expected, endpoint));
    }
  }

  private void pingNow(Endpoint endpoint, @Nullable Hash160 expected, long nowNanos) {
    if (pinging.add(endpoint)
        && !node.ask(endpoint, expected, new Query.Ping(), new Pinged(endpoint), nowNanos)) {
      pinging.remove(endpoint);
    }
  }

  private final class Pinged implements Transactions.Asker {
    private final Endpoint endpoint;

    Pinged(Endpoint endpoint) {
      this.endpoint = endpoint;
    }

    @Override
    public void onReply(NodeInfo from, Reply reply, long nowNanos) {
      pinging.remove(endpoint);
      if (!hasJoined && !isJoining) {
        joinNanos = nowNanos; // the first contact, by hand or from a peer
        tickNanos = nowNanos;
      }
      pingWaiting(nowNanos);
    }

    @Override
    public void onFailure(long nowNanos) {
      pinging.remove(endpoint);
      pingWaiting(nowNanos);
    }
  }

  private void pingWaiting(long nowNanos) {
    var first = waiting.values().iterator();
    while (first.hasNext() && pinging.size() < PINGS_MAX) {
      var next = first.next();
      first.remove();
      if (next.isWelcome(node.table())) {
        pingNow(next.endpoint(), next.expected(), nowNanos);
      }
    }
  }

  // Time

  long deadlineNanos() {
    return tickNanos;
  }

  void advance(long nowNanos) {
    tickNanos = nowNanos + TICK_NANOS;
    if (!isJoining && joinNanos - nowNanos <= 0) {
      join(nowNanos);
    }
    var silent = node.table().questionable(nowNanos);
    if (silent != null) {
      ping(silent.endpoint(), silent.id(), nowNanos);
    }
    if (hasJoined && !isJoining) {
      var target = node.table().staleTarget(random, nowNanos);
      if (target != null) {
        node.look(target, new Refresh(target), nowNanos);
      }
    }
  }

  private record Refresh(Hash160 target) implements Lookup.Purpose {
    @Override
    public Query query() {
      return new Query.FindNode(target, Want.UNSAID);
    }

    @Override
    public void onEnd(int asked, List<Lookup.Answer> answered, long nowNanos) {
      // Whoever answered is in the table by now.
    }
  }

  // Being reached

  void onAsked(Endpoint to) {
    if (isWatching() && contacted.size() < CONTACTED_MAX) {
      contacted.add(Reach.host(to));
    }
  }

  /** A query from an address that we never wrote to: no router in between holds such back. */
  void onQuery(Endpoint from, long nowNanos) {
    if (isWatching() && contacted.size() < CONTACTED_MAX && !contacted.contains(Reach.host(from))) {
      isReached = true;
      contacted.clear();
    }
  }

  private boolean isWatching() {
    return settings.readOnly() == DhtSettings.ReadOnly.WHEN_UNREACHABLE && !isReached;
  }

  /** Whether we answer nobody, and say so (BEP 43). */
  boolean isReadOnly(long nowNanos) {
    return switch (settings.readOnly()) {
      case NEVER -> false;
      case ALWAYS -> true;
      case WHEN_UNREACHABLE ->
          !isReached
              && contacted.size() >= CONTACTED_MIN
              && nowNanos - startedNanos >= UNREACHABLE_NANOS;
    };
  }

  boolean isReached() {
    return isReached;
  }
}
