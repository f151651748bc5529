package org.spate.app.lab;

import java.io.PrintWriter;
import java.util.List;
import org.spate.app.console.Printable;

/** Rows in columns as wide as they need: names to the left, figures to the right. */
record Table(List<List<String>> rows) {
  private static final String GAP = "  ";

  void write(PrintWriter out) {
    boolean isList = rows.getFirst().stream().allMatch(String::isEmpty); // two columns of words
    for (var row : isList ? rows.subList(1, rows.size()) : rows) {
      var line = new StringBuilder();
      for (int i = 0; i < row.size(); i++) {
        String cell = Printable.of(row.get(i));
        String fill = " ".repeat(width(i) - cell.length());
        line.append(i == 0 ? "" : GAP).append(i == 0 || isList ? cell + fill : fill + cell);
      }
      out.println(line.toString().stripTrailing());
    }
  }

  private int width(int column) {
    return rows.stream().mapToInt(row -> Printable.of(row.get(column)).length()).max().orElse(0);
  }
}
