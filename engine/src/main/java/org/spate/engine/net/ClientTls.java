package org.spate.engine.net;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import javax.net.ssl.SSLException;

/** TLS towards servers: certificates are checked, also against the name (threat 47). */
public final class ClientTls {
  private ClientTls() {}

  /** Made when it is first needed, since it costs start-up time. */
  private static final class Holder {
    static final SslContext CONTEXT = make();

    private static SslContext make() {
      try {
        return SslContextBuilder.forClient()
            .sslProvider(SslProvider.JDK)
            .endpointIdentificationAlgorithm("HTTPS")
            .build();
      } catch (SSLException e) {
        throw new IllegalStateException("no TLS", e);
      }
    }
  }

  /** Secures one connection to a host that goes by this name. */
  public static SslHandler handler(ByteBufAllocator allocator, String host, int port) {
    return Holder.CONTEXT.newHandler(allocator, host, port);
  }
}
