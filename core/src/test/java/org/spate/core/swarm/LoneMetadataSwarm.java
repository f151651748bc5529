package org.spate.core.swarm;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.spate.core.Endpoint;
import org.spate.core.Hash160;
import org.spate.core.PeerId;
import org.spate.core.metainfo.InfoHash;
import org.spate.core.wire.Extension;
import org.spate.core.wire.Extensions;
import org.spate.core.wire.Handshake;
import org.spate.core.wire.MetadataMessage;
import org.spate.core.wire.PeerMessage;

/** A metadata swarm among peers that a test plays by hand. */
final class LoneMetadataSwarm {
  static final long SECOND = 1_000_000_000L;

  /** The ids under which the played peers take extension messages. */
  static final int METADATA_ID = 9;

  final MetadataSwarm swarm;
  final List<SwarmEvent> told = new ArrayList<>();
  final List<Endpoint> dialled = new ArrayList<>();
  private final Map<Integer, List<PeerMessage>> said = new LinkedHashMap<>();
  private final Map<Integer, CloseReason> closed = new HashMap<>();
  private final SplittableRandom random = new SplittableRandom(1);
  private long now = SECOND;
  private int links;

  LoneMetadataSwarm(InfoHash infoHash) {
    swarm =
        new MetadataSwarm(infoHash, SwarmSettings.DEFAULT, PeerId.random(random), random.split());
    give(new SwarmInput.Resume());
  }

  /** A neighbour that claims to have so many bytes of metadata. */
  int source(int size) {
    int link = link(new Hash160(1, 2, 3));
    offers(link, size);
    return link;
  }

  int link(Hash160 infoHash) {
    int link = links++;
    said.put(link, new ArrayList<>());
    var flags = Handshake.FAST | Handshake.EXTENSION_PROTOCOL;
    give(
        new SwarmInput.LinkOpened(
            link, remote(link), false, new Handshake(flags, infoHash, PeerId.random(random))));
    return link;
  }

  static Endpoint remote(int link) {
    return Endpoint.v4(0x0A000001 + link, 6881);
  }

  void offers(int link, int size) {
    var ids = Map.of(Extension.UT_METADATA.key(), METADATA_ID);
    var extensions = new Extensions(ids, "test", 0, 0, false, size, false, null);
    says(link, new PeerMessage.ExtensionHandshake(extensions));
  }

  void says(int link, PeerMessage message) {
    give(new SwarmInput.MessageReceived(link, message));
  }

  void says(int link, MetadataMessage message) {
    says(link, new PeerMessage.Extended(Extension.UT_METADATA.id(), message.encode()));
  }

  /** A neighbour answers what it was asked since the last time, out of these bytes. */
  int answers(int link, byte[] metadata) {
    int count = 0;
    for (int piece : takeRequests(link)) {
      int from = piece * MetadataMessage.PIECE_LENGTH;
      int to = Math.min(metadata.length, from + MetadataMessage.PIECE_LENGTH);
      if (from < to) {
        var bytes = Arrays.copyOfRange(metadata, from, to);
        says(link, new MetadataMessage.Data(piece, metadata.length, bytes));
        count++;
      }
    }
    return count;
  }

  /** The pieces that a neighbour was asked for and has not been taken from here. */
  List<Integer> takeRequests(int link) {
    var pieces = new ArrayList<Integer>();
    for (var message : said.getOrDefault(link, List.of())) {
      if (message instanceof PeerMessage.Extended(int id, byte[] body)
          && id == METADATA_ID
          && MetadataMessage.parse(body) instanceof MetadataMessage.Request(int piece)) {
        pieces.add(piece);
      }
    }
    said.put(link, new ArrayList<>());
    return pieces;
  }

  <T extends PeerMessage> List<T> take(int link, Class<T> kind) {
    var messages = said.get(link).stream().filter(kind::isInstance).map(kind::cast).toList();
    said.get(link).removeAll(messages);
    return messages;
  }

  void give(SwarmInput input) {
    swarm.accept(input, now);
    drain();
  }

  void passSeconds(int seconds) {
    long until = now + seconds * SECOND;
    while (swarm.deadlineNanos() - until <= 0) {
      now = Math.max(now, swarm.deadlineNanos());
      swarm.advance(now);
      drain();
    }
    now = until;
  }

  private void drain() {
    for (var output = swarm.poll(); output != null; output = swarm.poll()) {
      switch (output) {
        case SwarmOutput.Dial(var remote) -> dialled.add(remote);
        case SwarmOutput.Punch(var remote) -> dialled.add(remote);
        case SwarmOutput.Send(int link, var message) -> said.get(link).add(message);
        case SwarmOutput.CloseLink(int link, var reason) -> closed.put(link, reason);
        case SwarmOutput.WantPeers() -> {}
        case SwarmOutput.Notify(var event) -> told.add(event);
        case SwarmOutput.ReadBlock _,
            SwarmOutput.WriteBlock _,
            SwarmOutput.VerifyPiece _,
            SwarmOutput.ExpectLeaves _,
            SwarmOutput.HashLeaves _ ->
            throw new AssertionError("no pieces here: " + output);
      }
    }
  }

  SwarmEvent.@Nullable MetadataFound found() {
    return told.stream()
        .filter(SwarmEvent.MetadataFound.class::isInstance)
        .map(SwarmEvent.MetadataFound.class::cast)
        .findAny()
        .orElse(null);
  }

  List<Endpoint> banned() {
    return told.stream()
        .filter(SwarmEvent.MetadataPoisoned.class::isInstance)
        .map(event -> ((SwarmEvent.MetadataPoisoned) event).remote())
        .toList();
  }

  @Nullable CloseReason closed(int link) {
    return closed.get(link);
  }
}
