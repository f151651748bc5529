package org.spate.engine.net;

import io.netty.channel.Channel;
import org.spate.core.Endpoint;
import org.spate.core.swarm.Route;
import org.spate.core.wire.ExtensionTable;
import org.spate.core.wire.MessageEncoder;
import org.spate.core.wire.PeerMessage;
import org.spate.core.wire.Violation;
import org.spate.engine.storage.StorageException;

/** An open connection to a peer, handshakes behind it. Touched on its owner's loop only. */
public final class Link {
  private final int number;
  private final Endpoint remote;
  private final boolean incoming;
  private final Route route;
  private LinkOwner owner;
  private final Channel channel;
  private final LinkSender sender;
  private final LinkReceiver receiver;
  private boolean open = true;

  Link(Channel channel, Endpoint remote, boolean incoming, Route route, LinkOwner owner) {
    this.number = owner.nextLink();
    this.remote = remote;
    this.incoming = incoming;
    this.route = route;
    this.owner = owner;
    this.channel = channel;
    var peerExtensions = new ExtensionTable();
    this.sender = new LinkSender(this, new MessageEncoder(peerExtensions));
    this.receiver = new LinkReceiver(this, peerExtensions);
  }

  /** Its number in the swarm. */
  public int number() {
    return number;
  }

  public Endpoint remote() {
    return remote;
  }

  /** Whether the other end dialled. */
  public boolean incoming() {
    return incoming;
  }

  /** How it reaches the peer. */
  public Route route() {
    return route;
  }

  public boolean isOpen() {
    return open;
  }

  /**
   * Sends a message; takes over the payload of a {@code piece}. What is sent while the loop works
   * through one batch of events leaves together at its end.
   */
  public void send(PeerMessage message) {
    sender.send(message);
  }

  /** Stops or resumes reading from the socket: back-pressure from storage. */
  public void holdReading(boolean hold) {
    receiver.hold(hold);
  }

  /** To be called when a rate limit was set or lifted. */
  public void limitsChanged() {
    receiver.limitsChanged();
  }

  /** Closes it at once; the owner hears nothing more of it. */
  public void close() {
    if (open) {
      end();
      channel.close();
    }
  }

  /** It ended by itself: by the other side, or an error of the socket. */
  void lost() {
    if (open) {
      end();
      channel.close();
      owner.closed(this);
    }
  }

  /** What came over it is no message. */
  void violated(Violation violation) {
    if (open) {
      end();
      channel.close();
      owner.violated(this, violation);
    }
  }

  /** A block that was to be sent cannot be read: half a message may be out, so the link ends. */
  void unreadable(StorageException cause) {
    if (open) {
      end();
      channel.close();
      owner.unreadable(this, cause);
    }
  }

  private void end() {
    open = false;
    sender.end();
    receiver.end();
  }

  /** Another owner on the same loop leads the link from now on; it knows the torrent's pieces. */
  public void moveTo(LinkOwner next) {
    owner = next;
    receiver.limit(next.wireLimits());
  }

  LinkOwner owner() {
    return owner;
  }

  Channel channel() {
    return channel;
  }

  LinkReceiver receiver() {
    return receiver;
  }

  LinkSender sender() {
    return sender;
  }
}
