package org.spate.tracker.admin;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spate.core.tracker.Count;
import org.spate.tracker.OperationException;
import org.spate.tracker.Operations;

/**
 * Answers an operator's requests. Everything below {@code /api/} needs the token; the status page
 * does not, since it holds no numbers itself. A host that is named in letters is refused, so that
 * no web page can have a name of its own lead here (DNS rebinding).
 */
final class AdminApi {
  private static final Logger LOG = LoggerFactory.getLogger(AdminApi.class);
  private static final String ROOT = "/api/v1/";
  private static final Pattern HOST =
      Pattern.compile("(localhost|[0-9.]+|\\[[0-9a-fA-F:.]+])(:[0-9]{1,5})?");

  private final Operations operations;
  private final TokenCheck token;
  private final StatusPage page = new StatusPage();
  private final TorrentResource torrents;
  private final UserResource users;
  private final StatisticsResource statistics;

  AdminApi(Operations operations, TokenCheck token) {
    this.operations = operations;
    this.token = token;
    torrents = new TorrentResource(operations);
    users = new UserResource(operations);
    statistics = new StatisticsResource(operations);
  }

  AdminReply answer(AdminRequest request) {
    if (request.host() == null
        || !HOST.matcher(request.host().toLowerCase(Locale.ROOT)).matches()) {
      return AdminReply.error(421, "ask for this host by its address or as localhost");
    }
    if (!request.path().startsWith("/api/")) {
      return file(request);
    }
    return switch (token.check(request.authorization())) {
      case RIGHT -> route(request);
      case WRONG -> {
        operations.count(Count.REFUSED_ADMIN_TOKEN);
        yield AdminReply.error(401, "a request needs the header Authorization: Bearer TOKEN");
      }
      case LOCKED -> {
        operations.count(Count.REFUSED_ADMIN_TOKEN);
        yield AdminReply.error(429, "too many wrong tokens: wait a minute");
      }
    };
  }

  private AdminReply file(AdminRequest request) {
    var file = page.at(request.path());
    if (file == null) {
      return AdminReply.error(404, "there is nothing at this path");
    }
    return request.method().equals("GET") ? file : notAllowed("GET");
  }

  static AdminReply notAllowed(String allowed) {
    return AdminReply.error(405, "this resource knows " + allowed);
  }

  private AdminReply route(AdminRequest request) {
    try {
      return resource(request);
    } catch (IllegalArgumentException e) {
      return AdminReply.error(400, String.valueOf(e.getMessage()));
    } catch (OperationException e) {
      return AdminReply.error(
          switch (e.kind()) {
            case NOT_CONFIGURED -> 409;
            case FAILED -> 500;
          },
          String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      LOG.warn("{} {}", request.method(), request.path(), e);
      return AdminReply.error(500, "this failed; the tracker's log says why");
    }
  }

  private AdminReply resource(AdminRequest request) {
    var path = request.path();
    var words =
        path.startsWith(ROOT)
            ? List.of(path.substring(ROOT.length()).split("/", -1))
            : List.<String>of();
    if (words.isEmpty() || words.size() > 2 || words.getLast().isEmpty()) {
      return AdminReply.error(404, "there is nothing at this path");
    }
    boolean isOne = words.size() == 2;
    return switch (words.getFirst()) {
      case "torrents" -> isOne ? torrents.one(request, words.getLast()) : torrents.all(request);
      case "users" -> isOne ? users.one(request, words.getLast()) : users.all(request);
      case "statistics" ->
          isOne ? AdminReply.error(404, "there is nothing at this path") : statistics.all(request);
      default -> AdminReply.error(404, "there is nothing at this path");
    };
  }
}
