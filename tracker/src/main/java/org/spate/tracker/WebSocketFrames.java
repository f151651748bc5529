package org.spate.tracker;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameEncoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;

/** Frames of WebSockets (RFC 6455, section 5). */
final class WebSocketFrames {
  static final int HEAD_BYTES_MAX = 10;
  private static final int FINAL_TEXT = 0x81;
  private static final int LENGTH_IN_TWO_BYTES = 126;
  private static final int LENGTH_IN_EIGHT_BYTES = 127;

  private WebSocketFrames() {}

  /** Adds what turns bytes into whole messages; whether text is UTF-8 the reader sees. */
  static void addTo(ChannelPipeline pipeline) {
    var config =
        WebSocketDecoderConfig.newBuilder()
            .maxFramePayloadLength(WebTorrentReader.MESSAGE_BYTES_MAX)
            .expectMaskedFrames(true)
            .allowExtensions(false)
            .withUTF8Validator(false)
            .build();
    pipeline.addLast(new WebSocket13FrameDecoder(config));
    pipeline.addLast(new WebSocketFrameAggregator(WebTorrentReader.MESSAGE_BYTES_MAX));
    pipeline.addLast(new WebSocket13FrameEncoder(false));
  }

  /** Appends a text as one frame, not masked: several go out together. */
  static void putText(ByteBuf out, byte[] text, int length) {
    out.writeByte(FINAL_TEXT);
    if (length < LENGTH_IN_TWO_BYTES) {
      out.writeByte(length);
    } else if (length <= 0xFFFF) {
      out.writeByte(LENGTH_IN_TWO_BYTES).writeShort(length);
    } else {
      out.writeByte(LENGTH_IN_EIGHT_BYTES).writeLong(length);
    }
    out.writeBytes(text, 0, length);
  }
}
