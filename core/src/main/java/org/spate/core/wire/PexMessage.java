package org.spate.core.wire;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.spate.core.BigEndian;
import org.spate.core.Endpoint;
import org.spate.core.bencode.BencodeException;
import org.spate.core.bencode.BencodeLimits;
import org.spate.core.bencode.BencodeReader;
import org.spate.core.bencode.BencodeWriter;
import org.spate.core.bencode.Bencoded;

/**
 * What {@code ut_pex} carries (BEP 11): neighbours that the sender has got or lost since its last
 * message.
 */
public record PexMessage(List<Contact> added, List<Endpoint> dropped) {
  /** Most addresses of either kind in one message; what comes beyond is not looked at. */
  public static final int CONTACTS_MAX = 50;

  private static final int V4_BYTES = 6;
  private static final int V6_BYTES = 18;
  private static final BencodeLimits LIMITS = new BencodeLimits(8, 200, false);

  /**
   * A neighbour of the sender.
   *
   * @param flags of those below; unknown ones may be set
   */
  public record Contact(Endpoint remote, int flags) {
    /** It prefers encryption. */
    public static final int ENCRYPTION = 0x01;

    /** It is a seed, or will only upload. */
    public static final int SEED = 0x02;

    /** It takes uTP (BEP 29). */
    public static final int UTP = 0x04;

    /** It takes part in {@code ut_holepunch} (BEP 55). */
    public static final int HOLEPUNCH = 0x08;

    /** The sender dialled it and it answered. */
    public static final int REACHABLE = 0x10;
  }

  /**
   * Parses the body of an extension message. Lists whose length is odd lose their last entry.
   *
   * @throws WireException if it is no dictionary
   */
  public static PexMessage parse(byte[] body) {
    var dictionary = dictionary(body);
    var added = new ArrayList<Contact>();
    readContacts(dictionary, "added", V4_BYTES, added);
    readContacts(dictionary, "added6", V6_BYTES, added);
    var dropped = new ArrayList<Endpoint>();
    readEndpoints(dictionary.text("dropped"), V4_BYTES, dropped);
    readEndpoints(dictionary.text("dropped6"), V6_BYTES, dropped);
    return new PexMessage(List.copyOf(added), List.copyOf(dropped));
  }

  private static Bencoded.Dictionary dictionary(byte[] body) {
    try {
      if (BencodeReader.parsePrefix(body, 0, body.length, LIMITS)
          instanceof Bencoded.Dictionary dictionary) {
        return dictionary;
      }
    } catch (BencodeException e) {
      throw new WireException(Violation.BAD_EXTENSION_MESSAGE, String.valueOf(e.getMessage()));
    }
    throw new WireException(Violation.BAD_EXTENSION_MESSAGE, "not a dictionary");
  }

  private static void readContacts(
      Bencoded.Dictionary dictionary, String key, int size, List<Contact> contacts) {
    var endpoints = new ArrayList<Endpoint>();
    readEndpoints(dictionary.text(key), size, endpoints);
    var flags = dictionary.text(key + ".f");
    var told = flags == null ? new byte[0] : flags.bytes();
    for (int i = 0; i < endpoints.size() && contacts.size() < CONTACTS_MAX; i++) {
      contacts.add(new Contact(endpoints.get(i), i < told.length ? told[i] & 0xFF : 0));
    }
  }

  private static void readEndpoints(
      Bencoded.@Nullable Text text, int size, List<Endpoint> endpoints) {
    if (text == null) {
      return;
    }
    var bytes = text.bytes();
    for (int at = 0; at + size <= bytes.length && endpoints.size() < CONTACTS_MAX; at += size) {
      int port = BigEndian.shortAt(bytes, at + size - 2);
      endpoints.add(Endpoint.of(Arrays.copyOfRange(bytes, at, at + size - 2), port));
    }
  }

  /** The body of an extension message. */
  public byte[] encode() {
    var v4 = added.stream().filter(contact -> contact.remote.isV4()).toList();
    var v6 = added.stream().filter(contact -> !contact.remote.isV4()).toList();
    var gone4 = dropped.stream().filter(Endpoint::isV4).toList();
    var gone6 = dropped.stream().filter(endpoint -> !endpoint.isV4()).toList();
    var writer = new BencodeWriter().beginDictionary();
    writer.key("added").text(compact(v4.stream().map(Contact::remote).toList(), V4_BYTES));
    writer.key("added.f").text(flags(v4));
    writer.key("added6").text(compact(v6.stream().map(Contact::remote).toList(), V6_BYTES));
    writer.key("added6.f").text(flags(v6));
    writer.key("dropped").text(compact(gone4, V4_BYTES));
    writer.key("dropped6").text(compact(gone6, V6_BYTES));
    return writer.end().toBytes();
  }

  private static byte[] compact(List<Endpoint> endpoints, int size) {
    var bytes = new byte[endpoints.size() * size];
    for (int i = 0; i < endpoints.size(); i++) {
      var endpoint = endpoints.get(i);
      System.arraycopy(endpoint.address(), 0, bytes, i * size, size - 2);
      BigEndian.putShort(bytes, i * size + size - 2, endpoint.port());
    }
    return bytes;
  }

  private static byte[] flags(List<Contact> contacts) {
    var flags = new byte[contacts.size()];
    for (int i = 0; i < flags.length; i++) {
      flags[i] = (byte) contacts.get(i).flags;
    }
    return flags;
  }
}
