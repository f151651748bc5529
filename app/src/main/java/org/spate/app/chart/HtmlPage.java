package org.spate.app.chart;

import java.util.List;

/** One HTML file that needs nothing beside it; all text is escaped on its way in. */
public final class HtmlPage {
  private static final String STYLE =
      """
      :root { color-scheme: light dark; --ground: #f5f7fa; --panel: #fff; --paper: #fff; --head: #fafbfc;
        --text: #1f2933; --faint: #52606d; --edge: #e4e7eb; }
      @media (prefers-color-scheme: dark) {
        :root { --ground: #14171b; --panel: #1d2126; --paper: #1f1f1f; --head: #22272d; --text: #e6e9ed;
          --faint: #98a2ae; --edge: #2f353c; }
        /* Drawings are made for paper: turned over they keep their hues. */
        figure svg { filter: invert(.88) hue-rotate(180deg); }
      }
      body { margin: 0 auto; max-width: 1360px; padding: 32px 24px 64px; color: var(--text);
        background: var(--ground); font: 15px/1.5 system-ui, -apple-system, "DejaVu Sans", sans-serif; }
      h1 { font-size: 26px; margin: 0 0 4px; }
      h2 { font-size: 18px; margin: 36px 0 12px; }
      p { margin: 4px 0; color: var(--faint); max-width: 60em; }
      .wide { overflow-x: auto; }
      table { border-collapse: collapse; background: var(--panel); border: 1px solid var(--edge); }
      th, td { padding: 6px 10px; text-align: right; border-bottom: 1px solid var(--edge);
        font-variant-numeric: tabular-nums; }
      th, td:first-child { white-space: nowrap; }
      th { font-weight: 600; background: var(--head); }
      th:first-child, td:first-child { text-align: left; }
      .figures { display: grid; gap: 20px; align-items: start; margin-top: 10px;
        grid-template-columns: repeat(auto-fill, minmax(min(100%, 600px), 1fr)); }
      figure { margin: 0; padding: 10px; background: var(--paper); border: 1px solid var(--edge); }
      svg { display: block; width: 100%; height: auto; }
      """;

  private final StringBuilder html = new StringBuilder(1 << 16);

  public HtmlPage(String title) {
    html.append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    html.append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    html.append("<title>").append(escape(title)).append("</title>\n");
    html.append("<style>\n").append(STYLE).append("</style>\n</head>\n<body>\n");
    html.append("<h1>").append(escape(title)).append("</h1>\n");
  }

  public HtmlPage heading(String text) {
    html.append("<h2>").append(escape(text)).append("</h2>\n");
    return this;
  }

  public HtmlPage paragraph(String text) {
    html.append("<p>").append(escape(text)).append("</p>\n");
    return this;
  }

  /** The first row is the head; one without any text is left out. */
  public HtmlPage table(List<List<String>> rows) {
    html.append("<div class=\"wide\"><table>\n");
    for (int i = 0; i < rows.size(); i++) {
      if (rows.get(i).stream().allMatch(String::isEmpty)) {
        continue;
      }
      String cell = i == 0 ? "th" : "td";
      html.append("<tr>");
      for (String text : rows.get(i)) {
        html.append('<').append(cell).append('>').append(cellText(text));
        html.append("</").append(cell).append('>');
      }
      html.append("</tr>\n");
    }
    html.append("</table></div>\n");
    return this;
  }

  /** Where a table is too wide, a line breaks before a spread and nowhere else. */
  private static String cellText(String text) {
    int spread = text.indexOf(" (");
    return spread < 0
        ? escape(text).replace(" ", "&nbsp;")
        : cellText(text.substring(0, spread)) + ' ' + cellText(text.substring(spread + 1));
  }

  public HtmlPage drawings(List<Drawing> drawings) {
    html.append("<div class=\"figures\">\n");
    for (var drawing : drawings) {
      html.append("<figure>\n").append(drawing.toSvg()).append("</figure>\n");
    }
    html.append("</div>\n");
    return this;
  }

  public String html() {
    return html + "</body>\n</html>\n";
  }

  /** Text for the inside of elements and quoted attributes, in HTML and XML. */
  public static String escape(String text) {
    var escaped = new StringBuilder(text.length());
    text.codePoints().forEach(c -> append(escaped, c));
    return escaped.toString();
  }

  private static void append(StringBuilder escaped, int codePoint) {
    switch (codePoint) {
      case '&' -> escaped.append("&amp;");
      case '<' -> escaped.append("&lt;");
      case '>' -> escaped.append("&gt;");
      case '"' -> escaped.append("&quot;");
      case '\'' -> escaped.append("&#39;");
      // XML has no way to write most control characters.
      default -> escaped.appendCodePoint(Character.isISOControl(codePoint) ? ' ' : codePoint);
    }
  }
}
