package org.spate.core.dht;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.spate.core.Endpoint;
import org.spate.core.Hash160;

/**
 * An iterative search for the nodes closest to a target (BEP 5): asks the closest nodes known for
 * closer ones, {@value #ALPHA} at a time, until the eight closest that there are have answered.
 * While it is getting closer it does not wait for the slow: nodes closer than all that have
 * answered are asked beyond that number, up to twice as many.
 *
 * <p>Against liars (threat 37): only nodes whose id fits their address (BEP 42), one for each
 * network, count towards the eight; others are asked, too, but not many. Who names nodes that do
 * not answer is believed last. The number of questions is bounded.
 */
final class Lookup {
  static final int ALPHA = 4;
  static final int QUERIES_MAX = 200;
  static final int UNBOUND_QUERIES_MAX = 40;

  private static final int CANDIDATES_MAX = 128;
  private static final int CANDIDATES_PER_HOST_MAX = 3;
  private static final int NODES_PER_REPLY_MAX = 16;

  /** How many of the closest answer for a target: store there, and look no further. */
  static final int CLOSEST = Bucket.SIZE;

  private static final int UNBOUND_STORES_MAX = CLOSEST / 2;

  /** What a lookup is for. */
  interface Purpose {

    /** What to ask a node. */
    Query query();

    default void onReply(NodeInfo from, Reply reply, long nowNanos) {}

    /** Whether the search may end early. */
    default boolean isSatisfied() {
      return false;
    }

    /**
     * The search is over.
     *
     * @param asked how many were asked
     * @param answered the nodes that answer for the target, closest first, of all that did answer
     */
    void onEnd(int asked, List<Answer> answered, long nowNanos);
  }

  /** A node close to the target, what it answered, and what it wants back before it stores. */
  record Answer(NodeInfo node, Reply reply, byte @Nullable [] token) {}

  /** Sends a question; false if too many are open. */
  interface Port {
    boolean ask(
        Endpoint to,
        @Nullable Hash160 expected,
        Query query,
        Transactions.Asker asker,
        long nowNanos);
  }

  private final Hash160 target;
  private final boolean v6;
  private final Hash160 ownId;
  private final Purpose purpose;
  private final Port port;
  private final List<Candidate> candidates = new ArrayList<>();
  private int asked;
  private int unboundAsked;
  private int waitingFor;
  private boolean isOver;

  Lookup(Hash160 target, boolean v6, Hash160 ownId, Purpose purpose, Port port) {
    this.target = target;
    this.v6 = v6;
    this.ownId = ownId;
    this.purpose = purpose;
    this.port = port;
  }

  /** Begins with nodes of the table, and with addresses of which nothing else is known. */
  void start(List<NodeInfo> known, List<Endpoint> routers, long nowNanos) {
    known.forEach(node -> add(new Candidate(node.id(), node.endpoint(), null)));
    routers.forEach(router -> add(new Candidate(null, router, null)));
    step(nowNanos);
  }

  boolean isOver() {
    return isOver;
  }

  /** Asks whom it can; ends if there is nobody left to ask or wait for. */
  private void step(long nowNanos) {
    while (!isOver) {
      var next = purpose.isSatisfied() ? null : next();
      if (next == null) {
        boolean isDone = waitingFor == 0 && (hasConverged() || openCount() == 0);
        if (isDone || purpose.isSatisfied()) {
          end(nowNanos);
        }
        return;
      }
      if (waitingFor >= (isClosest(next) ? 2 * ALPHA : ALPHA) || !ask(next, nowNanos)) {
        return;
      }
    }
  }

  /** The closest candidate to ask, or null if all that matter have been. */
  private @Nullable Candidate next() {
    if (asked >= QUERIES_MAX) {
      return null;
    }
    Candidate distrusted = null;
    int counted = 0;
    for (int i = 0; i < candidates.size() && counted < CLOSEST; i++) {
      var candidate = candidates.get(i);
      if (candidate.state == Candidate.State.FRESH && mayAsk(candidate)) {
        if (!candidate.isDistrusted()) {
          return candidate;
        }
        distrusted = distrusted == null ? candidate : distrusted;
      }
      counted += counts(i) ? 1 : 0;
    }
    return counted < CLOSEST ? distrusted : null;
  }

  private boolean mayAsk(Candidate candidate) {
    return candidate.id() == null || candidate.isBound() || unboundAsked < UNBOUND_QUERIES_MAX;
  }

  /** Whether a candidate has answered and is one of the eight: bound, the first of its network. */
  private boolean counts(int index) {
    var candidate = candidates.get(index);
    if (candidate.state != Candidate.State.ANSWERED || !candidate.isBound()) {
      return false;
    }
    if (Reach.isLocal(candidate.endpoint)) {
      return true;
    }
    var network = Reach.network(candidate.endpoint);
    for (int i = 0; i < index; i++) {
      var other = candidates.get(i);
      if (other.state == Candidate.State.ANSWERED
          && other.isBound()
          && Reach.network(other.endpoint).equals(network)) {
        return false;
      }
    }
    return true;
  }

