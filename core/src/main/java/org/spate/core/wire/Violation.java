package org.spate.core.wire;

/** Why bytes from a peer cannot be messages of an honest one. The link they came on is closed. */
public enum Violation {
  /** The first bytes are not those of a BitTorrent handshake (BEP 3). */
  NOT_BITTORRENT,
  /** A length prefix beyond every message we accept. */
  MESSAGE_TOO_LONG,
  /** A message of fixed size, or one that has a least size, with another length. */
  WRONG_LENGTH,
  /** A block longer than any that we request. */
  BLOCK_TOO_LONG,
  /** A bitfield for more pieces than the torrent has, or can have while its metainfo is unknown. */
  BITFIELD_TOO_LONG,
  /** An extension message beyond its bound. */
  EXTENDED_TOO_LONG,
  /** An extension handshake that is not a bencoded dictionary (BEP 10). */
  BAD_EXTENSION_HANDSHAKE,
  /** A metadata message without a dictionary, a type or a piece (BEP 9). */
  BAD_EXTENSION_MESSAGE,
  /** A hash message whose numbers no Merkle tree can have (BEP 52). */
  BAD_HASH_RANGE,
  /** More hashes than we ever request. */
  TOO_MANY_HASHES
}
