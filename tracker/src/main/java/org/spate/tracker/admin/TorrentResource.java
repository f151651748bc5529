package org.spate.tracker.admin;

import org.spate.core.Hash160;
import org.spate.tracker.Operations;
import org.spate.tracker.Operations.Torrent;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Torrents: PUT has one served, DELETE has it refused, by the list that the tracker goes by. */
final class TorrentResource {
  private final Operations operations;

  TorrentResource(Operations operations) {
    this.operations = operations;
  }

  AdminReply all(AdminRequest request) {
    if (!request.method().equals("GET")) {
      return AdminApi.notAllowed("GET; PUT a torrent to its own path");
    }
    var paging = Paging.of(request);
    return Paging.reply(
        "torrents", operations.torrents(paging.after(), paging.limit()), TorrentResource::show);
  }

  AdminReply one(AdminRequest request, String name) {
    var infoHash = parse(name);
    return switch (request.method()) {
      case "GET" -> AdminReply.json(200, show(operations.torrent(infoHash)));
      case "PUT" -> {
        boolean isNew = operations.serve(infoHash, true);
        yield AdminReply.json(isNew ? 201 : 200, show(operations.torrent(infoHash)));
      }
      case "DELETE" ->
          operations.serve(infoHash, false)
              ? AdminReply.empty()
              : AdminReply.error(404, "this torrent was not served before: " + infoHash);
      default -> AdminApi.notAllowed("GET, PUT and DELETE");
    };
  }

  private static Hash160 parse(String name) {
    try {
      return Hash160.parse(name);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("an info-hash has forty hexadecimal digits", e);
    }
  }

  private static JsonNode show(Torrent torrent) {
    return JsonMapper.shared()
        .createObjectNode()
        .put("info_hash", torrent.infoHash().toString())
        .put("served", torrent.isServed())
        .put("complete", torrent.counts().complete())
        .put("incomplete", torrent.counts().incomplete())
        .put("downloaded", torrent.counts().downloaded());
  }
}
