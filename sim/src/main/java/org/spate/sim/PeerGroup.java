package org.spate.sim;

/**
 * Receivers that are alike, as the closed forms know them.
 *
 * @param upload bytes a second
 * @param download bytes a second
 */
public record PeerGroup(int count, long upload, long download) {
  public PeerGroup {
    Checks.positive(count, "number of peers");
    Checks.notNegative(upload, "upload rate");
    Checks.positive(download, "download rate");
  }
}
