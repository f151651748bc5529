package org.spate.app.replay;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.spate.core.swarm.SwarmInput;
import org.spate.core.swarm.SwarmOutput;
import org.spate.core.wire.PeerMessage;

/** Inputs and outputs of a swarm in words: as their records say it, long contents by length. */
final class StepText {
  private StepText() {}

  static String of(@Nullable SwarmInput input) {
    return switch (input) {
      case null -> "the deadline has come";
      case SwarmInput.MessageReceived(int link, var message) -> link + " says " + of(message);
      case SwarmInput.LinkInherited(var opened, var source, var heard) ->
          "LinkInherited[%s, source=%s, heard=%s]".formatted(opened, source, all(heard));
      case SwarmInput.LeavesHashed(int link, int index, byte[] leaves) ->
          "LeavesHashed[link=%d, index=%d, %d bytes]".formatted(link, index, leaves.length);
      case SwarmInput.PrioritiesChanged(byte[] priorities) ->
          "PrioritiesChanged[of %d pieces]".formatted(priorities.length);
      case SwarmInput.PieceVerified verified ->
          "PieceVerified[index=%d, good=%s]".formatted(verified.index(), verified.good());
      default -> input.toString();
    };
  }

  static String of(SwarmOutput output) {
    return switch (output) {
      case SwarmOutput.Send(int link, var message) -> "to " + link + " " + of(message);
      case SwarmOutput.ExpectLeaves(int index, byte[] leaves) ->
          "ExpectLeaves[index=%d, %d bytes]".formatted(index, leaves.length);
      case SwarmOutput.Notify(var event) -> "event " + event;
      default -> output.toString();
    };
  }

  private static String of(PeerMessage message) {
    return switch (message) {
      case PeerMessage.Bitfield(byte[] bits) -> "Bitfield[%d bytes]".formatted(bits.length);
      case PeerMessage.Extended(int id, byte[] body) ->
          "Extended[id=%d, %d bytes]".formatted(id, body.length);
      case PeerMessage.Hashes hashes ->
          "Hashes[index=%d, %d bytes]".formatted(hashes.index(), hashes.hashes().length);
      default -> message.toString();
    };
  }

  private static List<String> all(List<PeerMessage> messages) {
    return messages.stream().map(StepText::of).toList();
  }
}
