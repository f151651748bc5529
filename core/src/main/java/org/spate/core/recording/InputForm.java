package org.spate.core.recording;

import org.jspecify.annotations.Nullable;
import org.spate.core.PeerId;
import org.spate.core.swarm.CloseReason;
import org.spate.core.swarm.PeerSource;
import org.spate.core.swarm.Route;
import org.spate.core.swarm.SwarmInput;
import org.spate.core.wire.Handshake;

/** Inputs of a swarm in a recording: a tag, and the fields in their order. */
final class InputForm {
  private static final int LINK_OPENED = 0;
  private static final int LINK_INHERITED = 1;
  private static final int DIAL_FAILED = 2;
  private static final int MESSAGE_RECEIVED = 3;
  private static final int PAYLOAD_SENT = 4;
  private static final int LINK_CLOSED = 5;
  private static final int WEB_SEED_OPENED = 6;
  private static final int WEB_SEED_FAILED = 7;
  private static final int BLOCK_READ = 8;
  private static final int PIECE_VERIFIED = 9;
  private static final int BLOCK_FAILED = 10;
  private static final int LEAVES_HASHED = 11;
  private static final int STORAGE_FAILED = 12;
  private static final int PEERS_FOUND = 13;
  private static final int RESUME = 14;
  private static final int PAUSE = 15;
  private static final int PRIORITIES_CHANGED = 16;
  private static final int PEERS_BANNED = 17;
  private static final int SETTINGS_CHANGED = 18;

  private final FormWriter out;

  InputForm(FormWriter out) {
    this.out = out;
  }

  void write(SwarmInput input) {
    switch (input) {
      case SwarmInput.LinkOpened opened -> {
        out.writeByte(LINK_OPENED);
        writeOpened(opened);
      }
      case SwarmInput.LinkInherited(var opened, var source, var heard) -> {
        out.writeByte(LINK_INHERITED);
        writeOpened(opened);
        out.writeByte(source.ordinal());
        out.writeList(heard, message -> MessageForm.write(message, out));
      }
      case SwarmInput.DialFailed(var remote) -> {
        out.writeByte(DIAL_FAILED);
        out.writeEndpoint(remote);
      }
      case SwarmInput.MessageReceived(int link, var message) -> {
        writeNumbers(MESSAGE_RECEIVED, link);
        MessageForm.write(message, out);
      }
      case SwarmInput.PayloadSent(int link, int bytes) -> writeNumbers(PAYLOAD_SENT, link, bytes);
      case SwarmInput.LinkClosed(int link, var reason) ->
          writeNumbers(LINK_CLOSED, link, reason.ordinal());
      case SwarmInput.WebSeedOpened(int link, var url) -> {
        writeNumbers(WEB_SEED_OPENED, link);
        out.writeText(url);
      }
      case SwarmInput.WebSeedFailed(int link, var reason, int retryAfterSeconds) -> {
        writeNumbers(WEB_SEED_FAILED, link, retryAfterSeconds);
        out.writeText(reason);
      }
      case SwarmInput.BlockRead(int link, int index, int begin, var block) ->
          writeNumbers(BLOCK_READ, link, index, begin, block.length());
      case SwarmInput.PieceVerified verified -> writeVerified(verified);
      case SwarmInput.BlockFailed(int index, int begin) -> writeNumbers(BLOCK_FAILED, index, begin);
      case SwarmInput.LeavesHashed(int link, int index, byte[] leaves) -> {
        writeNumbers(LEAVES_HASHED, link, index);
        out.writeBlob(leaves);
      }
      case SwarmInput.StorageFailed(var problem) -> {
        out.writeByte(STORAGE_FAILED);
        out.writeText(problem);
      }
      case SwarmInput.PeersFound(var source, var peers) -> {
        writeNumbers(PEERS_FOUND, source.ordinal());
        out.writeList(peers, out::writeEndpoint);
      }
      case SwarmInput.Resume() -> out.writeByte(RESUME);
      case SwarmInput.Pause() -> out.writeByte(PAUSE);
      case SwarmInput.PrioritiesChanged(byte[] priorities) -> {
        out.writeByte(PRIORITIES_CHANGED);
        out.writeBlob(priorities);
      }
      case SwarmInput.PeersBanned(var peers) -> {
        out.writeByte(PEERS_BANNED);
        out.writeList(peers, out::writeEndpoint);
      }
      case SwarmInput.SettingsChanged(var settings) -> {
        out.writeByte(SETTINGS_CHANGED);
        SettingsForm.write(settings, out);
      }
    }
  }

