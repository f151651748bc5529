package org.spate.core.announce;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.spate.core.Endpoint;
import org.spate.core.Hash160;
import org.spate.core.PeerId;

/** Values that the tests of this package share, fixed ones and random ones. */
final class Samples {
  static final Hash160 HASH = Hash160.parse("631a31dd0a46257d5078c0dee4e66e26f73e42ac");
  static final PeerId PEER_ID = PeerId.of(latin1("-XX0001-abcdefghijkl"));
  static final AnnounceRequest STARTED =
      new AnnounceRequest(
          HASH, PEER_ID, 6881, 3000, 1000, 2000, AnnounceEvent.STARTED, -1, 0xdeadbeef);

  private Samples() {}

  static byte[] latin1(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  static Hash160 hash(RandomGenerator random) {
    return new Hash160(random.nextLong(), random.nextLong(), random.nextInt());
  }

  static AnnounceRequest request(RandomGenerator random) {
    return new AnnounceRequest(
        hash(random),
        new PeerId(hash(random)),
        random.nextInt(0x10000),
        random.nextLong() >>> random.nextInt(1, 63),
        random.nextLong() >>> random.nextInt(1, 63),
        random.nextLong() >>> random.nextInt(1, 63),
        AnnounceEvent.ofNumber(random.nextInt(4)),
        random.nextInt(-1, 300),
        random.nextInt());
  }

  static Endpoint v4(RandomGenerator random) {
    return Endpoint.v4(random.nextInt(), random.nextInt(1, 0x10000));
  }

  static Endpoint v6(RandomGenerator random) {
    return new Endpoint(random.nextLong() | 1, random.nextLong(), random.nextInt(1, 0x10000));
  }

  static List<Endpoint> peers(RandomGenerator random, boolean v4, boolean v6) {
    var peers = new ArrayList<Endpoint>();
    for (int i = v4 ? random.nextInt(60) : 0; i > 0; i--) {
      peers.add(v4(random));
    }
    for (int i = v6 ? random.nextInt(60) : 0; i > 0; i--) {
      peers.add(v6(random));
    }
    return peers;
  }
}
