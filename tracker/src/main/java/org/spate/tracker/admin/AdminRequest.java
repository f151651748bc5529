package org.spate.tracker.admin;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A request as far as it matters here.
 *
 * @param target path and query
 * @param host the header of that name, or null
 * @param authorization likewise
 * @param contentType likewise
 */
record AdminRequest(
    String method,
    String target,
    @Nullable String host,
    @Nullable String authorization,
    @Nullable String contentType,
    String body) {

  String path() {
    int mark = target.indexOf('?');
    return mark < 0 ? target : target.substring(0, mark);
  }

  /** The first parameter of the query that is called so, or null. */
  @Nullable String parameter(String name) {
    int mark = target.indexOf('?');
    for (var pair : target.substring(mark < 0 ? target.length() : mark + 1).split("&", -1)) {
      if (pair.startsWith(name + "=")) {
        return URLDecoder.decode(pair.substring(name.length() + 1), StandardCharsets.UTF_8);
      }
    }
    return null;
  }
}