  private void writeNumbers(int tag, int... numbers) {
    out.writeByte(tag);
    for (int number : numbers) {
      out.writeNumber(number);
    }
  }

  private void writeOpened(SwarmInput.LinkOpened opened) {
    out.writeNumber(opened.link());
    out.writeEndpoint(opened.remote());
    out.writeBoolean(opened.incoming());
    out.writeByte(opened.route().transport().ordinal());
    out.writeByte(opened.route().encryption().ordinal());
    out.writeBoolean(opened.route().isProxied());
    out.writeLong(opened.handshake().reserved());
    out.writeHash(opened.handshake().infoHash());
    out.writeHash(opened.handshake().peerId().value());
  }

  private void writeVerified(SwarmInput.PieceVerified verified) {
    var digests = verified.digests();
    writeNumbers(PIECE_VERIFIED, verified.index());
    out.writeBoolean(verified.good());
    out.writeBoolean(digests != null);
    if (digests != null) {
      out.writeNumber(digests.length);
      for (long digest : digests) {
        out.writeLong(digest);
      }
    }
  }

  static SwarmInput read(FormReader in) {
    int tag = in.readByte();
    return switch (tag) {
      case LINK_OPENED -> readOpened(in);
      case LINK_INHERITED ->
          new SwarmInput.LinkInherited(
              readOpened(in),
              in.readEnum(PeerSource.values()),
              in.readList(() -> MessageForm.read(in)));
      case DIAL_FAILED -> new SwarmInput.DialFailed(in.readEndpoint());
      case MESSAGE_RECEIVED -> new SwarmInput.MessageReceived(in.readSmall(), MessageForm.read(in));
      case PAYLOAD_SENT -> new SwarmInput.PayloadSent(in.readSmall(), in.readSmall());
      case LINK_CLOSED ->
          new SwarmInput.LinkClosed(in.readSmall(), in.readEnum(CloseReason.values()));
      case WEB_SEED_OPENED -> new SwarmInput.WebSeedOpened(in.readSmall(), in.readText());
      case WEB_SEED_FAILED -> {
        int link = in.readSmall();
        int retryAfterSeconds = in.readSmall();
        yield new SwarmInput.WebSeedFailed(link, in.readText(), retryAfterSeconds);
      }
      case BLOCK_READ ->
          new SwarmInput.BlockRead(
              in.readSmall(), in.readSmall(), in.readSmall(), BareBlock.ofLength(in.readSmall()));
      case PIECE_VERIFIED ->
          new SwarmInput.PieceVerified(in.readSmall(), in.readBoolean(), readDigests(in));
      case BLOCK_FAILED -> new SwarmInput.BlockFailed(in.readSmall(), in.readSmall());
      case LEAVES_HASHED ->
          new SwarmInput.LeavesHashed(in.readSmall(), in.readSmall(), in.readBlob());
      case STORAGE_FAILED -> new SwarmInput.StorageFailed(in.readText());
      case PEERS_FOUND ->
          new SwarmInput.PeersFound(
              in.readEnum(PeerSource.values()), in.readList(in::readEndpoint));
      case RESUME -> new SwarmInput.Resume();
      case PAUSE -> new SwarmInput.Pause();
      case PRIORITIES_CHANGED -> new SwarmInput.PrioritiesChanged(in.readBlob());
      case PEERS_BANNED -> new SwarmInput.PeersBanned(in.readList(in::readEndpoint));
      case SETTINGS_CHANGED -> new SwarmInput.SettingsChanged(SettingsForm.read(in));
      default -> throw new RecordingException("an input that this version does not know: " + tag);
    };
  }

  private static SwarmInput.LinkOpened readOpened(FormReader in) {
    int link = in.readSmall();
    var remote = in.readEndpoint();
    boolean incoming = in.readBoolean();
    var route =
        new Route(
            in.readEnum(Route.Transport.values()),
            in.readEnum(Route.Encryption.values()),
            in.readBoolean());
    var handshake = new Handshake(in.readLong(), in.readHash(), new PeerId(in.readHash()));
    return new SwarmInput.LinkOpened(link, remote, incoming, route, handshake);
  }

  private static long @Nullable [] readDigests(FormReader in) {
    if (!in.readBoolean()) {
      return null;
    }
    var digests = new long[in.readCount(Long.BYTES)];
    for (int i = 0; i < digests.length; i++) {
      digests[i] = in.readLong();
    }
    return digests;
  }
}
