package org.spate.core.swarm;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.spate.core.wire.PeerMessage;

/**
 * What a neighbour has said that can only be judged when the metadata is there, to be said again
 * then: which pieces it has, its choking and interest, what it lets us request.
 */
final class Heard {
  /** Messages kept of one neighbour; beyond, it counts as having and allowing less. */
  private static final int MESSAGES_MAX = 4096;

  private @Nullable PeerMessage pieces; // a bitfield or what stands for one
  private @Nullable PeerMessage choking;
  private @Nullable PeerMessage interest;
  private final List<PeerMessage> others = new ArrayList<>();

  /** Keeps what matters; false for what does not. */
  boolean note(PeerMessage message) {
    switch (message) {
      case PeerMessage.Bitfield _, PeerMessage.HaveAll _, PeerMessage.HaveNone _ ->
          pieces = pieces == null ? message : pieces;
      case PeerMessage.Choke _, PeerMessage.Unchoke _ -> choking = message;
      case PeerMessage.Interested _, PeerMessage.NotInterested _ -> interest = message;
      case PeerMessage.Have _, PeerMessage.DontHave _, PeerMessage.AllowedFast _ -> {
        if (others.size() < MESSAGES_MAX) {
          others.add(message);
        }
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  /** Bytes kept of a bitfield. */
  int bitfieldLength() {
    return pieces instanceof PeerMessage.Bitfield(byte[] bits) ? bits.length : 0;
  }

  /** In an order in which they make sense. */
  List<PeerMessage> messages() {
    var messages = new ArrayList<PeerMessage>();
    if (pieces != null) {
      messages.add(pieces);
    }
    messages.addAll(others);
    if (interest != null) {
      messages.add(interest);
    }
    if (choking != null) {
      messages.add(choking);
    }
    return messages;
  }
}
