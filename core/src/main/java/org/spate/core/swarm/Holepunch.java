package org.spate.core.swarm;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.spate.core.Endpoint;
import org.spate.core.wire.Extension;
import org.spate.core.wire.HolepunchMessage;
import org.spate.core.wire.HolepunchMessage.Cause;
import org.spate.core.wire.PeerMessage;
import org.spate.core.wire.PexMessage.Contact;

/**
 * Brings peers together whose routers let nobody in (BEP 55), in all three parts: who could not
 * dial a peer asks the neighbour that told of it; that one tells both to dial each other; both do,
 * by uTP, and each router takes what comes for an answer.
 *
 * <p>Nobody may use us to knock at third parties: a relay speaks for its own neighbours only, each
 * neighbour may do so now and then, and what it may tell us of by peer exchange bounds whom it can
 * make us dial.
 */
final class Holepunch {
  private static final long SECOND = 1_000_000_000L;

  /** Peers of which it is remembered who told of them; the oldest make room. */
  static final int HINTS_MAX = 500;

  /** Neighbours that are remembered for each of them. */
  private static final int RELAYS_MAX = 3;

  /** A neighbour may ask, or introduce somebody, so often, and a few times at once. */
  static final long HEEDED_EVERY_NANOS = 10 * SECOND;

  static final int HEEDED_AT_ONCE = 6;

  private static final int NUISANCE_OF_HASTE = 20;

  /** The same peer is not asked for again before. */
  private static final long AGAIN_NANOS = 120 * SECOND;

  /** So long after an introduction a link counts as its fruit. */
  private static final long PUNCH_NANOS = 30 * SECOND;

  private static final int PUNCHES_MAX = 100;

  /** Who told of a peer, by link, and whom we asked to introduce us. */
  private static final class Hint {
    final List<Integer> relays = new ArrayList<>();
    boolean isReachable; // somebody has dialled it
    int askedLink = -1;
    long askedNanos;
  }

  /** What a neighbour may still do. */
  private static final class Credit {
    int left = HEEDED_AT_ONCE;
    long sinceNanos;

    boolean take(long nowNanos) {
      while (left < HEEDED_AT_ONCE && nowNanos - sinceNanos >= HEEDED_EVERY_NANOS) {
        left++;
        sinceNanos += HEEDED_EVERY_NANOS;
      }
      if (left == HEEDED_AT_ONCE) {
        sinceNanos = nowNanos;
      }
      return left > 0 && left-- > 0;
    }
  }

  private final Neighbours neighbours;
  private final Connector connector;
  private final Outbox out;
  private final Map<Endpoint, Hint> hints = new LinkedHashMap<>();
  private final ArrayDeque<Endpoint> doubtful = new ArrayDeque<>(); // not asked for so far
  private final Map<Integer, Credit> credits = new LinkedHashMap<>(); // of theirs, by link
  private final Map<Integer, Credit> asking = new LinkedHashMap<>(); // of ours, likewise
  private final Map<Endpoint, Long> punches = new LinkedHashMap<>(); // and when, oldest first
  private boolean isOn;

  Holepunch(Neighbours neighbours, Connector connector, Outbox out) {
    this.neighbours = neighbours;
    this.connector = connector;
    this.out = out;
  }

  /** Not in private torrents, nor without peer exchange. */
  void run(boolean on) {
    isOn = on;
  }

  void onGone(Peer peer) {
    credits.remove(peer.link);
    asking.remove(peer.link);
  }

  /** A neighbour has told of one of its own. */
  void onTold(Peer teller, Contact contact) {
    boolean canHelp = (contact.flags() & Contact.HOLEPUNCH) != 0 && isAble(teller);
    if (!canHelp) {
      return;
    }
    var hint = hints.remove(contact.remote());
    if (hint == null) {
      hint = new Hint();
      doubtful.add(contact.remote());
    }
    hint.isReachable |= (contact.flags() & Contact.REACHABLE) != 0;
    if (!hint.relays.contains(teller.link)) {
      if (hint.relays.size() == RELAYS_MAX) {
        hint.relays.removeFirst();
      }
      hint.relays.add(teller.link);
    }
    hints.put(contact.remote(), hint);
    if (hints.size() > HINTS_MAX) {
      hints.remove(hints.keySet().iterator().next());
    }
    if (doubtful.size() > HINTS_MAX) {
      doubtful.remove();
    }
  }

  /** Whom nobody has dialled so far is asked for at once; dialling it takes long to fail. */
  void everySecond(long nowNanos) {
    var remote = doubtful.poll();
    var hint = remote == null || !isOn ? null : hints.get(remote);
    if (remote != null && hint != null && !hint.isReachable && neighbour(remote) == null) {
      ask(remote, hint, nowNanos);
    }
  }

  private static boolean isAble(Peer peer) {
    return peer.ids.has(Extension.UT_HOLEPUNCH);
  }

  /** A peer could not be dialled; a relay is asked once in a while. */
  void onDialFailed(Endpoint remote, long nowNanos) {
    var hint = isOn ? hints.get(remote) : null;
    if (hint != null && neighbour(remote) == null) {
      ask(remote, hint, nowNanos);
    }
  }

