package org.spate.sim;

/**
 * A point of a run's curves.
 *
 * @param utilisation share of the upload of all nodes online that was used since the last point
 * @param copiesMin copies of the rarest piece, online
 * @param copiesMean copies of a piece on average
 * @param completed leechers that have the whole file
 */
public record Sample(
    double seconds, double utilisation, int copiesMin, double copiesMean, int completed) {}
