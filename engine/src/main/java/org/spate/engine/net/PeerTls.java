package org.spate.engine.net;

import io.netty.channel.Channel;
import io.netty.handler.flow.FlowControlHandler;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.AttributeKey;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.regex.Pattern;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.spate.core.Hash160;

/**
 * TLS between the peers of one torrent, as libtorrent's SSL torrents have it. The info dictionary
 * holds a root certificate. Both ends show one that it has signed and that names the torrent, or
 * {@code *} for any; who dials says which torrent it means by the server name, the info-hash in
 * hexadecimal digits.
 */
public final class PeerTls {
  private static final AttributeKey<PeerTls> USED = AttributeKey.valueOf(PeerTls.class, "used");

  /** A common name as RFC 2253 writes it. */
  private static final Pattern COMMON_NAME = Pattern.compile("(?:^|[,+])CN=((?:\\\\.|[^,+\\\\])*)");

  private static final int DNS_NAME = 2; // of GeneralName (RFC 5280)

  private final String torrentName;
  private final SslContext accepting;
  private final SslContext dialling;

  private PeerTls(String torrentName, SslContext accepting, SslContext dialling) {
    this.torrentName = torrentName;
    this.accepting = accepting;
    this.dialling = dialling;
  }

  /**
   * Reads what it takes.
   *
   * @param root the torrent's root certificate, PEM
   * @param certificates our own, PEM, and those between it and the root
   * @param key of our certificate, PEM (PKCS 8) without a password
   * @throws IOException if any of them cannot be used; its message says which
   */
  public static PeerTls of(String torrentName, String root, Path certificates, Path key)
      throws IOException {
    var authority = root(root);
    try {
      var accepting =
          SslContextBuilder.forServer(certificates.toFile(), key.toFile())
              .sslProvider(SslProvider.JDK)
              .trustManager(authority)
              .clientAuth(ClientAuth.REQUIRE)
              .build();
      var dialling =
          SslContextBuilder.forClient()
              .keyManager(certificates.toFile(), key.toFile())
              .sslProvider(SslProvider.JDK)
              .trustManager(authority)
              .endpointIdentificationAlgorithm(null)
              .build();
      return new PeerTls(torrentName, accepting, dialling);
    } catch (IllegalArgumentException | SSLException e) {
      var cause = e.getCause() == null ? e : e.getCause();
      throw new IOException(
          certificates + " and " + key + " are no certificate and its key: " + cause.getMessage(),
          e);
    }
  }

  /**
   * The certificate in a torrent.
   *
   * @throws IOException if it is none
   */
  public static X509Certificate root(String pem) throws IOException {
    try {
      var bytes = new ByteArrayInputStream(pem.getBytes(StandardCharsets.ISO_8859_1));
      return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(bytes);
    } catch (CertificateException e) {
      throw new IOException("not a certificate: " + e.getMessage(), e);
    }
  }

  /** For a connection that came in and named the torrent. */
  SslContext accept(Channel channel) {
    channel.attr(USED).set(this);
    return accepting;
  }

  /** Begins a handshake on a connection that we dialled. */
  void dial(Channel channel, Hash160 infoHash) {
    channel.attr(USED).set(this);
    var engine = dialling.newEngine(channel.alloc());
    var parameters = engine.getSSLParameters();
    parameters.setServerNames(List.of(new SNIHostName(infoHash.toString())));
    engine.setSSLParameters(parameters);
    channel.pipeline().addLast(new SslHandler(engine), new FlowControlHandler());
  }

  /** Whether a connection was secured for this torrent, by somebody who may take part in it. */
  boolean admits(Channel channel) {
    var tls = channel.pipeline().get(SslHandler.class);
    if (tls == null || channel.attr(USED).get() != this) {
      return false;
    }
    try {
      var shown = tls.engine().getSession().getPeerCertificates();
      return shown[0] instanceof X509Certificate certificate && names(certificate, torrentName);
    } catch (SSLPeerUnverifiedException | CertificateException e) {
      return false;
    }
  }

  private static boolean names(X509Certificate certificate, String torrentName)
      throws CertificateException {
    var names = certificate.getSubjectAlternativeNames();
    if (names != null) {
      for (var name : names) {
        if (name.get(0).equals(DNS_NAME) && fits(String.valueOf(name.get(1)), torrentName)) {
          return true;
        }
      }
    }
    var common = COMMON_NAME.matcher(certificate.getSubjectX500Principal().getName());
    return common.find() && fits(common.group(1).replaceAll("\\\\(.)", "$1"), torrentName);
  }

  private static boolean fits(String name, String torrentName) {
    return name.equals("*") || name.equals(torrentName);
  }
}
