package org.spate.core.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.spate.core.Endpoint;
import org.spate.core.IpLiteral;
import org.spate.core.wire.PexMessage.Contact;

/** The bodies of {@code ut_metadata} (BEP 9) and {@code ut_pex} (BEP 11) messages. */
class ExtensionMessagesTest {
  private static byte[] bytes(String latin) {
    return latin.getBytes(StandardCharsets.ISO_8859_1);
  }

  @Test
  void theExamplesOfBep9AreRead() {
    assertThat(MetadataMessage.parse(bytes("d8:msg_typei0e5:piecei0ee")))
        .isEqualTo(new MetadataMessage.Request(0));
    assertThat(MetadataMessage.parse(bytes("d8:msg_typei2e5:piecei0ee")))
        .isEqualTo(new MetadataMessage.Reject(0));
    var data =
        (MetadataMessage.Data)
            MetadataMessage.parse(bytes("d8:msg_typei1e5:piecei0e10:total_sizei34256eexxxxxxxx"));
    assertThat(data.piece()).isZero();
    assertThat(data.totalSize()).isEqualTo(34256);
    assertThat(data.bytes()).isEqualTo(bytes("xxxxxxxx"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"bep9-request", "bep9-reject"})
  void thePublishedMessagesAreReadAndWritten(String id) {
    var vector = Wire.vector(id);
    int piece = vector.get("decoded").get("piece").asInt();
    var expected =
        id.endsWith("request")
            ? new MetadataMessage.Request(piece)
            : new MetadataMessage.Reject(piece);
    var encoded = bytes(vector.get("bencoded").asString());
    assertThat(MetadataMessage.parse(encoded)).isEqualTo(expected);
    assertThat(expected.encode()).isEqualTo(encoded);
  }

  @ParameterizedTest
  @ValueSource(strings = {"bep55-0", "bep55-2"})
  void theDerivedMessagesOfBep55AreReadAndWritten(String id) {
    var vector = Wire.vector(id);
    var address = Objects.requireNonNull(IpLiteral.parse(vector.get("addr").asString()));
    var remote = Endpoint.of(address, vector.get("port").asInt());
    var encoded = HexFormat.of().parseHex(vector.get("hex").asString());
    var message = Objects.requireNonNull(HolepunchMessage.parse(encoded));
    assertThat(
            switch (message) {
              case HolepunchMessage.Rendezvous(var wanted) -> wanted;
              case HolepunchMessage.Connect(var other) -> other;
              case HolepunchMessage.Failed(var missing, _) -> missing;
            })
        .isEqualTo(remote);
    assertThat(message.encode()).isEqualTo(encoded);
  }

  @Test
  void theFlagsOfBep11AreThePublishedOnes() {
    var vector = Wire.vector("bep11");
    var flags = new ArrayList<String>();
    vector.get("flags").propertyNames().forEach(flags::add);
    assertThat(flags)
        .containsExactly(
            "0x%02x".formatted(Contact.ENCRYPTION),
            "0x%02x".formatted(Contact.SEED),
            "0x%02x".formatted(Contact.UTP),
            "0x%02x".formatted(Contact.HOLEPUNCH),
            "0x%02x".formatted(Contact.REACHABLE));
    assertThat(vector.get("max_added").asInt()).isEqualTo(PexMessage.CONTACTS_MAX);
  }

  @Test
  void typesThatBep9DoesNotKnowAreToBeIgnored() {
    assertThat(MetadataMessage.parse(bytes("d8:msg_typei4294967296e5:piecei0ee")))
        .isEqualTo(new MetadataMessage.Unknown(4294967296L));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "i1e",
        "d8:msg_typei0ee",
        "d5:piecei0ee",
        "d8:msg_typei0e5:piecei-1ee",
        "d8:msg_typei0e5:piecei4294967296ee",
        "d8:msg_type1:05:piecei0ee"
      })
  void whatIsNoMetadataMessageIsAViolation(String body) {
    assertThatThrownBy(() -> MetadataMessage.parse(bytes(body))).isInstanceOf(WireException.class);
  }

  @Test
  void aMetadataMessageSurvivesTheTrip() {
    for (var message :
        List.of(new MetadataMessage.Request(7), new MetadataMessage.Reject(1 << 20))) {
      assertThat(MetadataMessage.parse(message.encode())).isEqualTo(message);
    }
    var data = new MetadataMessage.Data(3, 50_000, bytes("e\0d"));
    assertThat(MetadataMessage.parse(data.encode())).usingRecursiveComparison().isEqualTo(data);
  }

