package org.spate.core.crypto;

import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.spate.core.BigEndian;
import org.spate.core.Hash160;

/** The side that dialled. */
public final class MseInitiator extends MseHandshake {
  private static final int SELECT_BYTES = 4 + 2;
  private static final int FIRST_WORDS_MAX = 0xFFFF;

  private enum Step {
    KEY,
    MARK,
    SELECT,
    PADDING
  }

  private final Hash160 infoHash;
  private final byte[] firstWords;
  private final EncryptionMode mode;
  private final DiffieHellman exchange;
  private Step step = Step.KEY;
  private byte[] mark = new byte[VC_BYTES];
  private @Nullable Rc4 incoming;
  private @Nullable Rc4 outgoing;
  private CryptoMethod method = CryptoMethod.RC4;
  private int paddingLeft;

  /**
   * @param firstWords sent with the exchange, so that it costs no extra round trip (IA)
   * @throws IllegalArgumentException if there are more than 65,535 of them
   */
  public MseInitiator(
      Hash160 infoHash, byte[] firstWords, EncryptionMode mode, RandomGenerator random) {
    this(infoHash, firstWords, mode, DiffieHellman.random(random), random);
  }

  MseInitiator(
      Hash160 infoHash,
      byte[] firstWords,
      EncryptionMode mode,
      DiffieHellman exchange,
      RandomGenerator random) {
    if (firstWords.length > FIRST_WORDS_MAX) {
      throw new IllegalArgumentException(firstWords.length + " first bytes are too many");
    }
    this.infoHash = infoHash;
    this.firstWords = firstWords;
    this.mode = mode;
    this.exchange = exchange;
    sendPadded(exchange.publicKey(), random);
  }

  @Override
  boolean proceed() {
    return switch (step) {
      case KEY -> available() >= DiffieHellman.KEY_BYTES && onKey();
      case MARK -> skipTo(mark) && next(Step.SELECT);
      case SELECT -> available() >= SELECT_BYTES && onSelect();
      case PADDING -> available() >= paddingLeft && onPadding();
    };
  }

  private boolean next(Step next) {
    step = next;
    return true;
  }

  private boolean onKey() {
    var secret = exchange.secret(take(DiffieHellman.KEY_BYTES));
    var toThem = MseKeys.initiatorCipher(secret, infoHash);
    var fromThem = MseKeys.responderCipher(secret, infoHash);
    outgoing = toThem;
    incoming = fromThem;
    fromThem.apply(mark, 0, mark.length);
    send(request(secret, toThem));
    return next(Step.MARK);
  }

  private byte[] request(byte[] secret, Rc4 cipher) {
    int hashes = 2 * Hash160.BYTES;
    int fixed = hashes + VC_BYTES + 4 + 2 + 2;
    var request = new byte[fixed + firstWords.length];
    MseKeys.mark(secret).copyTo(request, 0);
    MseKeys.obfuscated(infoHash, secret).copyTo(request, Hash160.BYTES);
    BigEndian.putInt(request, hashes + VC_BYTES, mode.offer());
    BigEndian.putShort(request, hashes + VC_BYTES + 4, 0); // no PadC: it is for extensions
    BigEndian.putShort(request, hashes + VC_BYTES + 4 + 2, firstWords.length);
    System.arraycopy(firstWords, 0, request, fixed, firstWords.length);
    cipher.apply(request, hashes, request.length - hashes);
    return request;
  }

  private boolean onSelect() {
    var select = take(SELECT_BYTES, agreed(incoming));
    int bit = BigEndian.intAt(select, 0);
    var selected = CryptoMethod.of(bit);
    if (selected == null || (mode.offer() & bit) == 0) {
      throw new MseException(MseException.Reason.NO_METHOD);
    }
    method = selected;
    paddingLeft = checkedPadding(BigEndian.shortAt(select, 4));
    return next(Step.PADDING);
  }

  private boolean onPadding() {
    var fromThem = agreed(incoming);
    take(paddingLeft, fromThem);
    switch (method) {
      case PLAINTEXT -> agree(new Agreement(infoHash, null, null, take(available())));
      case RC4 ->
          agree(new Agreement(infoHash, fromThem, agreed(outgoing), take(available(), fromThem)));
    }
    return true;
  }

  private static Rc4 agreed(@Nullable Rc4 cipher) {
    if (cipher == null) {
      throw new IllegalStateException("no keys so far");
    }
    return cipher;
  }
}
