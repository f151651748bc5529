package org.spate.core.crypto;

import org.jspecify.annotations.Nullable;
import org.spate.core.Hash160;

/**
 * What a finished key exchange leaves behind.
 *
 * @param infoHash the torrent that the initiator named
 * @param incoming decrypts what comes from now on; null if that is plain
 * @param outgoing encrypts what is sent from now on; null if that is plain
 * @param received what came behind the exchange, decrypted already: the initiator's first words,
 *     for one
 */
public record Agreement(
    Hash160 infoHash, @Nullable Rc4 incoming, @Nullable Rc4 outgoing, byte[] received) {

  public CryptoMethod method() {
    return incoming == null ? CryptoMethod.PLAINTEXT : CryptoMethod.RC4;
  }
}
