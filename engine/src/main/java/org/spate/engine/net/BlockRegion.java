package org.spate.engine.net;

import io.netty.channel.DefaultFileRegion;
import org.spate.engine.storage.RegionPayload;

/** A block on its way from a file to a socket (sendfile); its file stays open afterwards. */
final class BlockRegion extends DefaultFileRegion {
  private final RegionPayload block;

  BlockRegion(RegionPayload block) {
    super(block.channel(), block.position(), block.length());
    this.block = block;
  }

  @Override
  protected void deallocate() {
    block.release();
  }
}
