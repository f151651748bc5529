package org.spate.sim;

import java.util.random.RandomGenerator;
import org.spate.core.Machine;
import org.spate.core.PeerId;
import org.spate.core.swarm.PieceSet;
import org.spate.core.swarm.Swarm;
import org.spate.core.swarm.SwarmInput;
import org.spate.core.swarm.SwarmOutput;
import org.spate.core.swarm.SwarmSettings;

/** Makes the machine that a node hosts. */
@FunctionalInterface
interface Brain {
  Machine<SwarmInput, SwarmOutput> create(
      PieceSet have, SwarmSettings settings, PeerId self, RandomGenerator random);

  /** The brain that is shipped. */
  static Brain swarm(Torrent torrent) {
    return (have, settings, self, random) ->
        new Swarm(torrent.geometry(), have, settings, self, random);
  }
}
