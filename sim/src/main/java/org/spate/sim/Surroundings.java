package org.spate.sim;

/** What all nodes of a run share. */
interface Surroundings {
  World time();

  Network network();

  SimTracker tracker();

  Ledger ledger();

  BlockBytes bytes();

  Torrent torrent();

  Brain brain();

  HostModel hostModel();

  int nodeCount();
}
