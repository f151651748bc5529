package org.spate.app.lab;

import org.spate.core.swarm.SwarmSettings;

/** Reads the strategy of nodes: keys at the top hold for all, those of a class for it alone. */
final class SettingsReader {
  private SettingsReader() {}

  static SwarmSettings read(Section section, SwarmSettings base) {
    return new SwarmSettings(
        section.value("links-max", Values::positive, base.linksMax()),
        section.value("links-wanted", Values::positive, base.linksWanted()),
        section.value("dials-max", Values::positive, base.dialsMax()),
        section.value("upload-slots", Values::positive, base.uploadSlots()),
        base.uploadLimit(),
        section.value("sequential", Values::flag, base.sequential()),
        section.value(
            "super-seeding",
            text -> Values.choice(text, SwarmSettings.SuperSeeding.class),
            base.superSeeding()),
        base.isPrivate(),
        section.value(
            "choker",
            text -> Values.choice(text, SwarmSettings.LeecherPolicy.class),
            base.leecherPolicy()),
        section.value(
            "seed-choker",
            text -> Values.choice(text, SwarmSettings.SeedPolicy.class),
            base.seedPolicy()),
        section.value("random-first-pieces", Values::count, base.randomFirstPieces()),
        section.value("request-slack", Values::nanos, base.requestSlackNanos()),
        section.value("whole-pieces", Values::flag, base.wholePieces()),
        base.listenPort(),
        base.peerExchange(),
        base.holepunch(),
        base.uploadPerAddress(),
        section.value("plain", Values::flag, base.plain()));
  }
}
