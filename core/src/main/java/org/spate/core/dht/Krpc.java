package org.spate.core.dht;

import org.jspecify.annotations.Nullable;
import org.spate.core.Endpoint;
import org.spate.core.Hash160;

/** A KRPC message (BEP 5). Transaction ids are bytes that mean something to who asked, only. */
sealed interface Krpc {
  int GENERIC_ERROR = 201;
  int PROTOCOL_ERROR = 203;
  int METHOD_UNKNOWN = 204;
  int VALUE_TOO_BIG = 205;
  int BAD_SIGNATURE = 206;
  int SALT_TOO_BIG = 207;
  int CAS_MISMATCH = 301;
  int SEQ_TOO_LOW = 302;

  byte[] transactionId();

  /**
   * A query.
   *
   * @param readOnly whether its sender answers none (BEP 43)
   */
  record Asked(byte[] transactionId, Hash160 id, boolean readOnly, Query query) implements Krpc {}

  /**
   * A response.
   *
   * @param ip the asker's address as the answerer sees it (BEP 42)
   */
  record Answered(byte[] transactionId, Hash160 id, Reply reply, @Nullable Endpoint ip)
      implements Krpc {}

  /** An error that somebody answered with. */
  record Refused(byte[] transactionId, int code, String text, @Nullable Endpoint ip)
      implements Krpc {}

  /** A query that makes no sense, and what to answer. */
  record Malformed(byte[] transactionId, int code, String text) implements Krpc {}
}
