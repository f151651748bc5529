package org.spate.engine.portmap;

import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.spate.core.portmap.UpnpAction;
import org.spate.core.portmap.UpnpAnswer;
import org.spate.core.portmap.UpnpService;
import org.spate.core.portmap.UpnpUrl;

/**
 * The XML of UPnP, read with distrust (threat 54): no document type and so no entities of its own,
 * nothing that is outside, and bounds for everything.
 */
final class UpnpXml {
  static final int BYTES_MAX = 64 << 10;

  private static final int ELEMENTS_MAX = 2_000;
  private static final int DEPTH_MAX = 32;
  private static final int TEXT_LENGTH_MAX = 1_024;
  private static final int SERVICES_MAX = 8;

  private static final XMLInputFactory READERS = readers();

  private UpnpXml() {}

  /** The JDK's own, whatever else may be on the class path. */
  private static XMLInputFactory readers() {
    var factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setProperty(XMLInputFactory.IS_COALESCING, true);
    return factory;
  }

  private interface Leaf {
    /** An element without others in it has ended. */
    void found(String name, String text);
  }

  /** Tells the elements that hold text, in order. */
  private static void read(byte[] document, Leaf onLeaf, Runnable onService)
      throws XMLStreamException {
    if (document.length > BYTES_MAX) {
      throw new XMLStreamException("too long");
    }
    var reader = READERS.createXMLStreamReader(new ByteArrayInputStream(document));
    try {
      readAll(reader, onLeaf, onService);
    } finally {
      reader.close();
    }
  }

  /** The parser reports some errors as exceptions that it does not declare. */
  private static int next(XMLStreamReader reader) throws XMLStreamException {
    try {
      return reader.next();
    } catch (RuntimeException e) {
      throw new XMLStreamException("not XML", e);
    }
  }

  private static void readAll(XMLStreamReader reader, Leaf onLeaf, Runnable onService)
      throws XMLStreamException {
    var text = new StringBuilder();
    int elements = 0;
    int depth = 0;
    boolean isLeaf = false;
    while (reader.hasNext()) {
      switch (next(reader)) {
        case XMLStreamConstants.START_ELEMENT -> {
          check(++elements <= ELEMENTS_MAX && ++depth <= DEPTH_MAX, "too large");
          text.setLength(0);
          isLeaf = true;
        }
        case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA -> {
          if (text.length() + reader.getTextLength() <= TEXT_LENGTH_MAX) {
            text.append(reader.getText());
          }
        }
        case XMLStreamConstants.END_ELEMENT -> {
          depth--;
          if (isLeaf) {
            onLeaf.found(reader.getLocalName(), text.toString().strip());
          } else if (reader.getLocalName().equals("service")) {
            onService.run();
          }
          isLeaf = false;
        }
        case XMLStreamConstants.DTD, XMLStreamConstants.ENTITY_REFERENCE ->
            throw new XMLStreamException("a document type");
        default -> {} // comments, instructions
      }
    }
  }

  private static void check(boolean holds, String problem) throws XMLStreamException {
    if (!holds) {
      throw new XMLStreamException(problem);
    }
  }

  /** The services of a device that map ports; none where the description makes no sense. */
  static List<UpnpService> services(byte[] description, UpnpUrl location) {
    var found = new ArrayList<UpnpService>();
    var fields = new LinkedHashMap<String, String>();
    var base = new LinkedHashMap<String, UpnpUrl>();
    base.put("", location);
    try {
      read(
          description,
          (name, text) -> {
            switch (name) {
              case "URLBase" -> {
                var told = location.resolve(text);
                base.put("", told == null ? location : told);
              }
              case "serviceType", "controlURL" -> fields.put(name, text);
              default -> {}
            }
          },
          () -> {
            var type = fields.getOrDefault("serviceType", "");
            var url = base.getOrDefault("", location);
            var control = url.resolve(fields.getOrDefault("controlURL", ""));
            if (UpnpService.isKnown(type) && control != null && found.size() < SERVICES_MAX) {
              found.add(new UpnpService(control, type));
            }
            fields.clear();
          });
      return found;
    } catch (XMLStreamException e) {
      return List.of();
    }
  }

  /** A call as a document of SOAP 1.1. */
  static String call(UpnpService service, UpnpAction action) {
    var text = new StringBuilder("<?xml version=\"1.0\"?>\r\n<s:Envelope");
    text.append(" xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"")
        .append(" s:encodingStyle=\"http://schemas.xmlsoap.org/soap/encoding/\"><s:Body><u:")
        .append(action.name())
        .append(" xmlns:u=\"")
        .append(service.type())
        .append("\">");
    action
        .arguments()
        .forEach((name, value) -> text.append("<" + name + ">" + value + "</" + name + ">"));
    return text.append("</u:" + action.name() + "></s:Body></s:Envelope>\r\n").toString();
  }

  /** What a device has answered, whatever its status says. */
  static UpnpAnswer answer(byte[] document) {
    Map<String, String> values = new LinkedHashMap<>();
    try {
      read(document, values::put, () -> {});
    } catch (XMLStreamException e) {
      return new UpnpAnswer.Failed("answers nonsense");
    }
    var code = values.get("errorCode");
    if (code != null) {
      return code.matches("[0-9]{1,5}")
          ? new UpnpAnswer.Fault(Integer.parseInt(code))
          : new UpnpAnswer.Failed("refuses without a reason");
    }
    return values.containsKey("faultstring")
        ? new UpnpAnswer.Failed("refuses without a reason")
        : new UpnpAnswer.Done(values);
  }
}
