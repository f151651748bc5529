package org.spate.core.dht;

/** What a lookup came to, added up over families. */
final class Findings {
  final BloomFilter seeds = new BloomFilter();
  final BloomFilter peers = new BloomFilter();
  int asked;
  int answered;
  int stored;
  int refusal;

  void count(Reply.Scrape scrape) {
    seeds.unite(scrape.seeds());
    peers.unite(scrape.peers());
  }
}
