package org.spate.engine.net;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** TLS towards servers: certificates are checked, also against the name (threat 47). */
public final class ClientTls {
  /** Trusts whom Java trusts. */
  public static final ClientTls USUAL = new ClientTls(null);

  private final @Nullable SslContext own;

  private ClientTls(@Nullable SslContext own) {
    this.own = own;
  }

  /** Made when it is first needed, since it costs start-up time. */
  private static final class Usual {
    static final SslContext CONTEXT = make();

    private static SslContext make() {
      try {
        return context().build();
      } catch (SSLException e) {
        throw new IllegalStateException("no TLS", e);
      }
    }
  }

  /**
   * Trusts other authorities besides.
   *
   * @param authorities a file of their certificates, PEM
   * @throws IOException if that cannot be read, or has none
   */
  public static ClientTls trusting(Path authorities) throws IOException {
    try {
      var store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      var certificates = new ArrayList<Certificate>(usualAuthorities());
      certificates.addAll(read(authorities));
      for (int i = 0; i < certificates.size(); i++) {
        store.setCertificateEntry(Integer.toString(i), certificates.get(i));
      }
      var trust = trust(store);
      return new ClientTls(context().trustManager(trust).build());
    } catch (GeneralSecurityException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private static List<? extends Certificate> read(Path file)
      throws IOException, GeneralSecurityException {
    try (var in = Files.newInputStream(file)) {
      var read = CertificateFactory.getInstance("X.509").generateCertificates(in);
      if (read.isEmpty()) {
        throw new IOException("no certificate in it");
      }
      return List.copyOf(read);
    }
  }

  private static List<? extends Certificate> usualAuthorities() throws GeneralSecurityException {
    for (var trusts : trust(null).getTrustManagers()) {
      if (trusts instanceof X509TrustManager certificates) {
        return List.of(certificates.getAcceptedIssuers());
      }
    }
    return List.of();
  }

  /** Java's own for null. */
  private static TrustManagerFactory trust(@Nullable KeyStore store)
      throws GeneralSecurityException {
    var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    return trust;
  }

  private static SslContextBuilder context() {
    return SslContextBuilder.forClient()
        .sslProvider(SslProvider.JDK)
        .endpointIdentificationAlgorithm("HTTPS");
  }

  /** Secures one connection to a host that goes by this name. */
  public SslHandler handler(ByteBufAllocator allocator, String host, int port) {
    return (own == null ? Usual.CONTEXT : own).newHandler(allocator, host, port);
  }
}
