package org.spate.core.swarm;

import java.util.ArrayList;
import java.util.List;
import org.spate.core.metainfo.PieceGeometry;

/** A small torrent and its picker, with blocks written as {@code piece.block}. */
final class PickerBoard {
  static final int BLOCK = PieceGeometry.BLOCK_LENGTH;

  final PieceGeometry geometry;
  final PieceSet have;
  final PiecePicker picker;

  PickerBoard(PieceGeometry geometry, PickerTuning tuning, long seed) {
    this.geometry = geometry;
    this.have = new PieceSet(geometry.pieceCount());
    this.picker = new PiecePicker(geometry, have, tuning, AvailabilityOrderTest.random(seed));
  }

  /** Pieces of two blocks, each at as many neighbours as its digit says. */
  static PickerBoard of(String availability) {
    return of(availability, 2, PickerTuning.DEFAULT);
  }

  static PickerBoard of(String availability, int blocks, PickerTuning tuning) {
    int pieces = availability.length();
    var geometry = PieceGeometry.plain((long) pieces * blocks * BLOCK, blocks * BLOCK);
    var board = new PickerBoard(geometry, tuning, 1);
    for (int piece = 0; piece < pieces; piece++) {
      for (int i = 0; i < availability.charAt(piece) - '0'; i++) {
        board.picker.onHave(piece);
      }
    }
    return board;
  }

  /** A set as a picture: {@code x} where a piece is in it. */
  static PieceSet set(String picture) {
    var set = new PieceSet(picture.length());
    for (int i = 0; i < picture.length(); i++) {
      if (picture.charAt(i) == 'x') {
        set.add(i);
      }
    }
    return set;
  }

  /** What a peer that has everything is asked for. */
  String ask(int link, Pick mode, int max) {
    return ask(link, PieceSet.all(geometry.pieceCount()), mode, max);
  }

  String ask(int link, PieceSet has, Pick mode, int max) {
    List<String> blocks = new ArrayList<>();
    picker.pick(link, has, mode, max, (piece, begin, _) -> blocks.add(piece + "." + begin / BLOCK));
    return String.join(" ", blocks);
  }

  /** A peer that has everything delivers a piece, in time and good. */
  void complete(int piece, int link) {
    for (int block = 0; block < geometry.fetchBlockCount(piece); block++) {
      picker.onBlock(link, piece, block);
    }
    verify(piece);
  }

  void verify(int piece) {
    have.add(piece);
    picker.onVerified(piece);
  }

  List<Integer> requesters(int piece, int block) {
    List<Integer> links = new ArrayList<>();
    picker.othersRequesting(piece, block, -1, links::add);
    links.sort(null);
    return links;
  }
}
