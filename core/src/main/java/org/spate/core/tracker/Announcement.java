package org.spate.core.tracker;

import org.spate.core.Endpoint;
import org.spate.core.Hash160;
import org.spate.core.PeerId;
import org.spate.core.announce.AnnounceEvent;
import org.spate.core.announce.AnnounceRequest;

/**
 * An announce as a tracker takes it, with the address that it came from. It is filled again for
 * every announce, so that a million of them are no garbage: who needs it after the call that it
 * came with takes a {@link #copy}.
 */
public final class Announcement {
  long hashHigh;
  long hashMiddle;
  int hashLow;
  long idHigh;
  long idMiddle;
  int idLow;
  long addressHigh;
  long addressLow;
  int port;
  long uploaded;
  long downloaded;
  long left;
  int numwant;
  int key;
  AnnounceEvent event = AnnounceEvent.NONE;
  Families families = Families.BOTH;
  String urlData = "";
  String user = "";

  /** From what a client has said, and where it said so from; the port is the one it names. */
  public static Announcement of(AnnounceRequest request, Endpoint source, Families families) {
    var announcement = new Announcement();
    announcement.set(request);
    announcement.from(source.high(), source.low(), families);
    return announcement;
  }

  void set(AnnounceRequest request) {
    hashHigh = request.infoHash().high();
    hashMiddle = request.infoHash().middle();
    hashLow = request.infoHash().low();
    idHigh = request.peerId().value().high();
    idMiddle = request.peerId().value().middle();
    idLow = request.peerId().value().low();
    port = request.port();
    uploaded = request.uploaded();
    downloaded = request.downloaded();
    left = request.left();
    numwant = request.numwant();
    key = request.key();
    event = request.event();
    urlData = "";
    user = "";
  }

  void from(long high, long low, Families families) {
    addressHigh = high;
    addressLow = low;
    this.families = families;
  }

  /** The same for later. */
  public Announcement copy() {
    var copy = new Announcement();
    copy.hashHigh = hashHigh;
    copy.hashMiddle = hashMiddle;
    copy.hashLow = hashLow;
    copy.idHigh = idHigh;
    copy.idMiddle = idMiddle;
    copy.idLow = idLow;
    copy.from(addressHigh, addressLow, families);
    copy.port = port;
    copy.uploaded = uploaded;
    copy.downloaded = downloaded;
    copy.left = left;
    copy.numwant = numwant;
    copy.key = key;
    copy.event = event;
    copy.urlData = urlData;
    copy.user = user;
    return copy;
  }

  public Hash160 infoHash() {
    return new Hash160(hashHigh, hashMiddle, hashLow);
  }

  /** The first bits of the info-hash. */
  public long infoHashStart() {
    return hashHigh;
  }

  public PeerId peerId() {
    return new PeerId(new Hash160(idHigh, idMiddle, idLow));
  }

  /** Where the peer is found: the address it announced from and the port it named. */
  public Endpoint peer() {
    return new Endpoint(addressHigh, addressLow, port);
  }

  public boolean isV4() {
    return Reach.isV4(addressHigh, addressLow);
  }

  public boolean isSeed() {
    return left == 0;
  }

  public AnnounceEvent event() {
    return event;
  }

  /** How many peers to choose, 0 and up, once the tracker has settled it. */
  public int numwant() {
    return numwant;
  }

  /** Which peers can be told. */
  public Families families() {
    return families;
  }

  /** Bytes the client says it has sent since {@code started}. */
  public long uploaded() {
    return uploaded;
  }

  /** Bytes the client says it has received since {@code started}. */
  public long downloaded() {
    return downloaded;
  }

  /** Bytes the client says it still misses. */
  public long left() {
    return left;
  }

  /** Stays the same when the client's address changes (BEP 7). */
  public int key() {
    return key;
  }

  /** Path and query of the tracker's URL as the client knows it (BEP 41), or the empty string. */
  public String urlData() {
    return urlData;
  }

  /** The same announcement by that URL; it says who announces where not everybody may. */
  public Announcement by(String urlData) {
    this.urlData = urlData;
    return this;
  }

  /** The same announcement by a user whom the tracker has let in. */
  public Announcement as(String user) {
    this.user = user;
    return this;
  }

  /** As whom the tracker has let it in, or the empty string. */
  public String user() {
    return user;
  }

  /** Tells the peer from others whatever address it comes from. */
  public int fingerprint() {
    return (int) Mix.of(Mix.of(Mix.of(idHigh) ^ idMiddle) + idLow);
  }
}
