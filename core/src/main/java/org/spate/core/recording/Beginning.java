package org.spate.core.recording;

import java.util.SplittableRandom;
import org.spate.core.PeerId;
import org.spate.core.metainfo.Metainfo;
import org.spate.core.metainfo.MetainfoException;
import org.spate.core.metainfo.MetainfoParser;
import org.spate.core.swarm.Description;
import org.spate.core.swarm.PieceSet;
import org.spate.core.swarm.Swarm;
import org.spate.core.swarm.SwarmSettings;
import org.spate.core.wire.PeerMessage;

/**
 * All that a swarm is made of. Of the torrent only the info dictionary and the piece layers are
 * recorded: no trackers, whose URLs may hold a passkey.
 *
 * @param have the pieces that were there
 * @param self our peer id
 * @param diceSeed what the swarm's chances come from
 */
public record Beginning(
    Metainfo metainfo, PieceSet have, SwarmSettings settings, PeerId self, long diceSeed)
    implements Entry {

  /** A new swarm; equal inputs at equal times get equal outputs from each. */
  public Swarm swarm() {
    return new Swarm(
        metainfo.geometry(),
        have,
        settings,
        self,
        new SplittableRandom(diceSeed),
        Description.of(metainfo));
  }

  void write(FormWriter out) {
    out.writeBlob(metainfo.bareFile());
    out.writeBlob(have.toBitfield());
    SettingsForm.write(settings, out);
    out.writeHash(self.value());
    out.writeLong(diceSeed);
  }

  static Beginning read(FormReader in) {
    var metainfo = readMetainfo(in);
    int pieceCount = metainfo.geometry().pieceCount();
    var bits = in.readBlob();
    if (!new PeerMessage.Bitfield(bits).fits(pieceCount)) {
      throw new RecordingException("pieces that are not the torrent's");
    }
    return new Beginning(
        metainfo,
        PieceSet.ofBitfield(bits, pieceCount),
        SettingsForm.read(in),
        new PeerId(in.readHash()),
        in.readLong());
  }

  private static Metainfo readMetainfo(FormReader in) {
    try {
      return MetainfoParser.parse(in.readBlob());
    } catch (MetainfoException e) {
      throw new RecordingException("its torrent is refused: " + e.getMessage(), e);
    }
  }
}
