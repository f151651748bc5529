package org.spate.engine.net;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.spate.core.Endpoint;
import org.spate.core.Hash160;
import org.spate.core.PeerId;
import org.spate.core.wire.Handshake;
import org.spate.core.wire.PeerMessage;
import org.spate.core.wire.Violation;
import org.spate.core.wire.WireLimits;
import org.spate.engine.storage.StorageException;

/** A torrent that writes down what its links tell it. */
final class RecordingOwner implements LinkOwner {
  static final Hash160 HASH = Hash160.sha1(new byte[] {1}, 0, 1);

  sealed interface Seen {
    record Opened(Link link, Handshake theirs) implements Seen {}

    record DialFailed(Endpoint remote) implements Seen {}

    record Received(Link link, PeerMessage message) implements Seen {}

    record Sent(Link link, int bytes) implements Seen {}

    record Closed(Link link) implements Seen {}
  }

  final BlockingQueue<Seen> seen = new LinkedBlockingQueue<>();
  final TokenBucket down = new TokenBucket(0);
  final TokenBucket up = new TokenBucket(0);
  volatile boolean open = true;
  volatile boolean refuses;
  volatile Hash160 hash = HASH;
  private final Network network;
  private final Loop loop;
  private int links;

  RecordingOwner(Network network) {
    this.network = network;
    this.loop = network.nextLoop();
  }

  /** What was seen next, of this kind; anything else first is an error. */
  <T extends Seen> T next(Class<T> kind) throws InterruptedException {
    var next = seen.poll(20, TimeUnit.SECONDS);
    if (!kind.isInstance(next)) {
      throw new AssertionError("expected " + kind.getSimpleName() + ", seen " + next);
    }
    return kind.cast(next);
  }

  /** Gives back the blocks that no test looked at. */
  void releaseAll() {
    for (var next = seen.poll(); next != null; next = seen.poll()) {
      if (next instanceof Seen.Received(_, PeerMessage.Piece(_, _, var block))) {
        block.release();
      }
    }
  }

  private void note(Seen event) {
    loop.assertCurrent();
    seen.add(event);
  }

  @Override
  public Loop loop() {
    return loop;
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  @Override
  public boolean isNamedBy(Hash160 infoHash) {
    return infoHash.equals(hash);
  }

  @Override
  public Handshake greeting(Hash160 infoHash) {
    return new Handshake(Handshake.FAST, infoHash, new PeerId(hash));
  }

  @Override
  public Hash160 answerHash(Handshake theirs) {
    return theirs.infoHash();
  }

  @Override
  public Hash160 primaryHash() {
    return hash;
  }

  @Override
  public WireLimits wireLimits() {
    return WireLimits.forPieces(1000);
  }

  @Override
  public Throttle downThrottle() {
    return new Throttle(down, network.downLimit());
  }

  @Override
  public Throttle upThrottle() {
    return new Throttle(up, network.upLimit());
  }

  @Override
  public int nextLink() {
    return links++;
  }

  @Override
  public void opened(Link link, Handshake theirs) {
    note(new Seen.Opened(link, theirs));
    if (refuses) {
      link.close();
    }
  }

  @Override
  public void dialFailed(Endpoint remote) {
    note(new Seen.DialFailed(remote));
  }

  @Override
  public void received(Link link, PeerMessage message) {
    note(new Seen.Received(link, message));
  }

  @Override
  public void payloadSent(Link link, int bytes) {
    note(new Seen.Sent(link, bytes));
  }

  @Override
  public void closed(Link link) {
    note(new Seen.Closed(link));
  }

  @Override
  public void violated(Link link, Violation violation) {
    note(new Seen.Closed(link));
  }

  @Override
  public void unreadable(Link link, StorageException cause) {
    note(new Seen.Closed(link));
  }
}
