/** Sessions on a real machine: event loops, transports, storage; the public Java API. */
module org.spate.engine {
  requires transitive org.spate.core;
  requires io.netty.buffer;
  requires io.netty.codec;
  requires io.netty.codec.dns;
  requires io.netty.codec.http;
  requires io.netty.codec.socks;
  requires io.netty.common;
  requires io.netty.handler;
  requires io.netty.handler.proxy;
  requires io.netty.resolver;
  requires io.netty.resolver.dns;
  requires io.netty.transport;
  requires io.netty.transport.classes.epoll;
  requires io.netty.transport.unix.common;
  requires java.xml;
  requires static transitive org.jspecify;
  requires org.slf4j;

  exports org.spate.engine;
  exports org.spate.engine.storage;
}
