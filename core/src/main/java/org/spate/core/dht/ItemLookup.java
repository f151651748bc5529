package org.spate.core.dht;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.spate.core.Hash160;

/**
 * Finds an item (BEP 44) at one node, and may put another in its place. What is found is believed
 * if it proves itself: by its hash, or by a signature and the hash of key and salt. An immutable
 * item ends the search; of a mutable one the greatest number counts, so all are asked.
 */
final class ItemLookup implements Lookup.Purpose {
  private final Hash160 target;
  private final byte[] salt;
  private final @Nullable Put put;
  private final Lookup.Port port;
  private final Findings findings;
  private final Consumer<Item> onItem;
  private final LongConsumer whenDone;
  private boolean isSatisfied;

  /** What is to be stored, and what may be there so far. */
  record Put(Item item, @Nullable Long cas) {}

  ItemLookup(
      Hash160 target,
      byte[] salt,
      @Nullable Put put,
      Lookup.Port port,
      Findings findings,
      Consumer<Item> onItem,
      LongConsumer whenDone) {
    this.target = target;
    this.salt = salt;
    this.put = put;
    this.port = port;
    this.findings = findings;
    this.onItem = onItem;
    this.whenDone = whenDone;
  }

  @Override
  public Query query() {
    return new Query.GetItem(target, Want.UNSAID, null);
  }

  @Override
  public void onReply(NodeInfo from, Reply reply, long nowNanos) {
    var item = reply.value() == null ? null : genuine(reply.value(), target, salt);
    if (item != null && put == null) {
      isSatisfied |= item instanceof Item.Immutable;
      onItem.accept(item);
    }
  }

  /** The item if it is what the target stands for, else null. */
  static @Nullable Item genuine(Reply.Value value, Hash160 target, byte[] salt) {
    var bencoded = value.bencoded();
    if (bencoded == null) {
      return null;
    }
    var immutable = new Item.Immutable(bencoded);
    if (immutable.target().equals(target)) {
      return immutable;
    }
    var key = value.publicKey();
    var signature = value.signature();
    var seq = value.seq();
    if (key == null
        || signature == null
        || seq == null
        || key.length != Item.PUBLIC_KEY_BYTES
        || !Item.targetOf(key, salt).equals(target)) {
      return null;
    }
    var mutable = new Item.Mutable(key, salt, seq, signature, bencoded);
    return mutable.isGenuine() ? mutable : null;
  }

  @Override
  public boolean isSatisfied() {
    return isSatisfied;
  }

  @Override
  public void onEnd(int asked, List<Lookup.Answer> answered, long nowNanos) {
    findings.asked += asked;
    findings.answered += answered.size();
    Storing.begin(port, answered, this::put, findings, whenDone, nowNanos);
  }

  /** BEP 44: {@code cas} goes only to who has a value that it could be compared to. */
  private @Nullable Query put(Lookup.Answer answer) {
    var token = answer.token();
    if (put == null || token == null) {
      return null;
    }
    var present = answer.reply().value();
    return new Query.PutItem(put.item(), token, present == null ? null : put.cas());
  }
}
