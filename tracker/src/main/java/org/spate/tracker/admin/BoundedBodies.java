package org.spate.tracker.admin;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpObjectAggregator;

/** Joins a request with its body, and says so when that is too long. */
final class BoundedBodies extends HttpObjectAggregator {
  private final int bytesMax;

  BoundedBodies(int bytesMax) {
    super(bytesMax);
    this.bytesMax = bytesMax;
  }

  @Override
  protected void handleOversizedMessage(ChannelHandlerContext context, HttpMessage oversized) {
    AdminConnection.send(
        context.channel(), AdminReply.error(413, "a body may have " + bytesMax + " bytes"));
  }
}
