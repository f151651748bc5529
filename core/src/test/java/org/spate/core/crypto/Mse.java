package org.spate.core.crypto;

import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.spate.core.Hash160;

/** Two sides of a key exchange and the wire between them. */
final class Mse {
  static final Hash160 TORRENT = Hash160.sha1(new byte[] {1}, 0, 1);

  final MseInitiator initiator;
  final MseResponder responder;

  Mse(byte[] firstWords, EncryptionMode dialling, EncryptionMode dialled, RandomGenerator random) {
    initiator = new MseInitiator(TORRENT, firstWords, dialling, random);
    responder = new MseResponder(Mse::find, dialled, random);
  }

  static @Nullable Hash160 find(Hash160 requested) {
    return requested.equals(MseResponder.requested(TORRENT)) ? TORRENT : null;
  }

  /** Carries bytes to and fro in pieces of any size until nobody has any more. */
  void run(RandomGenerator random, int pieceMax) {
    var toResponder = new ArrayDeque<Byte>();
    var toInitiator = new ArrayDeque<Byte>();
    do {
      collect(initiator, toResponder);
      deliver(toResponder, responder, random, pieceMax);
      collect(responder, toInitiator);
      deliver(toInitiator, initiator, random, pieceMax);
      collect(initiator, toResponder);
    } while (!toResponder.isEmpty() || !toInitiator.isEmpty());
  }

  private static void collect(MseHandshake from, ArrayDeque<Byte> wire) {
    for (var bytes = from.poll(); bytes != null; bytes = from.poll()) {
      for (byte b : bytes) {
        wire.add(b);
      }
    }
  }

  private static void deliver(
      ArrayDeque<Byte> wire, MseHandshake to, RandomGenerator random, int pieceMax) {
    if (to.agreement() == null) {
      var piece = new byte[Math.min(wire.size(), 1 + random.nextInt(pieceMax))];
      for (int i = 0; i < piece.length; i++) {
        piece[i] = wire.remove();
      }
      to.accept(piece, 0, piece.length);
    }
  }

  /** All that a side wants to send now. */
  static byte[] drain(MseHandshake side) {
    var all = new ByteArrayOutputStream();
    for (var bytes = side.poll(); bytes != null; bytes = side.poll()) {
      all.writeBytes(bytes);
    }
    return all.toByteArray();
  }
}
