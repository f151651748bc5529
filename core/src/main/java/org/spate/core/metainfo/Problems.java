package org.spate.core.metainfo;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.spate.core.PlainText;

/** What is odd about an input and was put up with: a bounded list of sentences for people. */
final class Problems {
  static final int COUNT_MAX = 100;
  private static final int QUOTE_LENGTH_MAX = 100;

  private final List<String> problems = new ArrayList<>();
  private int unlisted;

  void add(String problem) {
    add(() -> problem);
  }

  /** For what an attacker can repeat: the sentence is made only if there is room for it. */
  void add(Supplier<String> problem) {
    if (problems.size() < COUNT_MAX) {
      problems.add(problem.get());
    } else {
      unlisted++;
    }
  }

  /** A stranger's text in a problem, shortened and fit to be shown. */
  static String quote(String text) {
    return "\"" + PlainText.clean(text, QUOTE_LENGTH_MAX) + "\"";
  }

  List<String> list() {
    if (unlisted == 0) {
      return List.copyOf(problems);
    }
    var all = new ArrayList<>(problems);
    all.add("and " + unlisted + " more");
    return List.copyOf(all);
  }
}
