package org.spate.app.dht;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.interfaces.EdECPublicKey;
import java.security.spec.NamedParameterSpec;
import java.util.HexFormat;

/**
 * The Ed25519 key that mutable items (BEP 44) are signed with, kept in a file of 64 hexadecimal
 * digits: the seed of RFC 8032, from which all the rest follows.
 */
public record SigningKey(byte[] seed, byte[] publicKey) {
  private static final int SEED_BYTES = 32;
  private static final int DIGITS = 2 * SEED_BYTES;

  /** Reads a key, or makes one and a file for it that nobody else can read. */
  public static SigningKey in(Path file) throws IOException {
    try {
      var text = Files.readString(file, StandardCharsets.US_ASCII).strip();
      if (text.length() != DIGITS) {
        throw new IllegalArgumentException(file + ": not 64 hexadecimal digits");
      }
      return of(HexFormat.of().parseHex(text));
    } catch (NoSuchFileException e) {
      var seed = new byte[SEED_BYTES];
      new SecureRandom().nextBytes(seed);
      Files.createFile(file, ownerOnly());
      Files.writeString(file, HexFormat.of().formatHex(seed) + "\n");
      return of(seed);
    }
  }

  private static FileAttribute<?>[] ownerOnly() {
    return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : new FileAttribute<?>[0];
  }

  /** The pair of a seed. */
  static SigningKey of(byte[] seed) {
    try {
      var generator = KeyPairGenerator.getInstance("Ed25519");
      generator.initialize(NamedParameterSpec.ED25519, new Given(seed));
      var point = ((EdECPublicKey) generator.generateKeyPair().getPublic()).getPoint();
      var bytes = new byte[SEED_BYTES];
      var y = point.getY().toByteArray();
      for (int i = 0; i < Math.min(y.length, SEED_BYTES); i++) {
        bytes[i] = y[y.length - 1 - i];
      }
      bytes[SEED_BYTES - 1] |= (byte) (point.isXOdd() ? 0x80 : 0);
      return new SigningKey(seed, bytes);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has Ed25519", e);
    }
  }

  /** The JDK tells the public key of a pair that it makes, only; so it is told what to draw. */
  private static final class Given extends SecureRandom {
    private static final long serialVersionUID = 1;
    private final byte[] bytes;

    Given(byte[] bytes) {
      this.bytes = bytes.clone();
    }

    @Override
    public void nextBytes(byte[] target) {
      System.arraycopy(bytes, 0, target, 0, target.length);
    }
  }
}
