package org.spate.core.announce;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.spate.core.Hash160;
import org.spate.core.PeerId;

/** The parameters of a query, decoded; of those that occur once, the first of a name counts. */
final class HttpQuery {
  /** A query has ten parameters or so, which are found faster one by one than by a hash. */
  private final List<String> names = new ArrayList<>();

  private final List<String> values = new ArrayList<>();

  private HttpQuery() {}

  static HttpQuery parse(String text) {
    check(text.length() <= HttpTrackerRequest.QUERY_LENGTH_MAX, "query too long");
    var query = new HttpQuery();
    int count = 0;
    int start = 0;
    while (start < text.length()) {
      int ampersand = text.indexOf('&', start);
      int end = ampersand < 0 ? text.length() : ampersand;
      check(++count <= HttpTrackerRequest.PARAMETER_COUNT_MAX, "too many parameters");
      query.add(text, start, end);
      start = end + 1;
    }
    return query;
  }

  private void add(String text, int start, int end) {
    int equals = text.indexOf('=', start);
    int keyEnd = equals < 0 || equals > end ? end : equals;
    var key = PercentCode.decode(text, start, keyEnd);
    var value = PercentCode.decode(text, Math.min(keyEnd + 1, end), end);
    if (key == null || value == null) {
      throw new QueryException("broken escape in the query");
    }
    names.add(key);
    values.add(value);
  }

  HttpTrackerRequest.Announce announce() {
    var request =
        new AnnounceRequest(
            twentyBytes("info_hash", required("info_hash")),
            new PeerId(twentyBytes("peer_id", required("peer_id"))),
            port(),
            count("uploaded", 0),
            count("downloaded", 0),
            count("left", Long.MAX_VALUE),
            AnnounceEvent.ofParameter(value("event", "")),
            numwant(),
            key(value("key", "")));
    boolean compact = !value("compact", "1").equals("0");
    boolean withPeerIds = value("no_peer_id", "0").equals("0");
    return new HttpTrackerRequest.Announce(request, compact, withPeerIds);
  }

  HttpTrackerRequest scrape() {
    var hashes = all("info_hash");
    if (hashes.isEmpty()) {
      return new HttpTrackerRequest.FullScrape();
    }
    check(hashes.size() <= HttpTrackerRequest.SCRAPE_COUNT_MAX, "too many info_hash");
    return new HttpTrackerRequest.Scrape(
        hashes.stream().map(hash -> twentyBytes("info_hash", hash)).toList());
  }

  private List<String> all(String name) {
    var all = new ArrayList<String>();
    for (int i = 0; i < names.size(); i++) {
      if (names.get(i).equals(name)) {
        all.add(values.get(i));
      }
    }
    return all;
  }

  private String value(String name, String otherwise) {
    int at = names.indexOf(name);
    return at < 0 ? otherwise : values.get(at);
  }

  private String required(String name) {
    int at = names.indexOf(name);
    if (at < 0) {
      throw new QueryException(name + " is missing");
    }
    return values.get(at);
  }

  private int port() {
    long port = number(required("port"));
    check(port >= 0 && port <= 0xFFFF, "port out of range");
    return (int) port;
  }

  /** A byte count; what is absent, negative or nonsense is unknown, not an error. */
  private long count(String name, long unknown) {
    long number = number(value(name, ""));
    return number < 0 ? unknown : number;
  }

  private int numwant() {
    long number = number(value("numwant", ""));
    return number < 0 ? AnnounceRequest.NUMWANT_DEFAULT : (int) Math.min(number, 0xFFFF);
  }

  /** Decimal digits that fit 63 bits, or -1. */
  private static long number(String text) {
    if (text.isEmpty() || text.length() > 19) {
      return -1;
    }
    long number = 0; // overflows only in the nineteenth digit, and then to a negative number
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < '0' || c > '9') {
        return -1;
      }
      number = number * 10 + c - '0';
    }
    return number < 0 ? -1 : number;
  }

  /** Clients send hexadecimal digits, but any text will do: it is only ever compared. */
  private static int key(String text) {
    int key = 0;
    for (int i = 0; i < text.length(); i++) {
      int digit = text.charAt(i) < 0x80 ? Character.digit(text.charAt(i), 16) : -1;
      if (digit < 0 || text.length() > 8) {
        return text.hashCode();
      }
      key = key << 4 | digit;
    }
    return key;
  }

  private static Hash160 twentyBytes(String name, String value) {
    check(value.length() == Hash160.BYTES, name + " must have 20 bytes");
    return Hash160.of(value.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static void check(boolean valid, String problem) {
    if (!valid) {
      throw new QueryException(problem);
    }
  }

  /** Carries the reason out of the parser; costs no stack trace, as a flood of them may come. */
  static final class QueryException extends RuntimeException {
    final String reason;

    QueryException(String reason) {
      super(reason, null, false, false);
      this.reason = reason;
    }
  }
}