  private void ask(Endpoint remote, Hint hint, long nowNanos) {
    if (hint.askedLink >= 0 && nowNanos - hint.askedNanos < AGAIN_NANOS) {
      return;
    }
    var relay = connector.isFew() ? relay(hint) : null;
    if (relay != null && asking.computeIfAbsent(relay.link, _ -> new Credit()).take(nowNanos)) {
      hint.askedLink = relay.link;
      hint.askedNanos = nowNanos;
      send(relay, new HolepunchMessage.Rendezvous(remote), nowNanos);
    }
  }

  /** One that is here still; over uTP it knows the very port that our router has given us. */
  private @Nullable Peer relay(Hint hint) {
    Peer best = null;
    for (int link : hint.relays) {
      var peer = neighbours.find(link);
      if (peer != null && isAble(peer) && (best == null || isByUtp(peer))) {
        best = peer;
      }
    }
    return best;
  }

  private static boolean isByUtp(Peer peer) {
    return peer.route.transport() == Route.Transport.UTP;
  }

  private void send(Peer peer, HolepunchMessage message, long nowNanos) {
    int id = peer.ids.id(Extension.UT_HOLEPUNCH);
    out.send(peer, new PeerMessage.Extended(id, message.encode()), nowNanos);
  }

  void onMessage(Peer peer, byte[] body, long nowNanos) {
    var message = isOn && isAble(peer) ? HolepunchMessage.parse(body) : null;
    switch (message) {
      case HolepunchMessage.Rendezvous(var wanted) -> introduce(peer, wanted, nowNanos);
      case HolepunchMessage.Connect(var other) -> connect(peer, other, nowNanos);
      case HolepunchMessage.Failed(var missing, _) -> {
        peer.nuisance++;
        var hint = hints.get(missing);
        if (hint != null) {
          hint.relays.removeIf(link -> link == peer.link);
        }
      }
      case null -> peer.nuisance += NUISANCE_OF_HASTE;
    }
  }

  private boolean isHeeded(Peer peer, long nowNanos) {
    boolean isHeeded = credits.computeIfAbsent(peer.link, _ -> new Credit()).take(nowNanos);
    if (!isHeeded) {
      peer.nuisance += NUISANCE_OF_HASTE;
    }
    return isHeeded;
  }

  // As a relay.

  private void introduce(Peer asker, Endpoint wanted, long nowNanos) {
    if (!isHeeded(asker, nowNanos)) {
      return;
    }
    var target = neighbour(wanted);
    var cause = refusal(asker, target, wanted);
    if (target == null || cause != null) {
      var why = cause == null ? Cause.NOT_CONNECTED : cause;
      send(asker, new HolepunchMessage.Failed(wanted, why), nowNanos);
      return;
    }
    send(asker, new HolepunchMessage.Connect(door(target)), nowNanos);
    send(target, new HolepunchMessage.Connect(door(asker)), nowNanos);
  }

  private static @Nullable Cause refusal(Peer asker, @Nullable Peer target, Endpoint wanted) {
    if (target == null) {
      return wanted.port() == 0 ? Cause.NO_SUCH_PEER : Cause.NOT_CONNECTED;
    }
    if (target == asker || wanted.isLocal() != asker.remote.isLocal()) {
      return Cause.NO_SUCH_PEER; // one means something else by a local address than the other
    }
    return isAble(target) ? null : Cause.NO_SUPPORT;
  }

  /** By the address of its link, or by the one that peer exchange tells of it. */
  private @Nullable Peer neighbour(Endpoint wanted) {
    for (var peer : neighbours.all()) {
      if (peer.remote.equals(wanted) || wanted.equals(PeerExchange.address(peer))) {
        return peer;
      }
    }
    return null;
  }

  /**
   * Where a neighbour is to be dialled: over uTP that is where its datagrams come from; of a link
   * over TCP the port means nothing, and many routers keep the one that it listens at.
   */
  private static Endpoint door(Peer peer) {
    var told = PeerExchange.address(peer);
    return isByUtp(peer) || told == null ? peer.remote : told;
  }

  // As one of the two.

  private void connect(Peer relay, Endpoint other, long nowNanos) {
    var hint = hints.get(other);
    boolean isAskedFor =
        hint != null
            && hint.askedLink == relay.link
            && nowNanos - hint.askedNanos < PUNCH_NANOS
            && !punches.containsKey(other);
    if (!isAskedFor && !isHeeded(relay, nowNanos)) {
      return;
    }
    boolean isWanted =
        isOn
            && PeerExchange.isCredible(other, relay)
            && other.isLocal() == relay.remote.isLocal()
            && neighbour(other) == null;
    if (isWanted && connector.punch(other, nowNanos)) {
      punches.remove(other);
      punches.put(other, nowNanos);
      if (punches.size() > PUNCHES_MAX) {
        punches.remove(punches.keySet().iterator().next());
      }
    }
  }

  /** A new link, with word of it if it is what came of an introduction. */
  SwarmInput.LinkOpened recognised(SwarmInput.LinkOpened opened, long nowNanos) {
    var sinceNanos = punches.get(opened.remote());
    boolean isPunched =
        sinceNanos != null
            && nowNanos - sinceNanos < PUNCH_NANOS
            && opened.route().transport() == Route.Transport.UTP;
    return isPunched
        ? new SwarmInput.LinkOpened(
            opened.link(),
            opened.remote(),
            opened.incoming(),
            opened.route().punched(),
            opened.handshake())
        : opened;
  }
}
