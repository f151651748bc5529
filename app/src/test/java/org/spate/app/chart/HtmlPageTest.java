package org.spate.app.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Text of strangers stays text, wherever it appears. */
class HtmlPageTest {
  private static final String HOSTILE = "</title><script>alert('x')</script>\"&\u001b";

  @Test
  void names_cannot_become_markup() {
    var bars = new Bars(HOSTILE, HOSTILE, 1, List.of(new Bars.Bar(HOSTILE, 2)));
    var series = new Series(HOSTILE, Series.Style.STEPS, List.of(new Series.Point(1, 1)));
    var figure =
        new Figure(HOSTILE, Axis.linear(HOSTILE), Axis.logarithmic(HOSTILE), List.of(series));
    var html =
        new HtmlPage(HOSTILE)
            .heading(HOSTILE)
            .paragraph(HOSTILE)
            .table(List.of(List.of(HOSTILE), List.of(HOSTILE)))
            .drawings(List.of(bars, figure))
            .html();
    assertThat(html).doesNotContain("<script", "alert('x')", "\u001b").contains("&lt;script&gt;");
  }

  @Test
  void a_page_needs_nothing_beside_it() {
    assertThat(new HtmlPage("x").html()).doesNotContain("http", "src=", "href=", "@import");
  }
}
