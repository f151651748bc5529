package org.spate.app;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.spate.app.dht.ItemText;
import org.spate.app.dht.SigningKey;
import org.spate.core.dht.DhtInput;
import org.spate.core.dht.DhtOutput;
import org.spate.core.dht.Item;
import org.spate.core.dht.ItemSignature;
import org.spate.engine.DhtClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Stores an item. */
@Command(
    name = "put",
    description = {
      "Store an item (BEP 44) and print where it is found.",
      "Without --key it is immutable, found by its hash. With --key it is signed, found by the"
          + " public key, and replaces what was there. Nodes forget an item after two hours or so;"
          + " who wants it kept puts it again. The exit code is 1 if no node took it."
    })
final class DhtPutCommand implements Callable<Integer> {
  @Mixin private DhtVisit visit;

  @Parameters(paramLabel = "VALUE", description = "A text, stored as a bencoded string.")
  private String value;

  @Option(names = "--bencode", description = "VALUE is bencode already.")
  private boolean isBencode;

  @Option(
      names = "--key",
      paramLabel = "FILE",
      description =
          "Sign with this Ed25519 key: a seed of 64 hexadecimal digits. A file that is not there is"
              + " made.")
  private @Nullable Path key;

  @Option(
      names = "--salt",
      paramLabel = "TEXT",
      description = "Tells the items of one key apart; at most 64 bytes.")
  private String salt = "";

  @Option(
      names = "--seq",
      paramLabel = "N",
      description = "The item's number (default: one more than what is there).")
  private @Nullable Long seq;

  @Option(
      names = "--cas",
      paramLabel = "N",
      description = "Store only where the number so far is this.")
  private @Nullable Long cas;

  private long seqSoFar;

  @Override
  public Integer call() throws InterruptedException, IOException {
    var bencoded = bencoded();
    if (key == null && (seq != null || cas != null || !salt.isEmpty())) {
      throw new BadInputException("--seq, --cas and --salt are for items with a --key");
    }
    try {
      var signing = key == null ? null : SigningKey.in(key);
      try (var client = visit.open()) {
        var item =
            signing == null ? new Item.Immutable(bencoded) : signed(signing, bencoded, client);
        var ended = client.ask(ticket -> new DhtInput.PutItem(ticket, item, cas), _ -> {});
        show(item);
        visit.end(ended, "stored at " + ended.stored() + " nodes" + refusal(ended));
        return ended.stored() == 0 ? Spate.FAILED : Spate.DONE;
      }
    } catch (IllegalArgumentException e) {
      throw new BadInputException(String.valueOf(e.getMessage()), e);
    }
  }

  private byte[] bencoded() {
    try {
      var bytes = isBencode ? ItemText.checked(value) : ItemText.bencoded(value);
      if (bytes.length > Item.VALUE_BYTES_MAX) {
        throw new BadInputException(
            "the value has " + bytes.length + " bytes; " + Item.VALUE_BYTES_MAX + " are the most");
      }
      return bytes;
    } catch (IllegalArgumentException e) {
      throw new BadInputException(String.valueOf(e.getMessage()), e);
    }
  }

  private Item signed(SigningKey signing, byte[] bencoded, DhtClient client)
      throws InterruptedException {
    var salted = salt.getBytes(StandardCharsets.UTF_8);
    Long wanted = seq;
    if (wanted == null) {
      var target = Item.targetOf(signing.publicKey(), salted);
      client.ask(
          ticket -> new DhtInput.GetItem(ticket, target, salted),
          answer -> {
            if (answer instanceof DhtOutput.ItemFound(_, Item.Mutable present)) {
              seqSoFar = Math.max(seqSoFar, present.seq());
            }
          });
      wanted = seqSoFar + 1;
    }
    return ItemSignature.sign(signing.seed(), signing.publicKey(), salted, wanted, bencoded);
  }

  private static String refusal(DhtOutput.Ended ended) {
    return switch (ended.refusal()) {
      case 0 -> "";
      case 301 -> "; refused: the number so far is another (301)";
      case 302 -> "; refused: there is a newer one (302)";
      default -> "; refused with error " + ended.refusal();
    };
  }

  private void show(Item item) {
    if (!visit.isJson()) {
      visit.output().out().println(item.target());
      return;
    }
    visit
        .json()
        .write(
            json -> {
              json.writeStringProperty("event", "put");
              json.writeStringProperty("target", item.target().toString());
              if (item instanceof Item.Mutable mutable) {
                var hex = HexFormat.of();
                json.writeStringProperty("public_key", hex.formatHex(mutable.publicKey()));
                json.writeNumberProperty("seq", mutable.seq());
              }
            });
  }
}
