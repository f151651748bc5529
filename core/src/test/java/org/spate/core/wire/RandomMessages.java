package org.spate.core.wire;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.random.RandomGenerator;
import org.spate.core.Endpoint;
import org.spate.core.Hash256;

/** Any message within the limits, from a seed. */
final class RandomMessages {
  private static final int KINDS = 23;

  private final RandomGenerator random;

  RandomMessages(RandomGenerator random) {
    this.random = random;
  }

  List<PeerMessage> list(int count) {
    var messages = new ArrayList<PeerMessage>();
    for (int i = 0; i < count; i++) {
      messages.add(next());
    }
    return messages;
  }

  PeerMessage next() {
    return switch (random.nextInt(KINDS)) {
      case 0 -> new PeerMessage.KeepAlive();
      case 1 -> new PeerMessage.Choke();
      case 2 -> new PeerMessage.Unchoke();
      case 3 -> new PeerMessage.Interested();
      case 4 -> new PeerMessage.NotInterested();
      case 5 -> new PeerMessage.Have(random.nextInt());
      case 6 -> new PeerMessage.Bitfield(bytes(random.nextInt(0, 1251)));
      case 7 -> new PeerMessage.Request(random.nextInt(), random.nextInt(), random.nextInt());
      case 8 -> piece();
      case 9 -> new PeerMessage.Cancel(random.nextInt(), random.nextInt(), random.nextInt());
      case 10 -> new PeerMessage.Port(random.nextInt(1 << 16));
      case 11 -> new PeerMessage.SuggestPiece(random.nextInt());
      case 12 -> new PeerMessage.HaveAll();
      case 13 -> new PeerMessage.HaveNone();
      case 14 ->
          new PeerMessage.RejectRequest(random.nextInt(), random.nextInt(), random.nextInt());
      case 15 -> new PeerMessage.AllowedFast(random.nextInt());
      case 16 -> hashRequest();
      case 17 -> hashes();
      case 18 -> hashReject();
      case 19 -> new PeerMessage.ExtensionHandshake(extensions());
      case 20 -> new PeerMessage.DontHave(random.nextInt());
      case 21 -> new PeerMessage.UploadOnly(random.nextBoolean());
      default -> new PeerMessage.Extended(random.nextInt(1, 3), bytes(random.nextInt(3000)));
    };
  }

  private byte[] bytes(int length) {
    var bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  private PeerMessage piece() {
    int length = random.nextBoolean() ? 1 << 14 : random.nextInt(1, 1 << 14);
    return new PeerMessage.Piece(
        random.nextInt(), random.nextInt(), new ByteInput.ByteBlock(bytes(length)));
  }

  private HashRange range() {
    int length = 2 << random.nextInt(9);
    int index = random.nextInt(1000) * length;
    return new HashRange(random.nextInt(20), index, length, random.nextInt(20));
  }

  private PeerMessage hashRequest() {
    var r = range();
    return new PeerMessage.HashRequest(
        Hash256.of(bytes(32)), r.baseLayer(), r.index(), r.length(), r.proofLayers());
  }

  private PeerMessage hashReject() {
    var r = range();
    return new PeerMessage.HashReject(
        Hash256.of(bytes(32)), r.baseLayer(), r.index(), r.length(), r.proofLayers());
  }

  private PeerMessage hashes() {
    var r = range();
    return new PeerMessage.Hashes(
        Hash256.of(bytes(32)),
        r.baseLayer(),
        r.index(),
        r.length(),
        r.proofLayers(),
        bytes(32 * r.hashCount()));
  }

  Extensions extensions() {
    var ids = new LinkedHashMap<String, Integer>();
    for (int i = random.nextInt(6); i > 0; i--) {
      ids.put("x_" + random.nextInt(100), random.nextInt(256));
    }
    return new Extensions(
        ids,
        random.nextBoolean() ? null : "Client \u00b5 " + random.nextInt(),
        random.nextInt(1 << 16),
        random.nextInt(3000),
        random.nextBoolean(),
        random.nextInt(1 << 20),
        random.nextBoolean(),
        address());
  }

  private Endpoint address() {
    return Endpoint.of(bytes(random.nextBoolean() ? 4 : 16), 0);
  }
}
