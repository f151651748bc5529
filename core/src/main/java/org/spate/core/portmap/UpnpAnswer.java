package org.spate.core.portmap;

import java.util.Map;

/** What became of a call to a device. */
public sealed interface UpnpAnswer {

  /** It did as it was told; what it says is not checked yet. */
  record Done(Map<String, String> values) implements UpnpAnswer {}

  /** It refused, with a code of UPnP. */
  record Fault(int code) implements UpnpAnswer {}

  /** There was no answer that makes sense. */
  record Failed(String reason) implements UpnpAnswer {}
}
