package org.spate.core.portmap;

import java.util.LinkedHashMap;
import java.util.Map;
import org.spate.core.Endpoint;

/** What a device is asked to do, by the names of UPnP-IGD. */
public sealed interface UpnpAction {

  /** The name of the action. */
  String name();

  /** Its arguments, in the order in which devices want them; values need no escaping in XML. */
  Map<String, String> arguments();

  record GetExternalAddress() implements UpnpAction {
    @Override
    public String name() {
      return "GetExternalIPAddress";
    }

    @Override
    public Map<String, String> arguments() {
      return Map.of();
    }
  }

  /**
   * Maps a port, or maps it anew.
   *
   * @param mayChoose whether the device may choose another external port (IGD 2)
   * @param client our address in the device's network
   * @param leaseSeconds 0 for until it is deleted
   */
  record Add(LocalPort port, int externalPort, Endpoint client, int leaseSeconds, boolean mayChoose)
      implements UpnpAction {
    @Override
    public String name() {
      return mayChoose ? "AddAnyPortMapping" : "AddPortMapping";
    }

    @Override
    public Map<String, String> arguments() {
      var arguments = new LinkedHashMap<String, String>();
      arguments.put("NewRemoteHost", "");
      arguments.put("NewExternalPort", "" + externalPort);
      arguments.put("NewProtocol", port.protocol().name());
      arguments.put("NewInternalPort", "" + port.number());
      arguments.put("NewInternalClient", client.host());
      arguments.put("NewEnabled", "1");
      arguments.put("NewPortMappingDescription", "Spate");
      arguments.put("NewLeaseDuration", "" + leaseSeconds);
      return arguments;
    }
  }

  record Delete(LocalPort.Protocol protocol, int externalPort) implements UpnpAction {
    @Override
    public String name() {
      return "DeletePortMapping";
    }

    @Override
    public Map<String, String> arguments() {
      var arguments = new LinkedHashMap<String, String>();
      arguments.put("NewRemoteHost", "");
      arguments.put("NewExternalPort", "" + externalPort);
      arguments.put("NewProtocol", protocol.name());
      return arguments;
    }
  }
}
