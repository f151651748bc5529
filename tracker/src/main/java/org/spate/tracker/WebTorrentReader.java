package org.spate.tracker;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.spate.core.Hash160;
import org.spate.core.PeerId;
import org.spate.core.announce.AnnounceEvent;
import org.spate.tracker.WebTorrentMessage.Announce;
import org.spate.tracker.WebTorrentMessage.Answer;
import org.spate.tracker.WebTorrentMessage.Malformed;
import org.spate.tracker.WebTorrentMessage.NoText;
import org.spate.tracker.WebTorrentMessage.Offer;
import org.spate.tracker.WebTorrentMessage.Scrape;
import org.spate.tracker.WebTorrentMessage.Sdp;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.JsonRecyclerPools;

/**
 * Reads one message of a WebSocket client: a JSON object whose binary strings are of twenty
 * characters, a byte each (Latin-1). Fields come in any order, and unknown ones are skipped. It
 * reads field after field and never builds a tree.
 */
final class WebTorrentReader {
  static final int MESSAGE_BYTES_MAX = 1 << 17;

  /** WebTorrent sends five. */
  static final int OFFERS_MAX = 10;

  /** Bytes as they stand in the message; a description with twenty addresses has about 3,000. */
  static final int SDP_BYTES_MAX = 1 << 13;

  /** As many as fit a UDP packet, too (BEP 15). */
  static final int SCRAPE_MAX = 70;

  /** The message, its offers, one of them, its description; and some in fields unknown. */
  private static final int DEPTH_MAX = 8;

  private static final int NAME_LENGTH_MAX = 64;
  private static final int NUMBER_LENGTH_MAX = 40;

