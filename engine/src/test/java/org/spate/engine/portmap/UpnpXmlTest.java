package org.spate.engine.portmap;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.spate.core.Endpoint;
import org.spate.core.portmap.LocalPort;
import org.spate.core.portmap.UpnpAction;
import org.spate.core.portmap.UpnpAnswer;
import org.spate.core.portmap.UpnpService;
import org.spate.core.portmap.UpnpUrl;

/** Documents of devices are read, and hostile ones are harmless (threat 54). */
class UpnpXmlTest {
  private static final Endpoint ROUTER = Endpoint.v4(0xC0A80101, 5000);
  private static final UpnpUrl LOCATION = new UpnpUrl(ROUTER, "/igd/root.xml");
  private static final String IP_1 = "urn:schemas-upnp-org:service:WANIPConnection:1";

  private static String description(String control) {
    return """
    <?xml version="1.0"?>
    <root xmlns="urn:schemas-upnp-org:device-1-0">
     <specVersion><major>1</major><minor>0</minor></specVersion>
     <device><deviceList><device><deviceList><device><serviceList>
      <service><serviceType>urn:schemas-upnp-org:service:Layer3Forwarding:1</serviceType>
       <controlURL>/l3f</controlURL></service>
      <service><serviceType>%s</serviceType><serviceId>x</serviceId>
       <controlURL> %s </controlURL><eventSubURL>/evt</eventSubURL></service>
     </serviceList></device></deviceList></device></deviceList></device>
    </root>
    """
        .formatted(IP_1, control);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @CsvSource({
    "/ctl/IPConn, /ctl/IPConn",
    "IPConn, /igd/IPConn",
    "http://192.168.1.1:5000/c, /c",
    "http://192.168.1.2:5000/c,",
    "http://router.example/c,",
    "//192.168.1.1/c,",
    "file:///c,",
    "'/c HTTP/1.1',"
  })
  void theControlUrlIsOneOfTheDevice(String control, String path) {
    var found = UpnpXml.services(bytes(description(control)), LOCATION);

    if (path == null) {
      assertThat(found).isEmpty();
    } else {
      assertThat(found).containsExactly(new UpnpService(new UpnpUrl(ROUTER, path), IP_1));
    }
  }

  @Test
  void entitiesAreNeitherReadNorMultiplied() {
    var bomb = new StringBuilder("<?xml version=\"1.0\"?><!DOCTYPE r [<!ENTITY e0 \"ha\">");
    for (int i = 1; i < 30; i++) {
      bomb.append("<!ENTITY e%d \"&e%d;&e%d;\">".formatted(i, i - 1, i - 1));
    }
    var laughs = bomb + "]><root><URLBase>&e29;</URLBase></root>";
    var external =
        "<!DOCTYPE r [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><r><errorCode>&x;</errorCode></r>";
    var remote = "<!DOCTYPE r SYSTEM \"http://192.168.1.1/x.dtd\"><r><a>1</a></r>";

    Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(10),
        () -> {
          for (var text : new String[] {laughs, external, remote}) {
            assertThat(UpnpXml.answer(bytes(text))).isInstanceOf(UpnpAnswer.Failed.class);
            assertThat(UpnpXml.services(bytes(text), LOCATION)).isEmpty();
          }
        });
  }

  @Test
  void depthSizeAndTextAreBounded() {
    var deep = "<a>".repeat(100) + "</a>".repeat(100);
    var wide = "<r>" + "<a/>".repeat(3_000) + "</r>";
    var large = "<r><a>" + "x".repeat(UpnpXml.BYTES_MAX) + "</a></r>";
    for (var text : new String[] {deep, wide, large}) {
      assertThat(UpnpXml.answer(bytes(text))).isInstanceOf(UpnpAnswer.Failed.class);
    }
    var longText = UpnpXml.answer(bytes("<r><a>" + "x".repeat(5_000) + "</a></r>"));
    assertThat(longText).isEqualTo(new UpnpAnswer.Done(Map.of("a", "")));
  }

  @Test
  void answersAndFaultsAreRead() {
    var done =
        "<s:Envelope xmlns:s=\"s\"><s:Body><u:R xmlns:u=\"u\"><NewExternalIPAddress>45.0.0.1"
            + "</NewExternalIPAddress></u:R></s:Body></s:Envelope>";
    var fault =
        "<s:Envelope xmlns:s=\"s\"><s:Body><s:Fault><faultcode>s:Client</faultcode><faultstring>"
            + "UPnPError</faultstring><detail><UPnPError><errorCode>718</errorCode></UPnPError>"
            + "</detail></s:Fault></s:Body></s:Envelope>";

    assertThat(UpnpXml.answer(bytes(done)))
        .isEqualTo(new UpnpAnswer.Done(Map.of("NewExternalIPAddress", "45.0.0.1")));
    assertThat(UpnpXml.answer(bytes(fault))).isEqualTo(new UpnpAnswer.Fault(718));
  }

  @Test
  void aCallIsADocumentOfItsService() {
    var service = new UpnpService(LOCATION, IP_1);
    var port = new LocalPort(LocalPort.Protocol.TCP, 6881);
    var add = new UpnpAction.Add(port, 7000, Endpoint.v4(0xC0A80102, 0), 1_200, false);

    assertThat(UpnpXml.call(service, add))
        .contains("<u:AddPortMapping xmlns:u=\"" + IP_1 + "\"><NewRemoteHost></NewRemoteHost>")
        .contains("<NewExternalPort>7000</NewExternalPort><NewProtocol>TCP</NewProtocol>")
        .contains("<NewInternalClient>192.168.1.2</NewInternalClient>")
        .endsWith("</u:AddPortMapping></s:Body></s:Envelope>\r\n");
  }

  @FuzzTest(maxDuration = "1m")
  void document(byte[] data) {
    for (var service : UpnpXml.services(data, LOCATION)) {
      assertThat(service.control().host().sameAddress(ROUTER)).isTrue();
    }
    if (UpnpXml.answer(data) instanceof UpnpAnswer.Done(var values)) {
      assertThat(values.values()).allMatch(text -> text.length() <= 1_024);
    }
  }
}
