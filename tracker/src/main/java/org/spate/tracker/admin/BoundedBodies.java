package org.spate.tracker.admin;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpObjectAggregator;
import java.util.concurrent.TimeUnit;

/** Joins a request with its body, and says so when that is too long. */
final class BoundedBodies extends HttpObjectAggregator {
  /** How long the rest of a body is thrown away: who is cut off while it writes reads no answer. */
  private static final long LINGER_SECONDS = 5;

  private final int bytesMax;

  BoundedBodies(int bytesMax) {
    super(bytesMax);
    this.bytesMax = bytesMax;
  }

  @Override
  protected void handleOversizedMessage(ChannelHandlerContext context, HttpMessage oversized) {
    var channel = context.channel();
    var reply = AdminReply.error(413, "a body may have " + bytesMax + " bytes");
    var _ = AdminConnection.write(channel, reply).addListener(_ -> linger(channel));
  }

  private static void linger(Channel channel) {
    if (channel instanceof DuplexChannel duplex) {
      var _ = duplex.shutdownOutput();
    }
    var _ = channel.eventLoop().schedule(() -> channel.close(), LINGER_SECONDS, TimeUnit.SECONDS);
  }
}
