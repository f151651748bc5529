package org.spate.tracker.admin;

import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What is answered: a status code, a media type and a body. */
record AdminReply(int status, String contentType, byte[] body) {

  static AdminReply json(int status, JsonNode json) {
    var text = json.toString() + "\n";
    return new AdminReply(status, "application/json", text.getBytes(StandardCharsets.UTF_8));
  }

  /** Says what was wrong. */
  static AdminReply error(int status, String problem) {
    return json(
        status, JsonMapper.shared().createObjectNode().put("status", status).put("error", problem));
  }

  /** Done, and nothing to say about it. */
  static AdminReply empty() {
    return new AdminReply(204, "application/json", new byte[0]);
  }
}
