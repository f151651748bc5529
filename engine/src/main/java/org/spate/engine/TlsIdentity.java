package org.spate.engine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.spate.core.metainfo.InfoDictionary;
import org.spate.engine.net.PeerTls;

/**
 * Who we are to the peers of an SSL torrent.
 *
 * @param certificates ours, PEM, and those between it and the torrent's root
 * @param key of our certificate, PEM (PKCS 8) without a password
 */
public record TlsIdentity(Path certificates, Path key) {
  private static final int ROOT_BYTES_MAX = 64 << 10;

  /**
   * A root certificate as a torrent holds it.
   *
   * @throws IOException if the file has none
   */
  public static String root(Path file) throws IOException {
    if (Files.size(file) > ROOT_BYTES_MAX) {
      throw new IOException("too long for a certificate");
    }
    var pem = Files.readString(file, StandardCharsets.ISO_8859_1);
    PeerTls.root(pem);
    return pem;
  }

  /**
   * What secures a torrent's links; null for one that is in the clear.
   *
   * @throws TorrentException CERTIFICATE
   */
  static @Nullable PeerTls secure(InfoDictionary info, @Nullable TlsIdentity identity) {
    var root = info.rootCertificate();
    if (root == null) {
      return null;
    }
    if (identity == null) {
      throw new TorrentException(
          TorrentException.Reason.CERTIFICATE,
          info.name() + " is an SSL torrent: who takes part needs a certificate and its key",
          null);
    }
    try {
      return PeerTls.of(info.name(), root, identity.certificates, identity.key);
    } catch (IOException e) {
      throw new TorrentException(
          TorrentException.Reason.CERTIFICATE, info.name() + ": " + e.getMessage(), e);
    }
  }
}
