/** Everything that decides, and every codec: no I/O, no threads, no clock, no dice of its own. */
module org.spate.core {
  requires static transitive org.jspecify;

  exports org.spate.core;
  exports org.spate.core.announce;
  exports org.spate.core.bencode;
  exports org.spate.core.crypto;
  exports org.spate.core.dht;
  exports org.spate.core.lsd;
  exports org.spate.core.filter;
  exports org.spate.core.metainfo;
  exports org.spate.core.portmap;
  exports org.spate.core.proxy;
  exports org.spate.core.recording;
  exports org.spate.core.swarm;
  exports org.spate.core.tracker;
  exports org.spate.core.utp;
  exports org.spate.core.webseed;
  exports org.spate.core.wire;
}