  private static final JsonFactory JSON =
      JsonFactory.builder()
          // Text of WebSockets is UTF-8: what looks like another encoding has no meaning.
          .disable(TokenStreamFactory.Feature.CHARSET_DETECTION)
          .recyclerPool(JsonRecyclerPools.threadLocalPool())
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(DEPTH_MAX)
                  .maxNameLength(NAME_LENGTH_MAX)
                  .maxNumberLength(NUMBER_LENGTH_MAX)
                  .build())
          .build();

  /** Ends the reading of a message that is JSON but not what it should be. */
  private static final class Refusal extends RuntimeException {
    Refusal(String reason) {
      super(reason, null, false, false);
    }
  }

  private final byte[] message;
  private final JsonParser parser;
  private String action = "";
  private final List<Hash160> infoHashes = new ArrayList<>(1);
  private @Nullable PeerId peerId;
  private @Nullable PeerId toPeerId;
  private @Nullable Hash160 offerId;
  private @Nullable Sdp answer;
  private List<Offer> offers = List.of();
  private int offerCount;
  private AnnounceEvent event = AnnounceEvent.NONE;
  private boolean isSeed;
  private long uploaded;
  private long downloaded;
  private int numwant = Integer.MAX_VALUE;

  private WebTorrentReader(byte[] message) {
    this.message = message;
    parser = JSON.createParser(ObjectReadContext.empty(), message, 0, message.length);
  }

  /** Understands a message of at most {@link #MESSAGE_BYTES_MAX} bytes of UTF-8. */
  static WebTorrentMessage read(byte[] message) {
    var reader = new WebTorrentReader(message);
    try {
      reader.readMessage();
      return reader.message();
    } catch (Refusal e) {
      return new Malformed(String.valueOf(e.getMessage()), reader.infoHash());
    } catch (JacksonException _) {
      return isUtf8(message, 0, message.length)
          ? new Malformed("not JSON, or not within its bounds", reader.infoHash())
          : new NoText();
    }
  }

  private @Nullable Hash160 infoHash() {
    return infoHashes.isEmpty() ? null : infoHashes.getFirst();
  }

  private void readMessage() {
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      throw new Refusal("a message is a JSON object");
    }
    for (var name = parser.nextName(); name != null; name = parser.nextName()) {
      parser.nextToken();
      readField(name);
    }
    if (parser.nextToken() != null) {
      throw new Refusal("a message is one JSON object");
    }
  }

  private void readField(String name) {
    switch (name) {
      case "action" -> action = string();
      case "info_hash" -> readInfoHashes();
      case "peer_id" -> peerId = new PeerId(binary(name));
      case "to_peer_id" -> toPeerId = new PeerId(binary(name));
      case "offer_id" -> offerId = binary(name);
      case "event" -> event = event(string());
      case "left" -> isSeed = isNumber() && parser.getDoubleValue() == 0;
      case "uploaded" -> uploaded = isNumber() ? bytes(parser.getDoubleValue()) : 0;
      case "downloaded" -> downloaded = isNumber() ? bytes(parser.getDoubleValue()) : 0;
      case "numwant" -> numwant = isNumber() ? (int) parser.getDoubleValue() : numwant;
      case "offers" -> readOffers();
      case "answer" -> answer = description();
      default -> parser.skipChildren();
    }
  }

  /** The empty string for what is not one. */
  private String string() {
    if (parser.currentToken() == JsonToken.VALUE_STRING) {
      return parser.getString();
    }
    parser.skipChildren();
    return "";
  }

  private boolean isNumber() {
    if (parser.currentToken().isNumeric()) {
      return true;
    }
    parser.skipChildren();
    return false;
  }

  /** JavaScript has no other numbers than doubles. */
  private static long bytes(double number) {
    return (long) Math.max(0, number);
  }

  private static AnnounceEvent event(String text) {
    for (var event : AnnounceEvent.values()) {
      if (event.parameter().equals(text)) {
        return event;
      }
    }
    return AnnounceEvent.NONE;
  }

  private Hash160 binary(String name) {
    var text = string();
    var bytes = new byte[Hash160.BYTES];
    boolean isBinary = text.length() == bytes.length;
    for (int i = 0; i < bytes.length && isBinary; i++) {
      isBinary = text.charAt(i) <= 0xFF;
      bytes[i] = (byte) text.charAt(i);
    }
    if (!isBinary) {
      throw new Refusal(name + " is not 20 bytes");
    }
    return Hash160.of(bytes);
  }

  /** One, or a list of them (for a scrape). */
  private void readInfoHashes() {
    infoHashes.clear();
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      infoHashes.add(binary("info_hash"));
      return;
    }
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (infoHashes.size() == SCRAPE_MAX) {
        throw new Refusal("more than " + SCRAPE_MAX + " info-hashes");
      }
      infoHashes.add(binary("info_hash"));
    }
  }

  /** Those beyond the bound are counted and skipped. */
  private void readOffers() {
    offers = new ArrayList<>();
    offerCount = 0;
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      parser.skipChildren();
      return;
    }
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (offers.size() < OFFERS_MAX) {
        offers.add(offer());
      } else {
        parser.skipChildren();
      }
      offerCount++;
    }
  }

  private Offer offer() {
    Hash160 id = null;
    Sdp sdp = null;
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      throw new Refusal("an offer is a JSON object");
    }
    for (var name = parser.nextName(); name != null; name = parser.nextName()) {
      parser.nextToken();
      switch (name) {
        case "offer_id" -> id = binary(name);
        case "offer" -> sdp = description();
        default -> parser.skipChildren();
      }
    }
    if (id == null || sdp == null) {
      throw new Refusal("an offer has an offer_id and an sdp");
    }
    return new Offer(id, sdp);
  }

  /** The {@code sdp} out of {@code {"type": ..., "sdp": ...}}; null if there is no object. */
  private @Nullable Sdp description() {
    Sdp sdp = null;
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      parser.skipChildren();
      return null;
    }
    for (var name = parser.nextName(); name != null; name = parser.nextName()) {
      if (parser.nextToken() == JsonToken.VALUE_STRING && name.equals("sdp")) {
        sdp = sdp((int) parser.currentTokenLocation().getByteOffset());
      } else {
        parser.skipChildren();
      }
    }
    return sdp;
  }

  /**
   * The string that begins at a quote. It is looked through for its end and no more: the parser
   * passes over it, too, and finds what is wrong with it.
   */
  private Sdp sdp(int start) {
    int at = start + 1;
    int all = 0;
    while (at < message.length && message[at] != '"') {
      all |= message[at];
      at += message[at] == '\\' ? 2 : 1;
    }
    int length = Math.min(at + 1, message.length) - start;
    if (length > SDP_BYTES_MAX) {
      throw new Refusal("an sdp is longer than " + SDP_BYTES_MAX + " bytes");
    }
    if (all < 0 && !isUtf8(message, start, length)) {
      throw new Refusal("an sdp is not UTF-8");
    }
    return new Sdp(message, start, length);
  }

  /** Whether a browser would take it for text. */
  static boolean isUtf8(byte[] bytes, int start, int length) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, start, length));
      return true;
    } catch (CharacterCodingException _) {
      return false;
    }
  }

  private WebTorrentMessage message() {
    return switch (action) {
      case "announce" -> answer == null ? announce() : answer(answer);
      case "scrape" -> scrape();
      default -> throw new Refusal("neither announce nor scrape");
    };
  }

  private Announce announce() {
    // Who wants fewer peers than it offers has that many of its offers handed on.
    int taken = Math.clamp(numwant, 0, offers.size());
    return new Announce(
        announcedHash(),
        required(peerId, "peer_id"),
        event,
        isSeed || event == AnnounceEvent.COMPLETED,
        uploaded,
        downloaded,
        List.copyOf(offers.subList(0, taken)),
        offerCount - offers.size());
  }

  private Answer answer(Sdp sdp) {
    return new Answer(
        announcedHash(),
        required(peerId, "peer_id"),
        required(toPeerId, "to_peer_id"),
        required(offerId, "offer_id"),
        sdp);
  }

  private Hash160 announcedHash() {
    if (infoHashes.size() != 1) {
      throw new Refusal("one info_hash expected");
    }
    return infoHashes.getFirst();
  }

  private static <T> T required(@Nullable T value, String name) {
    if (value == null) {
      throw new Refusal("no " + name);
    }
    return value;
  }

  private Scrape scrape() {
    if (infoHashes.isEmpty()) {
      throw new Refusal("no info_hash");
    }
    return new Scrape(List.copyOf(infoHashes));
  }
}
