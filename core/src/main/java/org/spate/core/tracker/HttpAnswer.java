package org.spate.core.tracker;

/** What an HTTP front sends back: a status code, a media type and a body. */
public record HttpAnswer(int status, String contentType, byte[] body) {
  /** In its place: the front sends the sizes of all swarms, which it has written in a file. */
  public static final HttpAnswer FULL_SCRAPE = new HttpAnswer(200, "text/plain", new byte[0]);

  @SuppressWarnings("ReferenceEquality") // it is told by what it is, not by what is in it
  public boolean isFullScrape() {
    return this == FULL_SCRAPE;
  }
}
