package org.spate.core.recording;

import org.spate.core.swarm.SwarmSettings;

/** Settings of a swarm in a recording. */
final class SettingsForm {
  private SettingsForm() {}

  static void write(SwarmSettings settings, FormWriter out) {
    out.writeNumber(settings.linksMax());
    out.writeNumber(settings.linksWanted());
    out.writeNumber(settings.dialsMax());
    out.writeNumber(settings.uploadSlots());
    out.writeNumber(settings.uploadLimit());
    out.writeBoolean(settings.sequential());
    out.writeByte(settings.superSeeding().ordinal());
    out.writeBoolean(settings.isPrivate());
    out.writeByte(settings.leecherPolicy().ordinal());
    out.writeByte(settings.seedPolicy().ordinal());
    out.writeNumber(settings.randomFirstPieces());
    out.writeNumber(settings.requestSlackNanos());
    out.writeBoolean(settings.wholePieces());
    out.writeNumber(settings.listenPort());
    out.writeBoolean(settings.peerExchange());
    out.writeBoolean(settings.holepunch());
    out.writeNumber(settings.uploadPerAddress());
    out.writeBoolean(settings.plain());
  }

  static SwarmSettings read(FormReader in) {
    return new SwarmSettings(
        in.readSmall(),
        in.readSmall(),
        in.readSmall(),
        in.readSmall(),
        in.readNumber(),
        in.readBoolean(),
        in.readEnum(SwarmSettings.SuperSeeding.values()),
        in.readBoolean(),
        in.readEnum(SwarmSettings.LeecherPolicy.values()),
        in.readEnum(SwarmSettings.SeedPolicy.values()),
        in.readSmall(),
        in.readNumber(),
        in.readBoolean(),
        in.readSmall(),
        in.readBoolean(),
        in.readBoolean(),
        in.readNumber(),
        in.readBoolean());
  }
}
