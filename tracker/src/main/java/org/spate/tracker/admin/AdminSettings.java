package org.spate.tracker.admin;

import java.net.InetSocketAddress;

/**
 * Where an operator is listened to, and how it proves to be one.
 *
 * @param address port 0 takes a free one
 * @param token what requests must carry as {@code Authorization: Bearer}
 */
public record AdminSettings(InetSocketAddress address, String token) {
  /** A shorter token could be guessed. */
  public static final int TOKEN_LENGTH_MIN = 32;

  public AdminSettings {
    if (token.length() < TOKEN_LENGTH_MIN || !token.chars().allMatch(c -> c > ' ' && c < 127)) {
      throw new IllegalArgumentException(
          "a token must have " + TOKEN_LENGTH_MIN + " printable ASCII characters or more");
    }
  }
}
