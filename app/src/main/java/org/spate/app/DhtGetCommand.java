package org.spate.app;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.spate.app.console.Printable;
import org.spate.app.dht.ItemText;
import org.spate.core.dht.DhtInput;
import org.spate.core.dht.DhtOutput;
import org.spate.core.dht.Item;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Fetches an item. */
@Command(
    name = "get",
    description = {
      "Fetch an item (BEP 44) and print its value.",
      "A value that is a string is printed as text, any other as bencode. Of a mutable item the"
          + " newest that any node has is printed. The exit code is 1 if there is none."
    })
final class DhtGetCommand implements Callable<Integer> {
  private static final int KEY_DIGITS = 2 * Item.PUBLIC_KEY_BYTES;

  @Mixin private DhtVisit visit;

  @Parameters(
      paramLabel = "TARGET",
      description =
          "Where the item is: the 40 digits that put has printed, or a public key of 64 digits.")
  private String target;

  @Option(
      names = "--salt",
      paramLabel = "TEXT",
      description = "Tells the items of one key apart (default: none).")
  private String salt = "";

  private @Nullable Item found;

  @Override
  public Integer call() throws InterruptedException {
    var salted = salt.getBytes(StandardCharsets.UTF_8);
    var where =
        target.length() == KEY_DIGITS
            ? Item.targetOf(DhtVisit.bytes(target, Item.PUBLIC_KEY_BYTES), salted)
            : DhtVisit.hash(target);
    try (var client = visit.open()) {
      var ended =
          client.ask(
              ticket -> new DhtInput.GetItem(ticket, where, salted),
              answer -> {
                if (answer instanceof DhtOutput.ItemFound(_, Item item)) {
                  found = item;
                }
              });
      var item = found;
      if (item != null) {
        show(item);
      }
      visit.end(ended, item == null ? "nothing found" : "found");
      return item == null ? Spate.FAILED : Spate.DONE;
    }
  }

  private void show(Item item) {
    if (!visit.isJson()) {
      visit.output().out().println(Printable.of(ItemText.shown(item)));
      return;
    }
    var hex = HexFormat.of();
    visit
        .json()
        .write(
            json -> {
              json.writeStringProperty("event", "item");
              json.writeStringProperty("target", item.target().toString());
              json.writeStringProperty("text", ItemText.text(item));
              json.writeStringProperty("bencode_hex", hex.formatHex(item.value()));
              if (item instanceof Item.Mutable mutable) {
                json.writeStringProperty("public_key", hex.formatHex(mutable.publicKey()));
                json.writeNumberProperty("seq", mutable.seq());
                json.writeStringProperty("signature", hex.formatHex(mutable.signature()));
              }
            });
  }
}
