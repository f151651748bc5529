package org.spate.core.swarm;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.spate.core.Endpoint;
import org.spate.core.wire.Extension;
import org.spate.core.wire.PeerMessage;
import org.spate.core.wire.PexMessage;
import org.spate.core.wire.PexMessage.Contact;
import org.spate.core.wire.WireException;

/**
 * Exchanges addresses with neighbours (BEP 11): each hears once a minute whom we have got and lost
 * since, and may tell us as often. Not in private torrents (BEP 27).
 */
final class PeerExchange {
  private static final long SECOND = 1_000_000_000L;

  /** No neighbour hears more often. */
  static final long INTERVAL_NANOS = 60 * SECOND;

  /** A message for each such time is heeded, and a few at once; others are a nuisance. */
  static final long HEEDED_EVERY_NANOS = 45 * SECOND;

  static final int HEEDED_AT_ONCE = 3;

  private static final int NUISANCE_OF_HASTE = 20;

  /** What has been said to one neighbour and by it. */
  private static final class Talk {
    final Set<Endpoint> told = new LinkedHashSet<>();
    long nextNanos;
    int credit = HEEDED_AT_ONCE;
    long creditNanos;

    Talk(long nowNanos) {
      nextNanos = nowNanos;
      creditNanos = nowNanos;
    }
  }

  private final Neighbours neighbours;
  private final Connector connector;
  private final Outbox out;
  private final Holepunch holepunch;
  private final Map<Integer, Talk> talks = new LinkedHashMap<>(); // by link
  private boolean isOn;

  PeerExchange(Neighbours neighbours, Connector connector, Outbox out) {
    this.neighbours = neighbours;
    this.connector = connector;
    this.out = out;
    this.holepunch = new Holepunch(neighbours, connector, out);
  }

  /** What brings those together who cannot dial each other. */
  Holepunch holepunch() {
    return holepunch;
  }

  void settings(SwarmSettings settings) {
    isOn = isOn(settings);
    holepunch.run(punches(settings));
  }

  /** Whether a torrent with these settings takes part. */
  static boolean isOn(SwarmSettings settings) {
    return settings.peerExchange() && !settings.isPrivate();
  }

  /** Whether it lends a hand to those who cannot be dialled, and takes one. */
  static boolean punches(SwarmSettings settings) {
    return isOn(settings) && settings.holepunch();
  }

  void onGone(Peer peer) {
    talks.remove(peer.link);
    holepunch.onGone(peer);
  }

  /** A dial came to nothing: perhaps because of a router, and a neighbour can help. */
  void onDialFailed(Endpoint remote, long nowNanos) {
    connector.onDialFailed(remote, nowNanos);
    holepunch.onDialFailed(remote, nowNanos);
  }

  /** Every second: tells those whose turn it is. */
  void everySecond(long nowNanos) {
    if (!isOn) {
      return;
    }
    holepunch.everySecond(nowNanos);
    for (var peer : neighbours.all()) {
      if (peer.ids.has(Extension.UT_PEX)) {
        var talk = talks.computeIfAbsent(peer.link, _ -> new Talk(nowNanos));
        if (talk.nextNanos - nowNanos <= 0) {
          tell(peer, talk, nowNanos);
        }
      }
    }
  }

  private void tell(Peer peer, Talk talk, long nowNanos) {
    talk.nextNanos = nowNanos + INTERVAL_NANOS;
    var added = new ArrayList<Contact>();
    var present = new LinkedHashSet<Endpoint>();
    for (var other : neighbours.all()) {
      var address = address(other);
      if (address != null && other != peer && present.add(address)) {
        if (added.size() < PexMessage.CONTACTS_MAX && talk.told.add(address)) {
          added.add(new Contact(address, flags(other)));
        }
      }
    }
    var dropped = new ArrayList<Endpoint>();
    for (var address : talk.told) {
      if (dropped.size() < PexMessage.CONTACTS_MAX && !present.contains(address)) {
        dropped.add(address);
      }
    }
    dropped.forEach(talk.told::remove);
    if (!added.isEmpty() || !dropped.isEmpty()) {
      var message = new PexMessage(added, dropped);
      int id = peer.ids.id(Extension.UT_PEX);
      out.send(peer, new PeerMessage.Extended(id, message.encode()), nowNanos);
    }
  }

  /** Where others can dial it, or null if that is not known. */
  static @Nullable Endpoint address(Peer peer) {
    if (peer.web != null) {
      return null;
    }
    if (!peer.incoming) {
      return peer.remote;
    }
    var extensions = peer.extensions;
    return extensions == null || extensions.listenPort() == 0
        ? null
        : peer.remote.withPort(extensions.listenPort());
  }

  private static int flags(Peer peer) {
    int flags = peer.isSeed() || peer.uploadOnly ? Contact.SEED : 0;
    flags |= peer.route.transport() == Route.Transport.UTP ? Contact.UTP : 0;
    flags |= peer.route.encryption() == Route.Encryption.PLAIN ? 0 : Contact.ENCRYPTION;
    flags |= peer.ids.has(Extension.UT_HOLEPUNCH) ? Contact.HOLEPUNCH : 0;
    return flags | (peer.incoming ? 0 : Contact.REACHABLE);
  }

  /** Returns why the link must close, or null. */
  @Nullable CloseReason onMessage(Peer peer, byte[] body, long nowNanos) {
    if (!isOn || !isHeeded(peer, nowNanos)) {
      peer.nuisance += NUISANCE_OF_HASTE;
      return null;
    }
    try {
      var told = new ArrayList<Endpoint>();
      for (var contact : PexMessage.parse(body).added()) {
        if (isCredible(contact.remote(), peer)) {
          told.add(contact.remote());
          holepunch.onTold(peer, contact);
        }
      }
      connector.onFound(List.copyOf(told), PeerSource.PEX, nowNanos);
      return null;
    } catch (WireException e) {
      return CloseReason.BAD_EXTENSION_MESSAGE;
    }
  }

  private boolean isHeeded(Peer peer, long nowNanos) {
    var talk = talks.computeIfAbsent(peer.link, _ -> new Talk(nowNanos));
    while (nowNanos - talk.creditNanos >= HEEDED_EVERY_NANOS && talk.credit < HEEDED_AT_ONCE) {
      talk.creditNanos += HEEDED_EVERY_NANOS;
      talk.credit++;
    }
    if (talk.credit == HEEDED_AT_ONCE) {
      talk.creditNanos = nowNanos;
    }
    if (talk.credit == 0) {
      return false;
    }
    talk.credit--;
    return true;
  }

  /** A stranger from elsewhere knows nobody on this machine or on this wire. */
  static boolean isCredible(Endpoint told, Peer teller) {
    return (!told.isLoopback() || teller.remote.isLoopback())
        && (!told.isLinkLocal() || teller.remote.isLinkLocal());
  }
}
