package org.spate.core.wire;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The extensions (BEP 10) that we speak, and the ids by which peers address them to us. A peer's
 * own ids are in its {@link ExtensionTable}.
 *
 * <pre>
 *  id  name         source
 *   0  (handshake)  BEP 10
 *   1  ut_pex       BEP 11
 *   2  ut_metadata  BEP 9
 *   3  upload_only  BEP 21
 *   4  ut_holepunch BEP 55
 *   7  lt_donthave  BEP 54
 * </pre>
 *
 * Any ids would do. These are the ones of libtorrent, so that a peer that wrongly takes ids for
 * constants is understood all the same.
 */
public enum Extension {
  UT_PEX("ut_pex", 1),
  UT_METADATA("ut_metadata", 2),
  UPLOAD_ONLY("upload_only", 3),
  UT_HOLEPUNCH("ut_holepunch", 4),
  LT_DONTHAVE("lt_donthave", 7);

  /** The id of the extension handshake. */
  static final int HANDSHAKE_ID = 0;

  static final List<Extension> ALL = List.of(values());

  private final String key;
  private final int id;

  Extension(String key, int id) {
    this.key = key;
    this.id = id;
  }

  /** The name in the {@code m} dictionary. */
  public String key() {
    return key;
  }

  /** The id under which peers send it to us. */
  public int id() {
    return id;
  }

  /** The extension that has this id of ours, or null. */
  static @Nullable Extension byId(int id) {
    for (int i = 0; i < ALL.size(); i++) {
      if (ALL.get(i).id == id) {
        return ALL.get(i);
      }
    }
    return null;
  }

  /** Our {@code m} dictionary, with the extensions that this link offers. */
  public static Map<String, Integer> ids(List<Extension> offered) {
    var ids = new LinkedHashMap<String, Integer>();
    for (var extension : offered) {
      ids.put(extension.key, extension.id);
    }
    return Collections.unmodifiableMap(ids);
  }
}