  private boolean hasConverged() {
    int counted = 0;
    for (int i = 0; i < candidates.size() && counted < CLOSEST; i++) {
      counted += counts(i) ? 1 : 0;
    }
    return counted == CLOSEST;
  }

  private int openCount() {
    int count = 0;
    for (var candidate : candidates) {
      count += candidate.isOpen() ? 1 : 0;
    }
    return count;
  }

  private boolean isClosest(Candidate next) {
    for (var candidate : candidates) {
      if (candidate == next) {
        return true;
      }
      if (candidate.state == Candidate.State.ANSWERED) {
        return false;
      }
    }
    return true;
  }

  private boolean ask(Candidate candidate, long nowNanos) {
    var expected = candidate.id();
    boolean sent =
        port.ask(candidate.endpoint, expected, purpose.query(), new Waiting(candidate), nowNanos);
    if (sent) {
      candidate.state = Candidate.State.ASKED;
      waitingFor++;
      asked++;
      unboundAsked += expected == null || candidate.isBound() ? 0 : 1;
    }
    return sent;
  }

  /** Tries again after {@link Port#ask} had no room. */
  void nudge(long nowNanos) {
    step(nowNanos);
  }

  /** One question of this lookup. */
  private final class Waiting implements Transactions.Asker {
    private final Candidate candidate;

    Waiting(Candidate candidate) {
      this.candidate = candidate;
    }

    @Override
    public void onReply(NodeInfo from, Reply reply, long nowNanos) {
      leave();
      boolean wasUnknown = candidate.id() == null;
      candidate.answered(from.id());
      if (isOver) {
        return;
      }
      if (wasUnknown && candidates.remove(candidate)) {
        insert(candidate);
      }
      candidate.token = reply.token();
      candidate.reply = reply;
      learn(reply.nodes());
      purpose.onReply(from, reply, nowNanos);
      step(nowNanos);
    }

    private void learn(List<NodeInfo> nodes) {
      int taken = 0;
      for (var node : nodes) {
        if (node.endpoint().isV4() != v6
            && Reach.mayName(candidate.endpoint, node.endpoint())
            && !node.id().equals(ownId)
            && taken++ < NODES_PER_REPLY_MAX) {
          add(new Candidate(node.id(), node.endpoint(), candidate));
        }
      }
    }

    @Override
    public void onFailure(long nowNanos) {
      leave();
      candidate.failed();
      step(nowNanos);
    }

    @Override
    public void onSlow(long nowNanos) {
      leave();
      candidate.slow();
      step(nowNanos);
    }

    private void leave() {
      waitingFor -= candidate.state == Candidate.State.ASKED ? 1 : 0;
    }
  }

  /** Takes note of a node, unless it is known, its host is named too often, or it is too far. */
  private void add(Candidate candidate) {
    int ofHost = 0;
    for (var other : candidates) {
      boolean isSameEndpoint = other.endpoint.equals(candidate.endpoint);
      boolean isSameId = candidate.id() == null || candidate.id().equals(other.id());
      if (isSameEndpoint && (isSameId || other.state == Candidate.State.ANSWERED)) {
        if (candidate.source() != null) {
          other.namedBy(candidate.source());
        }
        return;
      }
      ofHost += other.endpoint.sameAddress(candidate.endpoint) ? 1 : 0;
    }
    if (ofHost < CANDIDATES_PER_HOST_MAX || Reach.isLocal(candidate.endpoint)) {
      insert(candidate);
      if (candidates.size() > CANDIDATES_MAX) {
        removeFarthest();
      }
    }
  }

  private void insert(Candidate candidate) {
    int at = candidates.size();
    while (at > 0 && isCloser(candidate, candidates.get(at - 1))) {
      at--;
    }
    candidates.add(at, candidate);
  }

  /** Nodes of unknown id come last. */
  private boolean isCloser(Candidate a, Candidate b) {
    var id = a.id();
    var other = b.id();
    return id != null && (other == null || NodeIds.compareDistance(target, id, other) < 0);
  }

  private void removeFarthest() {
    for (int i = candidates.size() - 1; i >= 0; i--) {
      if (!candidates.get(i).isOpen()) {
        candidates.remove(i);
        return;
      }
    }
  }

  private void end(long nowNanos) {
    isOver = true;
    var closest = new ArrayList<Answer>();
    int bound = 0;
    int unbound = 0;
    for (int i = 0; i < candidates.size() && bound < CLOSEST; i++) {
      var candidate = candidates.get(i);
      boolean isCounted = counts(i);
      if (candidate.id() == null
          || candidate.reply == null
          || !(isCounted || (!candidate.isBound() && unbound < UNBOUND_STORES_MAX))) {
        continue;
      }
      bound += isCounted ? 1 : 0;
      unbound += isCounted ? 0 : 1;
      var node = new NodeInfo(candidate.id(), candidate.endpoint);
      closest.add(new Answer(node, candidate.reply, candidate.token));
    }
    purpose.onEnd(asked, closest, nowNanos);
  }
}
