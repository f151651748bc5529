package org.spate.sim;

import java.util.ArrayDeque;
import org.spate.core.swarm.SwarmInput;

/** What all nodes of a run share. */
interface Surroundings {
  World time();

  /**
   * What waits for the node that acts now. One queue serves all nodes, since each settles before
   * another is told anything; a queue for each would be one more place in memory for each event.
   */
  ArrayDeque<SwarmInput> inputs();

  Network network();

  SimTracker tracker();

  Ledger ledger();

  BlockBytes bytes();

  Torrent torrent();

  Brain brain();

  HostModel hostModel();

  int nodeCount();
}
