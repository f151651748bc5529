package org.spate.core.announce;

/** What an {@link Announcer} asks its torrent at the moment it announces. */
public interface Standing {
  /** The port for incoming links; 0 if there is none. */
  int port();

  /** Bytes sent to peers since the torrent was started. */
  long uploaded();

  /** Bytes received from peers since the torrent was started. */
  long downloaded();

  /** Bytes still missing; 0 for a seed. */
  long left();
}
