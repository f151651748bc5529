package org.spate.tracker.admin;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.spate.core.tracker.Accounts.Balance;
import org.spate.tracker.Operations;
import org.spate.tracker.Operations.User;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Users: PUT makes one or gives it another passkey, of its own or one that is drawn; DELETE strikes
 * it out. A passkey is told once, when it is given.
 */
final class UserResource {
  private static final int PASSKEY_BYTES = 16;
  private static final int TORRENTS_SHOWN_MAX = 1_000;

  private final Operations operations;
  private final SecureRandom secrets = new SecureRandom();

  UserResource(Operations operations) {
    this.operations = operations;
  }

  AdminReply all(AdminRequest request) {
    if (!request.method().equals("GET")) {
      return AdminApi.notAllowed("GET; PUT a user to a path of its name");
    }
    var paging = Paging.of(request);
    return Paging.reply(
        "users", operations.users(paging.after(), paging.limit()), UserResource::show);
  }

  AdminReply one(AdminRequest request, String name) {
    return switch (request.method()) {
      case "GET" ->
          operations.user(name).map(this::showWithTorrents).orElseGet(() -> unknown(name));
      case "PUT" -> put(name, passkey(request));
      case "DELETE" -> operations.removeUser(name) ? AdminReply.empty() : unknown(name);
      default -> AdminApi.notAllowed("GET, PUT and DELETE");
    };
  }

  private static AdminReply unknown(String name) {
    return AdminReply.error(404, "no user is called '" + name + "'");
  }

  private AdminReply put(String name, @Nullable String wanted) {
    var drawn = new byte[PASSKEY_BYTES];
    secrets.nextBytes(drawn);
    var passkey = wanted == null ? HexFormat.of().formatHex(drawn) : wanted;
    boolean isNew = operations.putUser(name, passkey);
    return AdminReply.json(
        isNew ? 201 : 200,
        JsonMapper.shared()
            .createObjectNode()
            .put("name", name)
            .put("passkey", passkey)
            .put("announce_path", "/" + passkey + "/announce"));
  }

  /** The passkey in the body, which may be missing. */
  private static @Nullable String passkey(AdminRequest request) {
    if (request.body().isBlank()) {
      return null;
    }
    var type = request.contentType();
    if (type == null || !type.startsWith("application/json")) {
      throw new IllegalArgumentException("a body must be application/json");
    }
    try {
      var json = JsonMapper.shared().readTree(request.body());
      if (!json.isObject() || !Set.of("passkey").containsAll(json.propertyNames())) {
        throw new IllegalArgumentException("a body is an object with 'passkey' and nothing else");
      }
      var passkey = json.get("passkey");
      if (passkey != null && !passkey.isString()) {
        throw new IllegalArgumentException("'passkey' must be a string");
      }
      return passkey == null ? null : passkey.stringValue();
    } catch (JacksonException e) {
      throw new IllegalArgumentException("the body is not JSON: " + e.getOriginalMessage(), e);
    }
  }

  private static ObjectNode show(User user) {
    var json = JsonMapper.shared().createObjectNode().put("name", user.name());
    return show(user.balance(), json).put("torrents", user.balance().torrentCount());
  }

  private static ObjectNode show(Balance balance, ObjectNode json) {
    json.put("uploaded", balance.uploaded()).put("downloaded", balance.downloaded());
    if (balance.downloaded() == 0) {
      return json.putNull("ratio");
    }
    return json.put("ratio", (double) balance.uploaded() / balance.downloaded());
  }

  private AdminReply showWithTorrents(User user) {
    var json = show(user);
    var accounts = json.putArray("accounts");
    for (var torrent : operations.torrentsOf(user.name(), TORRENTS_SHOWN_MAX)) {
      accounts
          .addObject()
          .put("info_hash", torrent.infoHash().toString())
          .put("uploaded", torrent.uploaded())
          .put("downloaded", torrent.downloaded());
    }
    return AdminReply.json(200, json);
  }
}
