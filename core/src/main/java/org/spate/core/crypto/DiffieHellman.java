package org.spate.core.crypto;

import java.math.BigInteger;
import java.util.random.RandomGenerator;

/** One side of the key exchange of MSE: 768 bits, generator 2. */
final class DiffieHellman {
  /** A public key or secret on the wire: big-endian, with leading zeros. */
  static final int KEY_BYTES = 96;

  /** The specification asks for at least 128 bits and sees no use in more than 180. */
  private static final int PRIVATE_BYTES = 20;

  private static final BigInteger P =
      new BigInteger(
          "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74"
              + "020BBEA63B139B22514A08798E3404DDEF9519B3CD3A431B302B0A6DF25F1437"
              + "4FE1356D6D51C245E485B576625E7EC6F44C42E9A63A36210000000000090563",
          16);

  private final BigInteger privateKey;

  private DiffieHellman(BigInteger privateKey) {
    this.privateKey = privateKey;
  }

  static DiffieHellman random(RandomGenerator random) {
    var bytes = new byte[PRIVATE_BYTES];
    random.nextBytes(bytes);
    return of(bytes);
  }

  /** With a given private key, big-endian. */
  static DiffieHellman of(byte[] privateKey) {
    return new DiffieHellman(new BigInteger(1, privateKey));
  }

  byte[] publicKey() {
    return bytes(BigInteger.TWO.modPow(privateKey, P));
  }

  /**
   * The secret that both sides come to.
   *
   * @param theirs {@link #KEY_BYTES} of the other side
   * @throws MseException if their key would force the secret
   */
  byte[] secret(byte[] theirs) {
    var key = new BigInteger(1, theirs);
    if (key.compareTo(BigInteger.TWO) < 0 || key.compareTo(P.subtract(BigInteger.TWO)) > 0) {
      throw new MseException(MseException.Reason.WEAK_KEY);
    }
    return bytes(key.modPow(privateKey, P));
  }

  private static byte[] bytes(BigInteger number) {
    var signed = number.toByteArray();
    var bytes = new byte[KEY_BYTES];
    int length = Math.min(signed.length, KEY_BYTES); // one more is the zero of the sign
    System.arraycopy(signed, signed.length - length, bytes, KEY_BYTES - length, length);
    return bytes;
  }
}
