package org.spate.sim;

/**
 * How far a run is.
 *
 * @param share of all pieces that all leechers want, those they have
 */
public record Progress(long nowNanos, long events, int completed, int leechers, double share) {}