  @Test
  void anExchangeOfBothFamiliesSurvivesTheTrip() {
    var v4 = new Contact(Endpoint.v4(0xC0000201, 6881), Contact.SEED | Contact.REACHABLE);
    var v6 = new Contact(new Endpoint(0x20010DB8L << 32, 1, 80), Contact.UTP);
    var message = new PexMessage(List.of(v4, v6), List.of(Endpoint.v4(0xC0000202, 1)));

    assertThat(PexMessage.parse(message.encode())).isEqualTo(message);
  }

  @Test
  void ofAnExchangeNoMoreThanFiftyAddressesAreTaken() {
    var many = new ArrayList<Contact>();
    for (int i = 0; i < 300; i++) {
      many.add(new Contact(Endpoint.v4(0x0A000000 + i, 1 + i), 0));
      many.add(new Contact(new Endpoint(0x20010DB8L << 32, i, 80), 0));
    }
    var parsed = PexMessage.parse(new PexMessage(many, List.of()).encode());

    assertThat(parsed.added()).hasSize(PexMessage.CONTACTS_MAX);
  }

  @Test
  void flagsThatAreMissingCountAsNone() {
    var parsed = PexMessage.parse(bytes("d5:added12:\1\2\3\4\0\5\6\7\10\11\0\12e"));

    assertThat(parsed.added())
        .containsExactly(
            new Contact(Endpoint.v4(0x01020304, 5), 0),
            new Contact(Endpoint.v4(0x06070809, 10), 0));
  }

  @Test
  void theHolepunchMessagesOfBep55AreReadAndWritten() {
    var peer = Endpoint.v4(0xC0000201, 6881);
    var there = new Endpoint(0x20010DB8L << 32, 1, 80);
    var bytes = HexFormat.of().parseHex("0000c00002011ae100000000");

    assertThat(HolepunchMessage.parse(bytes)).isEqualTo(new HolepunchMessage.Rendezvous(peer));
    assertThat(new HolepunchMessage.Rendezvous(peer).encode()).isEqualTo(bytes);
    assertThat(HolepunchMessage.parse(HexFormat.of().parseHex("0200c00002011ae100000002")))
        .isEqualTo(new HolepunchMessage.Failed(peer, HolepunchMessage.Cause.NOT_CONNECTED));
    assertThat(HolepunchMessage.parse(HexFormat.of().parseHex("0100c00002011ae1")))
        .as("without a cause, as libtorrent sends it")
        .isEqualTo(new HolepunchMessage.Connect(peer));
    var v6 = new HolepunchMessage.Connect(there);
    assertThat(HolepunchMessage.parse(v6.encode())).isEqualTo(v6);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "00",
        "0000",
        "0000c00002011a",
        "0001c00002011ae100000000",
        "0002c00002011ae100000000",
        "00ffc00002011ae100000000",
        "0300c00002011ae100000000"
      })
  void whatIsNoHolepunchMessageIsIgnored(String hex) {
    assertThat(HolepunchMessage.parse(HexFormat.of().parseHex(hex))).isNull();
  }

  @FuzzTest
  void anyHolepunchMessage(byte[] data) {
    var message = HolepunchMessage.parse(data);
    if (message != null) {
      assertThat(HolepunchMessage.parse(message.encode())).isEqualTo(message);
    }
  }

  @FuzzTest
  void anyMetadataMessage(byte[] data) {
    try {
      if (MetadataMessage.parse(data) instanceof MetadataMessage.Data message) {
        assertThat(message.bytes().length).isLessThan(data.length);
        assertThat(MetadataMessage.parse(message.encode()))
            .usingRecursiveComparison()
            .isEqualTo(message);
      }
    } catch (WireException e) {
      assertThat(e.violation()).isEqualTo(Violation.BAD_EXTENSION_MESSAGE);
    }
  }

  @FuzzTest
  void anyExchange(byte[] data) {
    try {
      var message = PexMessage.parse(data);
      assertThat(message.added()).hasSizeLessThanOrEqualTo(PexMessage.CONTACTS_MAX);
      assertThat(PexMessage.parse(message.encode()).added())
          .containsExactlyInAnyOrderElementsOf(message.added());
    } catch (WireException e) {
      assertThat(e.violation()).isEqualTo(Violation.BAD_EXTENSION_MESSAGE);
    }
  }
}
