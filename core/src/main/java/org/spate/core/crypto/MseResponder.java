package org.spate.core.crypto;

import java.util.Arrays;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.spate.core.BigEndian;
import org.spate.core.Hash160;

/**
 * The side that was dialled. It finds the torrent by {@link #requested} of its info-hash, which the
 * host keeps for every torrent that takes links; until the other side has sent a whole key it costs
 * no computation.
 */
public final class MseResponder extends MseHandshake {
  private static final int PROVIDE_BYTES = VC_BYTES + 4 + 2;

  private enum Step {
    KEY,
    MARK,
    TORRENT,
    PROVIDE,
    PADDING,
    FIRST_WORDS
  }

  private final Function<Hash160, @Nullable Hash160> infoHashes;
  private final EncryptionMode mode;
  private final RandomGenerator random;
  private @Nullable DiffieHellman exchange;
  private Step step = Step.KEY;
  private byte[] secret = {};
  private byte[] mark = {};
  private @Nullable Hash160 infoHash;
  private @Nullable Rc4 incoming;
  private @Nullable Rc4 outgoing;
  private CryptoMethod method = CryptoMethod.RC4;
  private int expected;

  /**
   * @param infoHashes from {@link #requested} of an info-hash to the hash itself, or null
   */
  public MseResponder(
      Function<Hash160, @Nullable Hash160> infoHashes,
      EncryptionMode mode,
      RandomGenerator random) {
    this.infoHashes = infoHashes;
    this.mode = mode;
    this.random = random;
  }

  MseResponder(
      Function<Hash160, @Nullable Hash160> infoHashes,
      EncryptionMode mode,
      DiffieHellman exchange,
      RandomGenerator random) {
    this(infoHashes, mode, random);
    this.exchange = exchange;
  }

  /** By what a torrent is looked up: HASH('req2', SKEY). */
  public static Hash160 requested(Hash160 infoHash) {
    return MseKeys.requested(infoHash);
  }

  @Override
  boolean proceed() {
    return switch (step) {
      case KEY -> available() >= DiffieHellman.KEY_BYTES && onKey();
      case MARK -> skipTo(mark) && next(Step.TORRENT);
      case TORRENT -> available() >= Hash160.BYTES && onTorrent();
      case PROVIDE -> available() >= PROVIDE_BYTES && onProvide();
      case PADDING -> available() >= expected + 2 && onPadding();
      case FIRST_WORDS -> available() >= expected && onFirstWords();
    };
  }

  private boolean next(Step next) {
    step = next;
    return true;
  }

  private boolean onKey() {
    var ours = exchange == null ? DiffieHellman.random(random) : exchange;
    secret = ours.secret(take(DiffieHellman.KEY_BYTES));
    mark = MseKeys.mark(secret).bytes();
    sendPadded(ours.publicKey(), random);
    return next(Step.MARK);
  }

  private boolean onTorrent() {
    var obfuscated = Hash160.of(take(Hash160.BYTES));
    var found = infoHashes.apply(MseKeys.requested(obfuscated, secret));
    if (found == null) {
      throw new MseException(MseException.Reason.UNKNOWN_TORRENT);
    }
    infoHash = found;
    incoming = MseKeys.initiatorCipher(secret, found);
    outgoing = MseKeys.responderCipher(secret, found);
    return next(Step.PROVIDE);
  }

  private boolean onProvide() {
    var provide = take(PROVIDE_BYTES, agreed(incoming));
    if (!Arrays.equals(provide, 0, VC_BYTES, new byte[VC_BYTES], 0, VC_BYTES)) {
      throw new MseException(MseException.Reason.NOT_VERIFIED);
    }
    var chosen = mode.choice(BigEndian.intAt(provide, VC_BYTES));
    if (chosen == null) {
      throw new MseException(MseException.Reason.NO_METHOD);
    }
    method = chosen;
    expected = checkedPadding(BigEndian.shortAt(provide, VC_BYTES + 4));
    return next(Step.PADDING);
  }

  private boolean onPadding() {
    var padding = take(expected + 2, agreed(incoming));
    expected = BigEndian.shortAt(padding, padding.length - 2);
    return next(Step.FIRST_WORDS);
  }

  private boolean onFirstWords() {
    var fromThem = agreed(incoming);
    var toThem = agreed(outgoing);
    var answer = new byte[VC_BYTES + 4 + 2]; // no PadD: it is for extensions
    BigEndian.putInt(answer, VC_BYTES, method.bit());
    toThem.apply(answer, 0, answer.length);
    send(answer);
    var firstWords = take(expected, fromThem);
    switch (method) {
      case PLAINTEXT ->
          agree(new Agreement(agreed(infoHash), null, null, join(firstWords, take(available()))));
      case RC4 -> {
        var rest = take(available(), fromThem);
        agree(new Agreement(agreed(infoHash), fromThem, toThem, join(firstWords, rest)));
      }
    }
    return true;
  }

  private static byte[] join(byte[] first, byte[] second) {
    var all = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, all, first.length, second.length);
    return all;
  }

  private static <T> T agreed(@Nullable T value) {
    if (value == null) {
      throw new IllegalStateException("no torrent was named so far");
    }
    return value;
  }
}
