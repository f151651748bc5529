package org.spate.tracker;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.spate.core.Hash160;
import org.spate.core.PeerId;
import org.spate.core.announce.SwarmCounts;
import org.spate.tracker.WebTorrentMessage.Sdp;

/**
 * Writes messages to WebSocket clients: JSON in UTF-8, binary strings with a character for each
 * byte. It is filled again for every message; who needs it later copies it.
 */
final class WebTorrentWriter {
  private static final int LENGTH_AT_FIRST = 1 << 12;
  private static final int LATIN_1_MIN = 0x80;

  private static final byte[] OFFER =
      ascii("{\"action\":\"announce\",\"offer\":{\"type\":\"offer\",");
  private static final byte[] ANSWER =
      ascii("{\"action\":\"announce\",\"answer\":{\"type\":\"answer\",");
  private static final byte[] SDP = ascii("\"sdp\":");
  private static final byte[] OFFER_ID = ascii("},\"offer_id\":");
  private static final byte[] PEER_ID = ascii(",\"peer_id\":");
  private static final byte[] INFO_HASH = ascii(",\"info_hash\":");
  private static final byte[] HEX = ascii("0123456789abcdef");

  private byte[] bytes = new byte[LENGTH_AT_FIRST];
  private int length;

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** What was written, from the start to {@link #length}. */
  byte[] bytes() {
    return bytes;
  }

  int length() {
    return length;
  }

  /** The reply to an announce. */
  WebTorrentWriter announced(
      Hash160 infoHash, int intervalSeconds, SwarmCounts counts, @Nullable String warning) {
    length = 0;
    put("{\"action\":\"announce\",\"interval\":" + intervalSeconds);
    put(",\"complete\":" + counts.complete() + ",\"incomplete\":" + counts.incomplete());
    if (warning != null) {
      put(",\"warning message\":\"" + warning + '"');
    }
    put(INFO_HASH);
    put(infoHash);
    return end();
  }

  /** An offer for the peer that was chosen. */
  WebTorrentWriter offer(Hash160 infoHash, PeerId from, Hash160 offerId, Sdp sdp) {
    return description(OFFER, infoHash, from, offerId, sdp);
  }

  /** The answer for the peer that made an offer. */
  WebTorrentWriter answer(Hash160 infoHash, PeerId from, Hash160 offerId, Sdp sdp) {
    return description(ANSWER, infoHash, from, offerId, sdp);
  }

  private WebTorrentWriter description(
      byte[] start, Hash160 infoHash, PeerId from, Hash160 offerId, Sdp sdp) {
    length = 0;
    put(start);
    put(SDP);
    put(sdp.message(), sdp.start(), sdp.length());
    put(OFFER_ID);
    put(offerId);
    put(PEER_ID);
    put(from.value());
    put(INFO_HASH);
    put(infoHash);
    return end();
  }

  /** The reply to a scrape; the lists are as long as each other. */
  WebTorrentWriter scraped(List<Hash160> infoHashes, List<SwarmCounts> counts) {
    length = 0;
    put("{\"action\":\"scrape\",\"files\":{");
    for (int i = 0; i < infoHashes.size(); i++) {
      var swarm = counts.get(i);
      put(i == 0 ? "" : ",");
      put(infoHashes.get(i));
      put(":{\"complete\":" + swarm.complete() + ",\"incomplete\":" + swarm.incomplete());
      put(",\"downloaded\":" + swarm.downloaded() + '}');
    }
    put("}");
    return end();
  }

  /** Why a message is refused; the reason needs no escapes. */
  WebTorrentWriter failure(@Nullable Hash160 infoHash, String reason) {
    length = 0;
    put("{\"action\":\"announce\",\"failure reason\":\"" + reason + '"');
    if (infoHash != null) {
      put(INFO_HASH);
      put(infoHash);
    }
    return end();
  }

  private WebTorrentWriter end() {
    put("}");
    return this;
  }

  private void put(String text) {
    put(ascii(text));
  }

  private void put(byte[] source) {
    put(source, 0, source.length);
  }

  private void put(byte[] source, int start, int count) {
    reserve(count);
    System.arraycopy(source, start, bytes, length, count);
    length += count;
  }

  private void reserve(int count) {
    if (length + count > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + count));
    }
  }

  private void put(Hash160 hash) {
    reserve(Hash160.BYTES * 6 + 2);
    bytes[length++] = '"';
    putLatin1(hash.high(), Long.BYTES);
    putLatin1(hash.middle(), Long.BYTES);
    putLatin1(hash.low(), Integer.BYTES);
    bytes[length++] = '"';
  }

  /** The lower bytes of a number, the highest of them first. */
  private void putLatin1(long number, int count) {
    for (int shift = (count - 1) * Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
      putLatin1((int) (number >>> shift) & 0xFF);
    }
  }

  private void putLatin1(int value) {
    if (value >= LATIN_1_MIN) {
      bytes[length++] = (byte) (0xC0 | (value >>> 6));
      bytes[length++] = (byte) (0x80 | (value & 0x3F));
    } else if (value < ' ' || value == '"' || value == '\\') {
      bytes[length++] = '\\';
      bytes[length++] = 'u';
      bytes[length++] = '0';
      bytes[length++] = '0';
      bytes[length++] = HEX[value >>> 4];
      bytes[length++] = HEX[value & 0xF];
    } else {
      bytes[length++] = (byte) value;
    }
  }
}
