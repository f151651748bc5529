package org.spate.tracker.admin;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.spate.tracker.Operations;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Which part of a list is asked for.
 *
 * @param after what the last page called its next, or null
 */
record Paging(@Nullable String after, int limit) {
  private static final int LIMIT_DEFAULT = 100;

  /** Out of {@code ?limit=N&after=NEXT}. */
  static Paging of(AdminRequest request) {
    var limit = request.parameter("limit");
    if (limit == null) {
      return new Paging(request.parameter("after"), LIMIT_DEFAULT);
    }
    if (!limit.matches("[0-9]{1,4}")
        || Integer.parseInt(limit) < 1
        || Integer.parseInt(limit) > Operations.PAGE_SIZE_MAX) {
      throw new IllegalArgumentException("limit must be from 1 to " + Operations.PAGE_SIZE_MAX);
    }
    return new Paging(request.parameter("after"), Integer.parseInt(limit));
  }

  /** A page of a list as JSON. */
  static <T> AdminReply reply(
      String name, Operations.Page<T> page, Function<? super T, JsonNode> show) {
    var json = JsonMapper.shared().createObjectNode();
    var items = json.putArray(name);
    page.items().forEach(item -> items.add(show.apply(item)));
    json.put("next", page.next());
    return AdminReply.json(200, json);
  }
}
