package org.spate.core.wire;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.spate.core.BigEndian;
import org.spate.core.Endpoint;

/**
 * What {@code ut_holepunch} carries (BEP 55): peers that cannot be dialled are introduced to each
 * other by a common neighbour, and dial at the same time.
 */
public sealed interface HolepunchMessage {

  /** Asks a relay to introduce us to a neighbour of its. */
  record Rendezvous(Endpoint peer) implements HolepunchMessage {}

  /** A relay asks us to dial a peer, which dials us now. */
  record Connect(Endpoint peer) implements HolepunchMessage {}

  /** A relay cannot introduce us. */
  record Failed(Endpoint peer, Cause cause) implements HolepunchMessage {}

  /** By their numbers on the wire. */
  enum Cause {
    UNKNOWN,
    NO_SUCH_PEER,
    NOT_CONNECTED,
    NO_SUPPORT,
    NO_SELF
  }

  int RENDEZVOUS = 0;
  int CONNECT = 1;
  int FAILED = 2;

  /** Before the address: types of message and address. */
  int HEADER_BYTES = 2;

  /** Behind it: the port, and a cause that libtorrent leaves out where there is none. */
  int PORT_BYTES = 2;

  int CAUSE_BYTES = 4;

  Endpoint peer();

  /** Null for what is no such message; others may come one day, and are ignored. */
  static @Nullable HolepunchMessage parse(byte[] body) {
    int addressLength = body.length > 1 && body[1] >= 0 && body[1] <= 1 ? 4 + 12 * body[1] : 0;
    int portAt = HEADER_BYTES + addressLength;
    if (addressLength == 0 || body.length < portAt + PORT_BYTES) {
      return null;
    }
    var address = Arrays.copyOfRange(body, HEADER_BYTES, portAt);
    var peer = Endpoint.of(address, BigEndian.shortAt(body, portAt));
    int causeAt = portAt + PORT_BYTES;
    return switch (body[0]) {
      case RENDEZVOUS -> new Rendezvous(peer);
      case CONNECT -> new Connect(peer);
      case FAILED ->
          new Failed(
              peer,
              body.length < causeAt + CAUSE_BYTES
                  ? Cause.UNKNOWN
                  : cause(BigEndian.intAt(body, causeAt)));
      default -> null;
    };
  }

  private static Cause cause(int number) {
    var all = Cause.values();
    return number > 0 && number < all.length ? all[number] : Cause.UNKNOWN;
  }

  /** The body of an extension message. */
  default byte[] encode() {
    var address = peer().address();
    int portAt = HEADER_BYTES + address.length;
    var body = new byte[portAt + PORT_BYTES + CAUSE_BYTES];
    body[0] =
        switch (this) {
          case Rendezvous _ -> RENDEZVOUS;
          case Connect _ -> CONNECT;
          case Failed _ -> FAILED;
        };
    body[1] = (byte) (address.length == 4 ? 0 : 1);
    System.arraycopy(address, 0, body, HEADER_BYTES, address.length);
    BigEndian.putShort(body, portAt, peer().port());
    int cause = this instanceof Failed failed ? failed.cause().ordinal() : 0;
    BigEndian.putInt(body, portAt + PORT_BYTES, cause);
    return body;
  }
}
